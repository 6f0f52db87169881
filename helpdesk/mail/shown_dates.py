"""Dates as mail programs show them above a forwarded mail: ``2026. március 2. 9:00``, ``2.3.2026 um 09:00 Uhr``."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from helpdesk.mail import dates

SHOWN_CHARACTERS = 120  # the longest, in words and with a time zone, has 80
LONGEST_OFFSET = 14  # hours east of Greenwich (Kiribati)

# What the names of the months begin with, January first, in all languages that use letters. Where two languages share a
# name for different months (listopad, lipiec and lipanj, srpen and srpanj), the one of more people is listed.
_MONTHS = """
    jan jän ян янв siječ sij січ sty led ene gen ocak oca tammi
    feb fév fevr феб фев лют lut velj únor úno şub helmi
    mar már mär maa mars mrt март мар бер ožu bře maalis
    apr ápr abr avr апр квіт kwi tra trav dub nis huhti
    may máj mai mag maj мая май трав svi kvě mei touko
    jun jún juin giu июн черв cze lipanj lipnja červen čvn haz kesä
    jul júl juil lug июл лип lip lipiec lipca srpanj srpnja červenec čvc tem heinä
    aug ago aoû aou авг сер sie kolovoz kol srp srpen srpna ağu elo
    sep szep set сен вер wrz ruj září zář eyl syys
    oct okt out ott окт жов paź října říj eki loka
    nov ноя лист lis stud stu kas marras
    dec dez déc dic дек груд gru pro ara joulu des
"""
_STEMS = {stem: number for number, line in enumerate(_MONTHS.strip().split("\n"), 1) for stem in line.split()}
_LONGEST_STEM = max(map(len, _STEMS))
_WORD = re.compile(r"[^\W\d_]{2,12}")
_ISO = re.compile(r"(\d{4})[-./]\s?(\d{1,2})[-./]\s?(\d{1,2})(?!\d)")
_CJK = re.compile(r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日")
_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?([-./])\s?(\d{1,2})\s?[-./]\s?(\d{4})(?!\d)")
_SHORT_NUMBERS = re.compile(r"(?<!\d)(\d{1,2})\s?([-./])\s?(\d{1,2})\s?[-./]\s?(\d{2})(?!\d)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_DAY = re.compile(r"(?<![\d:])(\d{1,2})(?:st|nd|rd|th)?(?![\d:])", re.IGNORECASE)
_CLOCK = re.compile(
    r"(?<![\d.])(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?(?![\d.])\s?([ap]\.?m)?|([ap]\.?m)\s?$", re.IGNORECASE
)
_HALF_DAY = re.compile(r"\d\s?[AP]\.?M\b", re.IGNORECASE)
_ZONE = re.compile(r"(?:GMT|UTC)?\s?([+-])(\d{1,2}):?(\d{2})?(?!\d)", re.IGNORECASE)


def read(value: str) -> datetime | None:
    """An aware date; where no zone is shown the clock is taken for UTC. None when no day can be made out."""
    line = " ".join(value[:SHOWN_CHARACTERS].split())
    if "GMT+" not in line and "GMT-" not in line and (found := dates.read(line)) is not None:
        return found
    day = _day(line)
    if day is None:
        return None
    year, month, number, rest = day
    hour, minute, second, behind = _clock(rest)
    try:
        return datetime(year, month, number, hour, minute, second, tzinfo=_zone(behind))
    except ValueError:
        return None


def _day(line: str) -> tuple[int, int, int, str] | None:
    """Year, month, day, and the line without them."""
    if (match := _CJK.search(line) or _ISO.search(line)) is not None:
        return int(match[1]), int(match[2]), int(match[3]), _cut(line, match)
    if (match := _NUMBERS.search(line)) is not None:
        return _in_numbers(line, match)
    if (found := _in_words(line)) is not None:
        return found
    match = _SHORT_NUMBERS.search(line)
    return _in_numbers(line, match) if match else None


def _in_numbers(line: str, match: re.Match[str]) -> tuple[int, int, int, str]:
    """Americans write the month first, with slashes and a clock of twelve hours."""
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    american = match[2] == "/" and (second > 12 or _HALF_DAY.search(line) is not None)
    day, month = (second, first) if american else (first, second)
    return (year if year > 99 else 2000 + year), month, day, _cut(line, match)


def _in_words(line: str) -> tuple[int, int, int, str] | None:
    found = next(((match, month) for match in _WORD.finditer(line) if (month := _month(match[0]))), None)
    year = _YEAR.search(line)
    if found is None or year is None:
        return None
    month = found[1]
    rest = _cut(line, year)
    clock = _CLOCK.search(rest)
    days = [int(each[1]) for each in _DAY.finditer(rest[: clock.start()] if clock and clock.start() > 3 else rest)]
    day = next((each for each in days if 1 <= each <= 31), None)
    return (int(year[1]), month, day, rest) if day else None


def _month(word: str) -> int | None:
    lowered = word.lower()
    stems = (lowered[:length] for length in range(_LONGEST_STEM, 1, -1))
    return next((_STEMS[stem] for stem in stems if stem in _STEMS), None)


def _clock(line: str) -> tuple[int, int, int, str]:
    match = _CLOCK.search(line)
    if match is None or match[1] is None:
        return 0, 0, 0, ""
    hour, half = int(match[1]), (match[4] or "").lower()[:1]
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, int(match[2]), int(match[3] or 0), line[match.end() :]


def _zone(line: str) -> tzinfo:
    match = _ZONE.search(line)
    if match is None or int(match[2]) > LONGEST_OFFSET:
        return UTC
    minutes = int(match[2]) * 60 + int(match[3] or 0)
    return timezone(timedelta(minutes=minutes if match[1] == "+" else -minutes))


def _cut(line: str, match: re.Match[str]) -> str:
    return f"{line[: match.start()]} {line[match.end() :]}".strip()
