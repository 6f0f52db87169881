"""Cutting what stands below the new words: signatures, footers of phones and lists, disclaimers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpdesk.mail.phrases.footers import DASHES, DISCLAIMER, DRAWN, LIST, PHONE, RULE

SIGNATURE, FOOTER = "signature", "footer"
SIGNATURE_LINES = 40  # below a proper "-- " (RFC 3676 4.3); with more it is a line that somebody drew
LOOSE_SIGNATURE_LINES = 15  # below "--" alone
PHONE_LINES = 4  # from the end, within which the footer of a phone stands
CARD_CHARACTERS = 80  # of a line on a card
CARD_LEAST = 4  # lines of a card without a line above it; with fewer somebody tells of another person
CARD_LINES = 30  # below "--" alone, when some of them are addresses and numbers
REACHED = 2  # lines with a way to reach somebody, which make a card of them
NAME_LINES, NAME_WORDS, NAME_CHARACTERS = 6, 4, 60  # below a line that somebody drew
DISCLAIMER_LINES = 40
LIST_LINES = 12  # the longest footers of list servers
ROUNDS = 10  # of cutting; more than three kinds of footer below each other were never seen
DASHES_CHARACTERS = 20  # the longest line of dashes above a signature, with spaces around it, has 17
LINE_CHARACTERS = 500  # of a line that are looked at

DEVICE_CHARACTERS = 60  # of the line that a telephone or a program writes about itself
DEVICE = re.compile(
    r"\b(?:iphone|ipad|android|samsung|galaxy|huawei|xiaomi|honor|nokia|blackberry|outlook|gmail|yahoo|thunderbird"
    r"|protonmail|proton mail|k-9|bluemail|mail\.ru|onet|windows phone|telefon|handy|mobil\w*)\b",
    re.IGNORECASE,
)
_REACH = re.compile(r"@\w|\bwww\.|https?:|\+?\d[\d ()/.-]{6,}\d")
_PROPER = re.compile(r"-- \s*$")
_SENTENCE_ENDS = (".", "!", "?", "。", "！", "？")
_DECORATION = " *_-=\t\xa0"


def without(lines: Sequence[str]) -> list[str]:
    """The lines above every signature and footer; all of them when nothing would remain."""
    kept = _trimmed(lines)
    for _ in range(ROUNDS):
        found = cuts(kept)
        above = _trimmed(kept[: found[0][0]]) if found else kept
        if not above or len(above) == len(kept):
            return kept
        kept = above
    return kept


def cuts(lines: Sequence[str]) -> list[tuple[int, str]]:
    """Where a signature or a footer begins (the number of its first line), and which of the two it is."""
    footers = (_phone(lines), _list(lines), _disclaimer(lines))
    found = ((_signature(lines), SIGNATURE), (_card(lines), SIGNATURE), *((number, FOOTER) for number in footers))
    return sorted((number, kind) for number, kind in found if number is not None)


def without_signature(lines: Sequence[str]) -> list[str]:
    """The lines above the last ``-- `` line, without a telephone's own last line; no other guess is taken."""
    cut = _signature(lines)
    kept = _trimmed(lines if cut is None else lines[:cut])
    return _trimmed(kept[:-1]) if kept and DEVICE.search(kept[-1]) and len(kept[-1]) <= DEVICE_CHARACTERS else kept


def _trimmed(lines: Sequence[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return list(lines[:end])


def _signature(lines: Sequence[str]) -> int | None:
    """What follows the last ``-- `` line, or a line drawn by hand above a name."""
    for number in range(len(lines) - 1, max(-1, len(lines) - SIGNATURE_LINES - 2), -1):
        if len(lines[number]) <= DASHES_CHARACTERS and DASHES.match(lines[number]):
            below = len(lines) - number - 1
            loose = below <= LOOSE_SIGNATURE_LINES or _is_card(lines[number + 1 :])
            return number if loose or _PROPER.match(lines[number]) else None
        if number and DRAWN.match(lines[number][:LINE_CHARACTERS]) and _is_name(lines[number + 1 :]):
            return number
    return None


def _card(lines: Sequence[str]) -> int | None:
    """A last paragraph that begins with a name and tells how to reach it, below a sentence; what is announced stays."""
    start = next((n for n in range(len(lines), max(0, len(lines) - CARD_LINES), -1) if not lines[n - 1].strip()), 0)
    card = lines[start:]
    above = next((line.strip() for line in reversed(lines[:start]) if line.strip()), "")
    if not CARD_LEAST <= len(card) <= CARD_LINES or not above.endswith(_SENTENCE_ENDS) or not _is_card(card):
        return None
    name = card[0].split()
    named = 2 <= len(name) <= NAME_WORDS and all(word[0].isupper() and word[-1].isalpha() for word in name)
    return start if named and all(len(line) <= CARD_CHARACTERS for line in card) else None


def _is_card(lines: Sequence[str]) -> bool:
    """Whether these lines tell who somebody is and how to reach him."""
    said = [line for line in lines if line.strip()]
    return len(said) <= CARD_LINES and sum(bool(_REACH.search(line[:LINE_CHARACTERS])) for line in said) >= REACHED


def _is_name(lines: Sequence[str]) -> bool:
    """Whether these few short lines are a name with what may stand below it, and no words to be read."""
    said = [line.strip() for line in lines if line.strip()]
    short = all(len(line) <= NAME_CHARACTERS and not line.endswith((".", "?", "!", ":")) for line in said)
    return 0 < len(said) <= NAME_LINES and short and len(said[0].split()) <= NAME_WORDS


def _phone(lines: Sequence[str]) -> int | None:
    for number in range(max(0, len(lines) - PHONE_LINES), len(lines)):
        line = lines[number].strip()
        if len(line) <= LINE_CHARACTERS and PHONE.match(line):
            return _with_rule(lines, number)
    return None


def _disclaimer(lines: Sequence[str]) -> int | None:
    for number in range(max(0, len(lines) - DISCLAIMER_LINES), len(lines)):
        # A disclaimer is a paragraph of its own.
        if number and lines[number - 1].strip(_DECORATION):
            continue
        line = lines[number][:LINE_CHARACTERS].strip(_DECORATION)
        if line and DISCLAIMER.match(line):
            return _with_rule(lines, number)
    return None


def _list(lines: Sequence[str]) -> int | None:
    """A drawn line with what list servers and forums write below it."""
    for number in range(max(0, len(lines) - LIST_LINES), len(lines)):
        if _is_drawn(lines[number][:LINE_CHARACTERS]):
            below = " ".join(line[:LINE_CHARACTERS] for line in lines[number + 1 :])
            if LIST.search(below):
                return number
    return None


def _with_rule(lines: Sequence[str], number: int) -> int:
    """A line drawn above a footer goes with it."""
    above = lines[number - 1][:LINE_CHARACTERS] if number else ""
    return number - 1 if _is_drawn(above) else number


def _is_drawn(line: str) -> bool:
    return (RULE.match(line) or DASHES.match(line)) is not None
