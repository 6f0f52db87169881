"""The new words of a reply: history, signatures, phone footers and disclaimers cut; never empty when something was written."""

from __future__ import annotations

import re

from helpdesk.mail import phrases, text
from helpdesk.mail.marker import MARKER

READ = 100_000  # characters that are looked through; nobody writes more above his history
HEADER_LINES = 4  # over which an "On ... wrote:" may be broken
BLOCK_LINES = 8  # within which the fields of an Outlook header block stand
SIGNATURE_LINES = 15  # a "-- " with more below it is no signature
FOOTER_LINES = 3

_QUOTED = re.compile(r"^\s{0,3}(?:>|\|\s?>)")
_DASHES = re.compile(r"^\s*--\s*$")
_RULE = re.compile(r"^\s*[_=*-]{10,}\s*$")


def new_words(full: str) -> str:
    """What the person wrote now; inline answers keep the lines that they answer."""
    lines = full[:READ].split("\n")
    start = history(lines)
    above, below = lines[:start], lines[start:]
    kept = _inline(above, below) or _without_quotes(above)
    kept = _without_footer(_without_signature(kept))
    words = _joined(kept)
    if text.visible(words):
        return words
    for other in (_without_quotes(lines), above, lines):
        words = _joined(other)
        if text.visible(words) and other is not lines:
            return words
    return full.strip()


def history(lines: list[str]) -> int:
    """The number of the line where the quoted history begins; the number of lines when there is none."""
    for number, line in enumerate(lines):
        bare = line.lstrip("> \t")
        if bare.startswith(MARKER.rstrip()):
            return _above_attribution(lines, number)
        if not line.strip() or _QUOTED.match(line):
            continue
        if phrases.SEPARATOR.match(line) or _attribution(lines, number) or header_block(lines, number):
            return number - 1 if number and _RULE.match(lines[number - 1]) else number
    return len(lines)


def header_block(lines: list[str], number: int) -> bool:
    """Whether From:, Sent:, To:, Subject: of a mail program begin here, in any of the languages."""
    first = phrases.FIELD.match(lines[number].lstrip("*_ "))
    if first is None or phrases.field(first["name"]) != "from":
        return False
    found = {"from"}
    for line in lines[number + 1 : number + BLOCK_LINES]:
        match = phrases.FIELD.match(line.lstrip("*_ "))
        if match is not None and (name := phrases.field(match["name"])):
            found.add(name)
    return len(found & {"from", "date", "to", "subject"}) >= 3


def _attribution(lines: list[str], number: int) -> bool:
    """``On Monday, Eva wrote:``, also when it is broken over several lines."""
    joined = ""
    for line in lines[number : number + HEADER_LINES]:
        if not line.strip() and joined:
            break
        joined = f"{joined} {line.strip()}".strip()
        if len(joined) > 400:
            return False
        if joined.endswith((":", "：")) or phrases.ENDS_ATTRIBUTION.search(joined):
            return phrases.is_attribution(joined)
    return False


def _above_attribution(lines: list[str], number: int) -> int:
    """Our marker was quoted: the line that introduces the quotation belongs to the history too."""
    for start in range(max(0, number - HEADER_LINES - 1), number):
        if lines[start].strip() and _attribution(lines, start):
            return start
    while number and not lines[number - 1].strip("> \t"):
        number -= 1
    return number


def _inline(above: list[str], below: list[str]) -> list[str]:
    """Answers between or under quoted lines; [] when everything below the history line is history."""
    quoted = [number for number, line in enumerate(below) if _QUOTED.match(line)]
    if not quoted:
        return []
    own = _without_footer(_without_signature(below[quoted[0] :]))
    runs = _runs(own)
    answers = [run for run in runs if not run[0]]
    if not answers:
        return []
    if len(answers) == 1 and runs[-1] is answers[0]:
        # Everything was quoted first, the answer stands below.
        return [*_without_quotes(above), "", *answers[0][1]]
    last = max(number for number, run in enumerate(runs) if not run[0])
    return [*above, *(line for run in runs[: last + 1] for line in run[1])]


def _runs(lines: list[str]) -> list[tuple[bool, list[str]]]:
    """Lines in turns: (quoted, lines); blank lines go with what stands before them."""
    found: list[tuple[bool, list[str]]] = []
    for line in lines:
        quoted = bool(_QUOTED.match(line))
        if found and (found[-1][0] == quoted or not line.strip()):
            found[-1][1].append(line)
        elif line.strip():
            found.append((quoted, [line]))
    return found


def _without_quotes(lines: list[str]) -> list[str]:
    """Quoted lines at the end go, and those at the beginning; between own words they stay, they are being answered."""
    runs = _runs(lines)
    while runs and runs[-1][0]:
        runs.pop()
    own = [number for number, run in enumerate(runs) if not run[0]]
    if len(own) == 1:
        return runs[own[0]][1]
    return [line for _, run in runs for line in run]


def _without_signature(lines: list[str]) -> list[str]:
    """What follows the last ``-- `` line (RFC 3676 4.3), if something stands above it."""
    for number in range(len(lines) - 1, 0, -1):
        if _DASHES.match(lines[number]) and len(lines) - number <= SIGNATURE_LINES + 1 and any(map(str.strip, lines[:number])):
            return lines[:number]
    return lines


def _without_footer(lines: list[str]) -> list[str]:
    """``Sent from my iPhone`` and disclaimers, which nobody wrote for this mail."""
    kept = list(lines)
    while True:
        while kept and not kept[-1].strip():
            kept.pop()
        cut = _footer_start(kept)
        if cut is None or not any(line.strip() for line in kept[:cut]):
            return kept
        kept = kept[:cut]


def _footer_start(lines: list[str]) -> int | None:
    for number in range(max(0, len(lines) - FOOTER_LINES), len(lines)):
        if phrases.PHONE.match(lines[number].strip()):
            return number - 1 if number and (_RULE.match(lines[number - 1]) or _DASHES.match(lines[number - 1])) else number
    for number in range(max(0, len(lines) - SIGNATURE_LINES * 2), len(lines)):
        if phrases.DISCLAIMER.match(lines[number].strip(" *_-")) and (number == 0 or not lines[number - 1].strip(" *_-=")):
            return number
    return None


def _joined(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")
