"""Mails in one file, one behind the other (mbox, RFC 4155), read as a stream however big the file is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from helpdesk.mail import dates

LARGEST_BYTES = 256 * 2**20  # of one mail; far above what mail servers take, and it still fits into memory
LINE_BYTES = 2**20  # read at once; a longer line goes on in the next piece
ENVELOPE_BYTES = 500  # a separator is shorter; a longer line is not looked at

# "From eva@kunde.example Mon Mar  2 09:00:00 2026", with many things between and behind: programs differ a lot. Words
# of a person after an empty line can begin with "From ", too, but do not have a weekday, a time and a year.
_SEPARATOR = re.compile(
    rb"From (?=.*\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)(?=.*\b\d\d?:\d\d\b)(?=.*\b(?:19|20)\d\d\b)", re.DOTALL
)
_DATE = re.compile(rb"\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b.*", re.DOTALL)
_FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
# A line of a mail that would look like a separator is written with ">"; in mboxrd one that has some gets one more.
_QUOTED = re.compile(rb">+From ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One mail; ``raw`` is None for one that is larger than anything that is taken in."""

    raw: bytes | None
    received: datetime | None
    """When it was delivered, as the separator says; UTC unless it says otherwise (RFC 4155)."""


def is_separator(line: bytes) -> bool:
    """Whether a line begins a mail of an mbox."""
    return len(line) <= ENVELOPE_BYTES and _SEPARATOR.match(line) is not None


def members(file: IO[bytes], first: bytes = b"") -> Iterator[Member]:
    """Every mail of an open mbox file, quoting undone; ``first`` is the line that was read of it already."""
    mail: _Mail | None = None
    for line, begins in _marked(_lines(file, first)):
        if begins:
            if mail is not None:
                yield mail.finished()
            mail = _Mail(line)
        elif mail is not None:
            mail.add(line)
    if mail is not None:
        yield mail.finished()


def _lines(file: IO[bytes], first: bytes) -> Iterator[bytes]:
    if first:
        yield first
    while line := file.readline(LINE_BYTES):
        yield line


def _marked(lines: Iterable[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each line, and whether a mail begins with it: a separator behind an empty line or before a header field.

    Some programs forget the empty line, others do not quote what people write; a mail too many is better than one lost.
    """
    candidate: bytes | None = None
    blank, complete = True, True
    for line in lines:
        if candidate is not None:
            yield candidate, _FIELD.match(line) is not None
            candidate, blank = None, False
        if complete and is_separator(line):
            if blank:
                yield line, True
                blank = False
            else:
                candidate = line
        else:
            yield line, False
            blank = line in (b"\n", b"\r\n") and complete
        complete = line.endswith(b"\n")
    if candidate is not None:
        yield candidate, False


class _Mail:
    """The lines of one mail, as they come."""

    def __init__(self, separator: bytes) -> None:
        self._received = _delivered(separator)
        self._lines: list[bytes] = []
        self._size = 0
        self._complete = True

    def add(self, line: bytes) -> None:
        if self._complete and _QUOTED.match(line):
            line = line[1:]
        self._complete = line.endswith(b"\n")
        self._size += len(line)
        if self._size <= LARGEST_BYTES:
            self._lines.append(line)
        else:
            self._lines.clear()

    def finished(self) -> Member:
        """Without the empty line that belongs to the mbox, not to the mail."""
        if self._size > LARGEST_BYTES:
            return Member(raw=None, received=self._received)
        if self._lines[1:] and self._lines[-1] in (b"\n", b"\r\n"):
            self._lines.pop()
        return Member(raw=b"".join(self._lines), received=self._received)


def _delivered(separator: bytes) -> datetime | None:
    found = _DATE.search(separator)
    return _read(found[0].decode("ascii", "replace").strip()) if found else None


def _read(words: str) -> datetime | None:
    date = dates.read(words)
    return date.astimezone(UTC) if date else None
