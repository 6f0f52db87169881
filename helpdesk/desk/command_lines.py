"""Which lines of a mail look like a command, and what keeps one from being obeyed.

Mail programs and habits put something around a command: a colon behind it, bold type, the wide ``#`` of an Asian
keyboard, a space. What can mean nothing else is read as the command; what only looks like one is known as such, so that
it is refused instead of sent to the customer.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MISPLACED = "misplaced_command"
MALFORMED = "malformed_command"
DISGUISED = "disguised_command"
SIGNATURE = re.compile(r"--\s?")

_HASH = "#\uff03\ufe5f"  # the plain one, the wide one and the small one: the same key on other keyboards
_COMMAND = re.compile(
    rf"(?P<bold>[*_]{{0,2}})(?P<hash>[{_HASH}]{{1,2}}[ \t]?)(?P<verb>[^\W\d_]\w*?)[*_]{{0,2}}"
    r"(?:[:,]+[*_]{0,2}[ \t]*(?P<after>.*)|[.!]*[*_]{0,2}(?:[ \t]+(?P<words>.*))?)"
)
# Up to three signs before it: a bullet, a quotation mark, a bracket; and a sharp sign that looks like a hash.
_LIKE = re.compile(rf"[^\w\s{_HASH}]{{0,3}}[ \t]?[{_HASH}\u266f]{{1,3}}[ \t]{{0,2}}(?P<verb>[^\W\d_]\w*)")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufe00-\ufe0f\ufeff]"
)
# Cyrillic, Armenian and Greek letters that nobody can tell from Latin ones.
_LOOK_ALIKES = str.maketrans("\u0430\u0441\u0435\u0456\u043e\u0440\u0455\u0442\u043c\u0578\u03bf\u03bd", "aceiopstmnov")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that looks like a command: its verb in lower case, the words behind it, and why it cannot be obeyed."""

    verb: str
    words: str = ""
    trouble: str = ""
    """A code of the receipt; "" for a line that may be obeyed."""
    plain: bool = False
    """``#verb`` at the very beginning: at the top of a mail that is a command, known or not."""


def read(line: str, *, placed: bool) -> Line | None:
    """The command in the line; ``placed``: it stands where one is looked for. Characters nobody sees disguise it."""
    shown = _INVISIBLE.sub("", line).strip()
    found = _COMMAND.fullmatch(shown)
    if found is None:
        like = _LIKE.match(shown)
        return Line(verb=_verb(like["verb"]), trouble=MALFORMED) if like else None
    bold, verb = found["bold"], found["verb"]
    words = (found["after"] or found["words"] or "").strip()
    words = words.removesuffix(bold[::-1]).strip() if bold else words
    trouble = "" if placed else MISPLACED
    if shown != line.strip() or unicodedata.normalize("NFKC", verb) != verb:
        trouble = DISGUISED
    return Line(verb=_verb(verb), words=words, trouble=trouble, plain=not bold and found["hash"] == "#")


def as_seen(verb: str) -> str:
    """The verb as a reader takes it: letters of other scripts as the Latin ones that they look like."""
    return verb.translate(_LOOK_ALIKES)


def _verb(written: str) -> str:
    return unicodedata.normalize("NFKC", written).lower().strip("_")
