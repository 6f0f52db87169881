"""When somebody who is away says that he is back: a day that can be read in one way only."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from helpdesk.mail.message import Absence
from helpdesk.mail.phrases import absences as phrases

READ = 2_000  # characters of subject and text; an automatic answer comes to the point
BEFORE = 60  # characters before a day in which words say what it is
LONGEST = 330  # days that somebody is away, where the year is not said
EARLIER = 2  # days before the mail; the clocks of the world differ

_NUMBER_OF = {
    re.compile(name): number for number, line in enumerate(phrases.MONTHS, 1) for name in dict.fromkeys(line.split())
}
_YEAR = r"(?P<year>20\d\d)"
_DAY = r"(?<![\d.,:/-])(?P<day>\d{1,2})"
_NOT_MORE = r"(?![\d:]|[.,/-]\d)"
_PATTERNS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?<!\d){_YEAR}\s?[-./]\s?(?P<month>\d{{1,2}})\s?[-./]\s?(?P<day>\d{{1,2}}){_NOT_MORE}",
        rf"(?:{_YEAR}\s?[年년]\s?)?(?<!\d)(?P<month>\d{{1,2}})\s?[月월]\s?(?P<day>\d{{1,2}})\s?[日号號일]",
        rf"{_DAY}\s?(?P<sign>[./-])\s?(?P<month>\d{{1,2}})\s?(?P=sign)\s?{_YEAR}{_NOT_MORE}",
        rf"{_DAY}\.\s?(?P<month>\d{{1,2}})\.(?!\s?\d)",
        rf"{_DAY}\.?(?:st|nd|rd|th|er|e|º|ª|°|-го|-е)?\s(?:de |of |d['’]|di |du )?(?P<name>[^\W\d_]{{3,14}})\.?"
        rf"(?:,?\s(?:de |del |di |du |of )?{_YEAR})?",
        rf"(?:{_YEAR}\.?\s)?(?P<name>[^\W\d_]{{3,14}})\.?\s{_DAY}(?:st|nd|rd|th|\.)?(?!\s?:?\d)(?:,\s?(?P<later>20\d\d))?",
    )
)
_SENTENCE_END = re.compile(r"[!?;\n]|\.\s")


def read(words: str, sent: date | None) -> Absence | None:
    """The day on which somebody is back, else the last of his absence; None where none can be read with certainty."""
    line = words[:READ]
    found = list(_found(line, sent))
    back = next((day for day, is_back in found if is_back), None)
    until = next((day for day, is_back in found if not is_back), None)
    if back is not None:
        return Absence(day=back, back=True)
    return Absence(day=until, back=False) if until is not None else None


def _found(line: str, sent: date | None) -> Iterator[tuple[date, bool]]:
    """The days that words of absence stand beside, in the order of the ways of writing a day."""
    taken: list[range] = []
    for pattern in _PATTERNS:
        for match in pattern.finditer(line):
            if any(match.start() in span for span in taken):
                continue
            day = _day(match, sent)
            if day is not None:
                taken.append(range(match.start(), match.end()))
                is_back = _is_back(line, match)
                if is_back is not None:
                    yield day, is_back


def _is_back(line: str, match: re.Match[str]) -> bool | None:
    """True behind words of return, False behind words of an end, None for any other day."""
    before = _SENTENCE_END.split(line[max(0, match.start() - BEFORE) : match.start()])[-1]
    if phrases.IS_BACK_BEHIND.match(line, match.end()):
        return True
    if phrases.IS_UNTIL_BEHIND.match(line, match.end()):
        return False
    if phrases.IS_BACK.search(before) or (phrases.IS_FROM.search(before) and phrases.IS_AGAIN.match(line, match.end())):
        return True
    return False if phrases.IS_UNTIL.search(before) else None


def _day(match: re.Match[str], sent: date | None) -> date | None:
    values = match.groupdict()
    month = int(values["month"]) if values.get("month") else _month(values.get("name") or "")
    number, year = int(values["day"]), values.get("year") or values.get("later")
    if month is None:
        return None
    if values.get("sign") in ("/", "-"):
        # Americans write the month first; where both could be a month nobody can know.
        if number <= 12 and month <= 12 and number != month:
            return None
        month, number = (month, number) if month <= 12 else (number, month)
    return _date(int(year), month, number) if year else _next(month, number, sent)


def _month(name: str) -> int | None:
    lowered = name.lower()
    return next((number for pattern, number in _NUMBER_OF.items() if pattern.fullmatch(lowered)), None)


def _next(month: int, number: int, sent: date | None) -> date | None:
    """The first such day after the mail was written."""
    if sent is None:
        return None
    days = (_date(year, month, number) for year in (sent.year, sent.year + 1))
    earliest, latest = sent - timedelta(days=EARLIER), sent + timedelta(days=LONGEST)
    return next((day for day in days if day is not None and earliest <= day <= latest), None)


def _date(year: int, month: int, number: int) -> date | None:
    try:
        return date(year, month, number)
    except ValueError:
        return None
