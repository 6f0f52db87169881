"""The line that a program writes above a quotation, found among the lines of a mail; and the marks of quoted lines."""

from __future__ import annotations

import re
from collections.abc import Sequence

from helpdesk.mail.phrases import attributions

ATTRIBUTION_LINES = 4  # over which an "On ... wrote:" may be broken
BROKEN = 500  # lines of a mail that may end one; of them some may be the last of several
SENTENCE_WORDS = 3  # "On the way" may be the beginning of a sentence, "On" is one of an attribution

_QUOTED = re.compile(r"\s{0,3}(?:>|\|\s?>)")


def quoted(line: str) -> bool:
    """Whether the line carries a quote mark."""
    return ">" in line and _QUOTED.match(line) is not None


def ends(lines: Sequence[str]) -> frozenset[int]:
    """The numbers of the lines with which an attribution could end: few, so that the rest costs nothing.

    Behind the first `BROKEN` of them only those that are one by themselves: each costs a search for every line that it
    may begin with, and nobody but a forger writes more.
    """
    possible = [number for number, line in enumerate(lines) if attributions.may_end(line)]
    alone = (number for number in possible[BROKEN:] if _is_one(lines, number))
    return frozenset((*possible[:BROKEN], *alone))


def _is_one(lines: Sequence[str], number: int) -> bool:
    line = lines[number].strip()
    if len(line) > attributions.LINE_CHARACTERS:
        return False
    return attributions.attributes(line, quoted_below=quoted_below(lines, number + 1))


def attribution(lines: Sequence[str], number: int, ends: frozenset[int]) -> int | None:
    """The line below ``On Monday, Éva wrote:`` when it begins here, also when it is broken over several lines."""
    possible = range(number, min(len(lines), number + ATTRIBUTION_LINES))
    if ends.isdisjoint(possible):
        return None
    joined = ""
    for end in possible:
        line = lines[end].strip()
        if not line:
            return None
        joined = f"{joined} {line}".strip()
        if len(joined) > attributions.LINE_CHARACTERS:
            return None
        if end in ends and attributions.attributes(joined, quoted_below=quoted_below(lines, end + 1)):
            return end + 1 if _begins(lines, number, end) else None
    return None


def below(run: Sequence[str]) -> list[str]:
    """Quoted lines without an attribution that stands inside their marks, as Apple's programs write it."""
    bare = [line.lstrip("> \t") for line in run]
    end = attribution(bare, 0, ends(bare)) or 0
    while 0 < end < len(bare) and not bare[end].strip():
        end += 1
    return list(run[end:])


def _begins(lines: Sequence[str], start: int, end: int) -> bool:
    """Whether the attribution really begins with the first of these lines, not further down."""
    if start == end:
        return True
    opens = attributions.opens(lines[start])
    if opens and (len(lines[start].split()) < SENTENCE_WORDS or any(map(str.isdigit, lines[start]))):
        return True
    following = lines[start + 1 : end + 1]
    if attributions.ADDRESS.search(lines[start]) and not any(map(attributions.ADDRESS.search, following)):
        return True
    below = quoted_below(lines, end + 1)
    for later in range(start + 1, end + 1):
        joined = " ".join(line.strip() for line in lines[later : end + 1])
        if attributions.opens(lines[later]) and attributions.attributes(joined, quoted_below=below):
            return False
    if opens:
        return True
    broken_name = lines[start + 1].lstrip().startswith(("<", "(", "[")) and len(lines[start]) < 80
    return broken_name or attributions.named(lines[start])


def quoted_below(lines: Sequence[str], number: int) -> bool:
    for line in lines[number : number + 3]:
        if line.strip():
            return quoted(line)
    return False


def apart(lines: Sequence[str]) -> list[str]:
    """The lines, with an attribution that a program has written behind somebody's words on a line of its own."""
    found: list[str] = []
    for line in lines:
        found += attributions.apart(line) or (line,) if line.endswith("wrote:") else (line,)
    return found
