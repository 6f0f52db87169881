"""The new words of a reply: history, signatures and footers cut; never empty when something was written."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from helpdesk.mail import armour, banners, footers, introductions, text
from helpdesk.mail.marker import MARKER
from helpdesk.mail.phrases import attributions, fields, separators
from helpdesk.mail.phrases.footers import DRAWN, RULE

READ = 100_000  # characters that are looked through; nobody writes more above his history
BLOCK_LINES = 10  # within which the fields of a header block stand
LINE_CHARACTERS = 1_000  # of a line that are looked at for signs of history
WRAPPED = 65  # characters of a quoted line above which a mailer may have broken it
REMAINDER = 25  # characters of the rest of such a line
LONG_REMAINDER = 70  # when it goes on in the middle of a sentence

_QUOTE_MARKS = "> \t|"


class Kind(Enum):
    """How the history begins."""

    MARKER = "the line at the top of our own letters"
    HEADERS = "a drawn line or a block of header fields, as Outlook writes"
    ATTRIBUTION = "On Monday, Éva wrote:"
    NONE = "there is none"


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """Where the quoted history begins (a line number) and where its own introduction ends."""

    start: int
    end: int
    kind: Kind


def new_words(full: str) -> str:
    """What the person wrote now; inline answers keep the lines that they answer."""
    lines = _prepared(full)
    found = history(lines)
    above, below = lines[: found.start], lines[found.end :]
    written = _written(footers.without(above))
    answers = [] if found.kind is Kind.MARKER and _said(written) else _answers(below, found)
    first = [*footers.without(_written(above)), "", *answers] if answers else written
    if text.visible(words := _joined(first)):
        return words
    for fallback in (_written(footers.without(lines)), lines):
        if text.visible(words := _joined(fallback)):
            return words
    return full.strip()


def _prepared(full: str) -> list[str]:
    """The lines without what servers and programs have put around somebody's words."""
    return banners.below(armour.without(introductions.apart(full[:READ].split("\n"))))


def below(full: str) -> tuple[str, str]:
    """Words without quote marks in the history: between quoted lines, and below the last of them ("" for none)."""
    lines = _prepared(full)
    rest = lines[history(lines).end :]
    first = next((number for number, line in enumerate(rest) if introductions.quoted(line)), len(rest))
    rest = rest[first:]
    runs = _runs(footers.without(rest[: _unquoted_history(rest)]))
    last = max((number for number, run in enumerate(runs) if run[0]), default=0)
    between = [line for is_quoted, run in runs[:last] if not is_quoted for line in run]
    under = [line for is_quoted, run in runs[last:] if not is_quoted for line in run]
    return _joined(between), _joined(under)


def above(full: str) -> list[str]:
    """The lines that cannot be history: above our marker and its introduction, or above a quotation with marks.

    Unlike `new_words` this takes no guess: where only words look like the beginning of history, nothing is cut.
    """
    lines = _prepared(full)
    marked = next((n for n, line in enumerate(lines) if line.lstrip(_QUOTE_MARKS).startswith(MARKER)), None)
    if marked is not None:
        lines = lines[: _introduction(lines, marked)]
    else:
        found = history(lines)
        if found.kind is Kind.ATTRIBUTION and introductions.quoted_below(lines, found.end):
            lines = lines[: found.start]
    return [line for line in lines if not introductions.quoted(line)]


def _introduction(lines: Sequence[str], number: int) -> int:
    """The line that introduces the quotation of our marker: an attribution right above it, else as for anybody."""
    top = number
    while top and not lines[top - 1].strip(_QUOTE_MARKS):
        top -= 1
    ends = introductions.ends(lines[:top])
    for start in range(top - 1, max(-1, top - 1 - introductions.ATTRIBUTION_LINES), -1):
        if lines[start].strip() and introductions.attribution(lines, start, ends) == top:
            return start
    return _above_marker(lines, number)


def history(lines: Sequence[str]) -> History:
    """Where the history begins: at our marker, a separator, a header block or an attribution, the first of them."""
    ends = introductions.ends(lines)
    for number in _suspicious(lines, ends):
        line = lines[number]
        if line.lstrip(_QUOTE_MARKS).startswith(MARKER):
            start = _above_marker(lines, number)
            return History(start=start, end=number + 1, kind=Kind.MARKER)
        if RULE.match(line[:LINE_CHARACTERS]) and (end := _block_in_marks(lines, number + 1)) is not None:
            return History(start=number, end=end, kind=Kind.HEADERS)
        marked = introductions.quoted(line) and not attributions.quotes_below(line)
        if marked or not line.strip() or len(line) > LINE_CHARACTERS:
            continue
        shown = header_block(lines, number) and not fields.pasted(lines, number)
        if shown or separators.separates(line):
            return History(start=_with_short_rule(lines, number), end=number, kind=Kind.HEADERS)
        if (end := introductions.attribution(lines, number, ends)) is not None and not _marker_follows(lines, end):
            return History(start=with_rule(lines, number), end=end, kind=Kind.ATTRIBUTION)
    return History(start=len(lines), end=len(lines), kind=Kind.NONE)


def _suspicious(lines: Sequence[str], ends: frozenset[int]) -> Iterator[int]:
    """The numbers of the lines that history could begin with: of most mails none, so that the rest costs nothing."""
    near = {end - before for end in ends for before in range(introductions.ATTRIBUTION_LINES)}
    for number, line in enumerate(lines):
        # A field has a colon, the marker and a separator begin with a sign.
        if ":" in line or "：" in line or separators.may_separate(line) or MARKER in line or number in near:
            yield number


def header_block(lines: Sequence[str], number: int) -> bool:
    """Whether From:, Sent:, To:, Subject: of a mail program begin here, in any of the languages and orders."""
    first = fields.shown(lines[number][:LINE_CHARACTERS])
    if first is None or first[0] in ("other", "cc"):
        return False
    found = {first[0]}
    unknown = 0
    for line in lines[number + 1 : number + BLOCK_LINES]:
        shown = fields.shown(line[:LINE_CHARACTERS])
        if shown is not None:
            found.add(shown[0])
        elif line.strip(_QUOTE_MARKS):
            # A long list of recipients goes on in the next lines; two such lines in a row are text.
            unknown += 1
            if unknown > 3:
                break
    return "from" in found and len(found & {"from", "date", "to", "subject"}) >= 3


def _block_in_marks(lines: Sequence[str], number: int) -> int | None:
    """Where the history ends when only its fields carry quote marks, as Czech portals write: at the end of all."""
    if not (lines[number:] and introductions.quoted(lines[number]) and header_block(lines, number)):
        return None
    end = next((n for n in range(number, len(lines)) if not introductions.quoted(lines[n])), len(lines))
    return len(lines) if end - number <= BLOCK_LINES else number


def with_rule(lines: Sequence[str], number: int) -> int:
    """The line itself, or the one above when a rule is drawn there."""
    return number - 1 if number and RULE.match(lines[number - 1][:LINE_CHARACTERS]) else number


def _with_short_rule(lines: Sequence[str], number: int) -> int:
    """Above a block of fields a rule may be short, and stand one blank line higher."""
    higher = number - 2
    short = higher >= 0 and not lines[number - 1].strip() and DRAWN.match(lines[higher]) is not None
    return higher if short else with_rule(lines, number)


def _marker_follows(lines: Sequence[str], number: int) -> bool:
    """The attribution stands above our marker: the marker's own rule holds then."""
    following = [line for line in lines[number : number + 6] if line.strip(_QUOTE_MARKS)]
    return bool(following) and following[0].lstrip(_QUOTE_MARKS).startswith(MARKER)


def _above_marker(lines: Sequence[str], number: int) -> int:
    """Our marker was quoted: what introduces the quotation belongs to the history too."""
    ends = introductions.ends(lines[:number])
    top = number
    while top and not lines[top - 1].strip(_QUOTE_MARKS):
        top -= 1
    for start in range(max(0, top - BLOCK_LINES), top):
        line = lines[start]
        if not line.strip() or len(line) > LINE_CHARACTERS:
            continue
        if header_block(lines[:top], start) or separators.separates(line):
            return with_rule(lines, start)
        if introductions.attribution(lines, start, ends) == top:
            return with_rule(lines, start)
    return top


def _answers(below: Sequence[str], found: History) -> list[str]:
    """Answers between or under quoted lines, with the lines that they answer; [] when all of it is history."""
    first = next((number for number, line in enumerate(below) if introductions.quoted(line)), None)
    if first is None or (found.kind is Kind.HEADERS and any(line.strip() for line in below[:first][BLOCK_LINES:])):
        return []
    rest = list(below[first:])
    deeper = _unquoted_history(rest)
    runs = _runs(footers.without(rest[:deeper]))
    while runs and runs[-1][0]:
        runs.pop()
    if not runs:
        return []
    if found.kind is Kind.MARKER and runs[0][0]:
        # We wrote a head above the words that he answers.
        runs[0] = (True, _last_paragraph(runs[0][1]))
    if sum(not is_quoted for is_quoted, _ in runs) == 1:
        # Everything was quoted first, the answer stands below.
        return runs[-1][1]
    return [line for _, run in runs for line in run]


def _last_paragraph(quoted: Sequence[str]) -> list[str]:
    end = len(quoted)
    while end and not quoted[end - 1].strip(_QUOTE_MARKS):
        end -= 1
    blank = (number for number in range(end - 1, -1, -1) if not quoted[number].strip(_QUOTE_MARKS))
    return list(quoted[next(blank, -1) + 1 :])


def _unquoted_history(lines: Sequence[str]) -> int:
    """Where an older mail begins whose lines carry no quote marks."""
    for number, line in enumerate(lines):
        if not line.strip() or len(line) > LINE_CHARACTERS or introductions.quoted(line):
            continue
        if separators.separates(line) or header_block(lines, number):
            return number
    return len(lines)


def _runs(lines: Sequence[str]) -> list[tuple[bool, list[str]]]:
    """Lines in turns: (quoted, lines); blank lines go with what stands before them."""
    found: list[tuple[bool, list[str]]] = []
    skip, ends = 0, introductions.ends(lines)
    if not ends and not any(">" in line for line in lines):
        # Nothing is quoted, as in most mails.
        first = next((number for number, line in enumerate(lines) if line.strip()), len(lines))
        return [(False, list(lines[first:]))] if first < len(lines) else []
    for number, line in enumerate(lines):
        if number < skip or not (line.strip() or found):
            continue
        is_quoted = introductions.quoted(line) or _rest_of_quoted(lines, number)
        if not is_quoted and line.strip() and (end := introductions.attribution(lines, number, ends)) is not None:
            # "Béla wrote:" between two quotations belongs to the second.
            is_quoted, skip = True, end
        if found and (found[-1][0] == is_quoted or not line.strip()):
            found[-1][1].append(line)
        else:
            found.append((is_quoted, [line]))
    return found


def _rest_of_quoted(lines: Sequence[str], number: int) -> bool:
    """The end of a long quoted line that a mailer broke without a mark."""
    if (
        not number
        or number + 1 >= len(lines)
        or not introductions.quoted(lines[number - 1])
        or not introductions.quoted(lines[number + 1])
    ):
        return False
    above, rest = lines[number - 1].rstrip(), lines[number].strip()
    if len(above) < WRAPPED or above.endswith(("?", "!")):
        return False
    in_a_sentence = above[-1].isalnum() or above[-1] in ",("
    return 0 < len(rest) <= (LONG_REMAINDER if in_a_sentence and rest[0].islower() else REMAINDER)


def _written(lines: Sequence[str]) -> list[str]:
    """Quoted lines at the end go, and those at the beginning; between own words they stay, they are being answered.

    Footers are looked for once more below what remains, not where nothing was quoted: there ``lines`` are without.
    """
    runs = _runs(lines)
    if len(runs) == 1 and not runs[0][0]:
        return runs[0][1]
    while runs and runs[-1][0]:
        runs.pop()
    own = [number for number, run in enumerate(runs) if not run[0]]
    if len(own) == 1:
        return footers.without(runs[own[0]][1])
    if runs and runs[0][0]:
        runs[0] = (True, introductions.below(runs[0][1]))
    return footers.without([line for _, run in runs for line in run])


def _said(lines: Sequence[str]) -> bool:
    return any(line.strip() for line in lines)


def _joined(lines: Sequence[str]) -> str:
    return "\n".join(line.rstrip() for line in lines).strip("\n")
