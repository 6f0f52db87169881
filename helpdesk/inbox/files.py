"""Mails that lie in files: .eml, mbox, Maildir, folders of all these, and standard input; read one after the other."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from helpdesk.errors import UsageError
from helpdesk.inbox import mbox

STDIN = "-"
LARGEST_MB = mbox.LARGEST_BYTES // 2**20
BATCH_MAILS = 50  # handled together: one commit, one trip to the parse worker
BATCH_BYTES = 16 * 2**20  # held in memory at once; a larger mail goes alone
TOLD = 10  # troubles that are told one by one

# What mails are named inside a folder; other files there are somebody's notes. A number is how MH and some servers do.
_MAIL_FILE = re.compile(r".+\.(?:eml|mbox|mbx)|[0-9]+", re.IGNORECASE | re.DOTALL)
_MAILDIR = ("cur", "new")
# A Maildir's files are named after the second of delivery; nine digits would be before 2001.
_DELIVERED = re.compile(r"([0-9]{10})\.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A mail and where it lay: the path as it was given, below it, or ``FILE#3`` for the third mail of an mbox.

    ``received`` is the time of delivery where the place tells it (mbox, Maildir); a file's own time tells nothing.
    """

    source: str
    raw: bytes
    received: datetime | None = None


def read_all(paths: Iterable[str]) -> Iterator[Found]:
    """Every mail in the order given, sorted within folders; ``-`` is one mail from standard input.

    Raises UsageError: for a path that cannot be read before anything is, for what turns up later after all the rest.
    """
    given = list(paths)
    problems = [problem for path in given if (problem := _unfit(path))]
    _refuse(problems)
    for path in given:
        yield from _read(path, problems)
    _refuse(problems)


def batches(found: Iterable[Found]) -> Generator[list[Found]]:
    """The same mails, some at a time, as many as are well kept in memory; on a UsageError the last ones come first."""
    batch: list[Found] = []
    size = 0
    try:
        for each in found:
            if batch and (len(batch) >= BATCH_MAILS or size + len(each.raw) > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(each)
            size += len(each.raw)
    except UsageError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def _refuse(problems: list[str]) -> None:
    if problems:
        more = len(problems) - TOLD
        message = "\n".join((*problems[:TOLD], *([f"... and {more} more."] if more > 0 else [])))
        raise UsageError(message)


def _unfit(path: str) -> str | None:
    """Why a path that was named cannot be read, as a sentence."""
    if path == STDIN:
        # Python has none when whoever started it closed it.
        return None if sys.stdin else "Standard input cannot be read: it is closed."
    try:
        kind = Path(path).stat().st_mode
    except OSError as error:
        return _trouble(path, error)
    allowed = os.access(path, os.R_OK | os.X_OK if stat.S_ISDIR(kind) else os.R_OK)
    return None if allowed else f"{path} cannot be read: Permission denied."


def _trouble(path: str, error: OSError) -> str:
    return f"{path} cannot be read: {error.strerror or error}."


def _read(path: str, problems: list[str]) -> Iterator[Found]:
    if path == STDIN:
        yield from _whole(STDIN, sys.stdin.buffer, b"", problems)
    elif Path(path).is_dir():
        yield from _folder(path, problems)
    else:
        yield from _file(path, problems)


def _folder(path: str, problems: list[str]) -> Iterator[Found]:
    """The mails of a folder and of the folders in it, by name; a Maildir's before those of the folders in it."""
    before = len(problems)
    nothing = True
    for each in _walk(path, problems):
        nothing = False
        yield from _file(each, problems)
    if nothing and len(problems) == before:
        problems.append(f"{path} holds no mail: there is no .eml or .mbox file in it, and it is no Maildir.")


def _walk(path: str, problems: list[str]) -> Iterator[str]:
    entries = _entries(path, problems)
    folders = {entry.name for entry in entries if entry.is_dir()}
    maildir = folders.issuperset(_MAILDIR)
    if maildir:
        yield from _maildir(path, problems)
    inside = Path(path).name in _MAILDIR
    for entry in entries:
        below = f"{path.rstrip('/')}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            # The sub-folders of a Maildir begin with a dot; elsewhere this hides a folder.
            hidden = entry.name.startswith(".") and not maildir
            if not hidden and not (maildir and entry.name in (*_MAILDIR, "tmp")):
                yield from _walk(below, problems)
        elif not entry.name.startswith(".") and (inside or (not maildir and _MAIL_FILE.fullmatch(entry.name))):
            yield below


def _maildir(path: str, problems: list[str]) -> Iterator[str]:
    """Read and unread mails together: their names begin with the time of delivery."""
    found: list[tuple[str, str]] = []
    for name in _MAILDIR:
        below = f"{path.rstrip('/')}/{name}"
        found += [(entry.name, f"{below}/{entry.name}") for entry in _entries(below, problems)]
    yield from (below for name, below in sorted(found) if not name.startswith("."))


def _entries(path: str, problems: list[str]) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(path) as found:
            return sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        problems.append(_trouble(path, error))
        return []


def _file(path: str, problems: list[str]) -> Iterator[Found]:
    """One mail, or those of an mbox: the first line says which; an .eml file is one mail whatever that line is."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a Path would cost more than the reading of many small files
            first = file.readline(mbox.ENVELOPE_BYTES)
            if mbox.is_separator(first) and not path.lower().endswith(".eml"):
                yield from _mbox(path, file, first, problems)
            elif first or not path.lower().endswith((".mbox", ".mbx")):
                yield from _whole(path, file, first, problems)
    except OSError as error:
        problems.append(_trouble(path, error))


def _whole(path: str, file: IO[bytes], first: bytes, problems: list[str]) -> Iterator[Found]:
    raw = first + file.read(mbox.LARGEST_BYTES + 1)
    if len(raw) > mbox.LARGEST_BYTES:
        problems.append(_too_large(path))
    else:
        yield Found(source=path, raw=raw, received=_received(path))


def _mbox(path: str, file: IO[bytes], first: bytes, problems: list[str]) -> Iterator[Found]:
    for number, member in enumerate(mbox.members(file, first), 1):
        source = f"{path}#{number}"
        if member.raw is None:
            problems.append(_too_large(source))
        else:
            yield Found(source=source, raw=member.raw, received=member.received)


def _too_large(source: str) -> str:
    return f"{source} is larger than {LARGEST_MB} MB, too large for a mail; it is left out."


def _received(path: str) -> datetime | None:
    """When a mail of a Maildir was delivered."""
    *_, folder, name = ("", *Path(path).parts)
    found = _DELIVERED.match(name) if folder in _MAILDIR else None
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None
