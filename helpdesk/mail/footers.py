"""Cutting what stands below the new words: signatures, footers of phones and lists, disclaimers."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpdesk.mail.phrases.footers import DASHES, DISCLAIMER, LIST, PHONE, RULE

SIGNATURE, FOOTER = "signature", "footer"
SIGNATURE_LINES = 40  # below a proper "-- " (RFC 3676 4.3); with more it is a line that somebody drew
LOOSE_SIGNATURE_LINES = 15  # below "--" alone
PHONE_LINES = 4  # from the end, within which the footer of a phone stands
CARD_LINES = 30  # below "--" alone, when some of them are addresses and numbers
REACHED = 2  # lines with a way to reach somebody, which make a card of them
ANNOUNCED = (":", "\uff1a")  # what stands below such a line was written to be read
NAME_WORDS = 4  # of a line with which a signature begins
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
REACH = re.compile(r"@\w|\bwww\.|https?:|(?<![\w.])\+?\(?\d[\d ()/.-]{6,}\d")
_PROPER = re.compile(r"-- \s*$")
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
    found = ((_signature(lines), SIGNATURE), *((number, FOOTER) for number in footers))
    return sorted((number, kind) for number, kind in found if number is not None)


def without_doubt(lines: Sequence[str], *, phones: bool = True) -> list[str]:
    """The lines without what is surely nobody's words: a proper signature, of lists, lawyers, ``phones``."""
    kept = _trimmed(lines)
    for _ in range(ROUNDS):
        signature = _signature(kept)
        proper = signature if signature is not None and _PROPER.match(kept[signature]) else None
        guessed = (proper, _phone(kept) if phones else None, _list(kept), _disclaimer(kept))
        found = [number for number in guessed if number is not None]
        above = _trimmed(kept[: min(found)]) if found else kept
        if not above or len(above) == len(kept):
            return kept
        kept = above
    return kept


def without_device(lines: Sequence[str]) -> list[str]:
    """The lines without a last one that a telephone or a program writes about itself."""
    kept = _trimmed(lines)
    return _trimmed(kept[:-1]) if kept and DEVICE.search(kept[-1]) and len(kept[-1]) <= DEVICE_CHARACTERS else kept


def _trimmed(lines: Sequence[str]) -> list[str]:
    end = len(lines)
    while end and not lines[end - 1].strip():
        end -= 1
    return list(lines[:end])


def _signature(lines: Sequence[str]) -> int | None:
    """What follows the last ``-- `` line; below dashes of another kind only what can begin a signature."""
    for number in range(len(lines) - 1, max(-1, len(lines) - SIGNATURE_LINES - 2), -1):
        if len(lines[number]) <= DASHES_CHARACTERS and DASHES.match(lines[number]):
            return number if _PROPER.match(lines[number]) or _is_loose(lines, number) else None
    return None


def _is_loose(lines: Sequence[str], number: int) -> bool:
    """Whether a signature stands below dashes that have lost their space: no list, no table, nothing announced."""
    below = [line.strip() for line in lines[number + 1 :] if line.strip()]
    if not below or (len(below) > LOOSE_SIGNATURE_LINES and not _is_card(below)):
        return False
    above = next((line.rstrip() for line in reversed(lines[:number]) if line.strip()), "")
    if len([line for line in lines if DASHES.match(line[:DASHES_CHARACTERS])]) > 1 or above.endswith(ANNOUNCED):
        return False
    first = below[0][:LINE_CHARACTERS]
    dry = not first[0].islower() and ":" not in first and not any(map(str.isdigit, first))
    return dry and (len(first.split()) <= NAME_WORDS or _is_card(below))


def _is_card(lines: Sequence[str]) -> bool:
    """Whether these lines tell who somebody is and how to reach him."""
    return len(lines) <= CARD_LINES and sum(bool(REACH.search(line[:LINE_CHARACTERS])) for line in lines) >= REACHED


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
            above = next((each.rstrip() for each in reversed(lines[:number]) if each.strip(_DECORATION)), "")
            # Below a salutation stands what somebody wrote, whatever it sounds like.
            return None if above.endswith(",") else _with_rule(lines, number)
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
