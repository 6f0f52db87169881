"""The end of a letter: the formula, the name and what stands below it, apart from what the person had to say.

Staff see it in the full text; a colleague's own closing goes to the customer with his words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpdesk.mail import text
from helpdesk.mail.phrases.closings import CLOSING, SIGNED

LINES = 26  # below the formula: name, company, addresses, telephones, what the law asks of companies
FORMULA_CHARACTERS = 110
FORMULAS = 4  # lines above each other that can be formulas
NAME_WORDS = 5
SHORT_CHARACTERS = 80  # of a line of a signature; longer ones are sentences
SENTENCE_WORDS = 8  # without a number or an address among them
INITIAL_WORDS = 3  # "Eva K." ends like a sentence and is none
_ENDS = (".", "!", ":")
_POSTSCRIPT = re.compile(r"(?:p\.? ?s|n\.? ?b|ui|u\.i|пс|п\.с|з\.и|p\.d|ps\.)\b", re.IGNORECASE)
_SENTENCE_ENDS = ("?", "\uff1f")
_OF_SIGNATURES = re.compile(r"[\d@|]|www\.|https?:")


def apart(words: str) -> tuple[str, str]:
    """The words, and the closing below them ("" for none); nobody's whole mail is a closing."""
    lines = words.split("\n")
    start = _start(lines)
    if start is None:
        return words, ""
    said = "\n".join(lines[:start]).rstrip("\n ")
    if not text.visible(said):
        return words, ""
    return said, "\n".join(lines[start:]).strip("\n")


def _start(lines: Sequence[str]) -> int | None:
    """Where the closing begins: the uppermost formula below which there are only lines of a signature."""
    last = len(lines)
    for number in range(last - 1, max(0, last - LINES - 2), -1):
        line = lines[number]
        formula = _formula(line)
        if line.strip() and not formula and not _may_sign(line):
            return _signed(lines)
        if formula and _name_follows(lines[number + 1 :]):
            return _with_formulas(lines, number)
    return _signed(lines)


def _with_formulas(lines: Sequence[str], number: int) -> int:
    """A formula may have another above it, in a second language or as its first half."""
    above = next((n for n in range(number - 1, max(0, number - FORMULAS), -1) if not _formula(lines[n])), None)
    return number if above is None else above + 1


def _formula(line: str) -> bool:
    """Whether the line is a formula, or one in two languages; with a name behind it, it is short enough to stay."""
    if not line.strip() or len(line) > FORMULA_CHARACTERS:
        return False
    return CLOSING.match(line) is not None or ("/" in line and all(map(CLOSING.match, line.split("/"))))


def _may_sign(line: str) -> bool:
    """Whether the line can stand in a signature: short, no question, no quotation, no sentence."""
    bare = line.strip()
    if len(bare) > SHORT_CHARACTERS or bare.endswith(_SENTENCE_ENDS) or bare.startswith(">"):
        return False
    return len(bare.split()) < SENTENCE_WORDS or _OF_SIGNATURES.search(bare) is not None


def _name_follows(below: Sequence[str]) -> bool:
    """Below the formula stands a name or nothing; a sentence or a postscript there was written to be read."""
    said = [line.strip() for line in below if line.strip()]
    if any(map(_POSTSCRIPT.match, said)):
        return False
    words = len(said[0].split()) if said else 0
    return words <= NAME_WORDS and not (said and said[0].endswith(_ENDS) and words > INITIAL_WORDS)


def _signed(lines: Sequence[str]) -> int | None:
    """A last line that is a name behind a sign, below a blank line; a list of such lines is a list."""
    number = len(lines) - 1
    if number < 1 or not SIGNED.match(lines[number]) or not lines[number].lstrip(" -–—/~")[:1].isupper():
        return None
    sign = lines[number].lstrip()[:1]
    others = any(line.lstrip().startswith(sign) for line in lines[:number])
    return None if others else number
