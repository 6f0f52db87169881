"""The Date field (RFC 5322 3.3) and its many misspellings; a wrong date is no date, never an error."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_tz

DATE_CHARACTERS = 200  # a date is shorter than 50; the rest is comments or an attack
FIRST_YEAR = 1970  # before there was mail; such a date is a broken clock or garbage

_COMMENT = re.compile(r"\([^()]*\)")
_BROKEN = (ArithmeticError, LookupError, TypeError, ValueError)  # what parsedate_tz and datetime raise on garbage


def read(value: str) -> datetime | None:
    """An aware date with the offset that was written; ``-0000`` and a missing zone count as UTC; None for nonsense."""
    line = _COMMENT.sub(" ", value[:DATE_CHARACTERS].replace("\n", " ").replace("\r", " ")).strip()
    found = _rfc5322(line) or _iso(line)
    return found if found and found.year >= FIRST_YEAR else None


def _rfc5322(line: str) -> datetime | None:
    try:
        parts = parsedate_tz(line)
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        zone = timezone(timedelta(seconds=parts[9] or 0))
        return datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone)
    except _BROKEN:
        return None


def _iso(line: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(line)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
