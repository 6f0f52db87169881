"""Cleaning text from outside: what remains can be stored, printed, logged and put into a header."""

from __future__ import annotations

import re
import unicodedata

FILE_NAME_CHARACTERS = 150  # file systems hold 255 bytes; a character may need four, and an ending must survive
LINE_CHARACTERS = 2_000  # more than any subject or name that a person wrote

_REPLACED = re.compile(r"[\x00\ud800-\udfff\ufffe\uffff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?|[\x85\u2028\u2029]")
# Text without anything of these two, as nearly all text is: to say so takes a fifth of the time of looking for each.
_CLEAN = re.compile(r"[\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*+")
_SPACE = re.compile(r"\s+")
# Characters that turn the direction of writing round, or show nothing at all, and so can disguise a name.
_DISGUISE = re.compile(r"[\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\U000e0000-\U000e007f]")
# Letters and signs by their category that are drawn as nothing: the fillers of Hangul, and Braille without a dot.
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me", "Zl", "Zp", "Zs"}
_FILE_NAME_FORBIDDEN = re.compile(r'[<>:"|?*\x00-\x1f]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)", re.IGNORECASE)


def clean(text: str) -> str:
    r"""Text of several lines: line ends are \n, NUL and lone surrogates become U+FFFD, other control characters go."""
    if _CLEAN.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if _CLEAN.fullmatch(text):
        return text
    return _CONTROL.sub(_replacement, _LINE_END.sub("\n", text))


def _replacement(match: re.Match[str]) -> str:
    return "\ufffd" if _REPLACED.match(match[0]) else ""


def one_line(text: str) -> str:
    """Text for a header, a subject or a name: no line ends, no disguise; "" when nothing of it can be seen."""
    if text.isprintable():
        # So there is no other space than the plain one, and no disguise.
        line = " ".join(text.split())[:LINE_CHARACTERS]
        if line.isascii():
            return line
    else:
        line = _DISGUISE.sub("", clean(_SPACE.sub(" ", text))).strip()[:LINE_CHARACTERS]
    return line if visible(line) else ""


def unmasked(text: str) -> str:
    """The text with U+FFFD where a character would turn the writing round or show nothing: a disguise stays seen."""
    return _DISGUISE.sub("\ufffd", text)


def visible(text: str) -> bool:
    """Whether a reader would see anything."""
    for character in text:  # noqa: SIM110 - the first one decides; a generator takes ten times as long as that
        if unicodedata.category(character) not in _INVISIBLE and character not in _BLANK:
            return True
    return False


def file_name(text: str) -> str:
    """A name without path, control characters and device names; "" when nothing is left."""
    line = _DISGUISE.sub("", clean(_SPACE.sub(" ", text)))
    name = re.split(r"[/\\]", line)[-1]
    name = _FILE_NAME_FORBIDDEN.sub("_", name).strip(" .")
    if not visible(name):
        return ""
    if _DEVICE.match(name):
        name = f"_{name}"
    if len(name) <= FILE_NAME_CHARACTERS:
        return name
    stem, dot, ending = name.rpartition(".")
    keep = FILE_NAME_CHARACTERS - len(dot + ending)
    return stem[:keep] + dot + ending if dot and len(ending) <= 10 else name[:FILE_NAME_CHARACTERS]
