"""Mails that lie in files: .eml, mbox, Maildir, folders of all these, and standard input; read one after the other."""

from __future__ import annotations

import heapq
import os
import re
import stat
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter
from pathlib import Path
from typing import IO, NamedTuple

from helpdesk.errors import UsageError
from helpdesk.inbox import mbox

STDIN = "-"
LARGEST_MB = mbox.LARGEST_BYTES // 2**20
BATCH_MAILS = 50  # handled together: one commit, one trip to the parse worker
BATCH_BYTES = 16 * 2**20  # held in memory at once; a larger mail goes alone
TOLD = 10  # problems that are told one by one
NAMES = 5_000  # of a folder that are held in memory at once: for more of them it is looked through again

# What mails are named inside a folder; other files there are somebody's notes. A number is how MH and some servers do.
_MAIL_FILE = re.compile(r".+\.(?:eml|mbox|mbx)|[0-9]+", re.IGNORECASE | re.DOTALL)
# How files begin that somebody may name by mistake; no mail does.
OTHERS = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a zip archive",
    b"\x1f\x8b": "compressed (gzip)",
    b"BZh": "compressed (bzip2)",
    b"\xfd7zXZ": "compressed (xz)",
    b"\xd0\xcf\x11\xe0": "a file in a format of Outlook or Office",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
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


class Problem(NamedTuple):
    """What could not be read, and why, as a sentence that names it."""

    source: str
    sentence: str


Tell = Callable[[Problem], None]


def read_all(paths: Iterable[str], tell: Tell | None = None) -> Iterator[Found]:
    """Every mail in the order given, sorted within folders; ``-`` is one mail from standard input.

    Raises UsageError for a path that cannot be read before anything is. What turns up later is told; where nobody
    wants to be told, UsageError is raised for it after all the rest.
    """
    given = list(paths)
    problems = [problem for path in given if (problem := _unfit(path))]
    _refuse(problems)
    for path in given:
        yield from _read(path, tell or problems.append)
    _refuse(problems)


def size_of(paths: Iterable[str]) -> int:
    """About how many bytes `read_all` reads of them."""
    found = (each for path in paths if path != STDIN for each in _files(path, _nobody))
    return sum(_size(each) for each in found)


def _files(path: str, tell: Tell) -> Iterator[str]:
    return _walk(path, tell) if _is_folder(path) else iter((path,))


def _nobody(problem: Problem) -> None:
    """Whoever reads the files is told, not who counts them before."""


def _size(path: str) -> int:
    try:
        return Path(path).stat().st_size
    except OSError:
        return 0


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


def _refuse(problems: list[Problem]) -> None:
    if problems:
        more = len(problems) - TOLD
        told = [problem.sentence for problem in problems[:TOLD]]
        message = "\n".join((*told, *([f"... and {more} more."] if more > 0 else [])))
        raise UsageError(message)


def _unfit(path: str) -> Problem | None:
    """Why a path that was named cannot be read."""
    if path == STDIN:
        # Python has none when whoever started it closed it.
        return None if sys.stdin else Problem(path, "Standard input cannot be read: it is closed.")
    try:
        kind = Path(path).stat().st_mode
    except OSError as error:
        return _trouble(path, error)
    allowed = os.access(path, os.R_OK | os.X_OK if stat.S_ISDIR(kind) else os.R_OK)
    return None if allowed else Problem(path, f"{path} cannot be read: Permission denied.")


def _trouble(path: str, error: OSError) -> Problem:
    return Problem(path, f"{path} cannot be read: {error.strerror or error}.")


def _read(path: str, tell: Tell) -> Iterator[Found]:
    if path == STDIN:
        yield from _whole(STDIN, sys.stdin.buffer, b"", tell)
    elif Path(path).is_dir():
        yield from _folder(path, tell)
    else:
        yield from _file(path, tell)


def _folder(path: str, tell: Tell) -> Iterator[Found]:
    """The mails of a folder and of the folders in it, by name; a Maildir's before those of the folders in it."""
    nothing = True

    def told(problem: Problem) -> None:
        nonlocal nothing
        nothing = False
        tell(problem)

    for each in _walk(path, told):
        nothing = False
        yield from _file(each, tell)
    if nothing:
        tell(Problem(path, f"{path} holds no mail: there is no .eml or .mbox file in it, and it is no Maildir."))


def _walk(path: str, tell: Tell) -> Iterator[str]:
    maildir = all(_is_folder(f"{path.rstrip('/')}/{name}") for name in _MAILDIR)
    if maildir:
        yield from _maildir(path, tell)
    inside = Path(path).name in _MAILDIR
    for entry in _entries(path, tell):
        below = f"{path.rstrip('/')}/{entry.name}"
        if entry.is_dir(follow_symlinks=False):
            # The sub-folders of a Maildir begin with a dot; elsewhere this hides a folder.
            hidden = entry.name.startswith(".") and not maildir
            if not hidden and not (maildir and entry.name in (*_MAILDIR, "tmp")):
                yield from _walk(below, tell)
        elif not entry.name.startswith(".") and (inside or (not maildir and _MAIL_FILE.fullmatch(entry.name))):
            yield below


def _maildir(path: str, tell: Tell) -> Iterator[str]:
    """Read and unread mails together: their names begin with the time of delivery."""
    halves = (_entries(f"{path.rstrip('/')}/{name}", tell) for name in _MAILDIR)
    found = heapq.merge(*halves, key=attrgetter("name"))
    yield from (entry.path for entry in found if not entry.name.startswith("."))


def _entries(path: str, tell: Tell) -> Iterator[os.DirEntry[str]]:
    """What lies in a folder, by name; some of it at a time, so that a folder of any size takes the same memory."""
    last = ""
    while True:
        try:
            with os.scandir(path) as found:
                some = heapq.nsmallest(NAMES, (each for each in found if each.name > last), key=attrgetter("name"))
        except OSError as error:
            tell(_trouble(path, error))
            return
        yield from some
        if len(some) < NAMES:
            return
        last = some[-1].name


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(Path(path).stat().st_mode)
    except OSError:
        return False


def _file(path: str, tell: Tell) -> Iterator[Found]:
    """One mail, or those of an mbox: the first line says which; an .eml file is one mail whatever that line is."""
    try:
        with open(path, "rb") as file:  # noqa: PTH123 - a Path would cost more than the reading of many small files
            first = file.readline(mbox.ENVELOPE_BYTES)
            if (what := next((name for sign, name in OTHERS.items() if first.startswith(sign)), None)) is not None:
                tell(Problem(path, f"{path} is no mail but {what}: name an .eml or mbox file."))
                return
            if mbox.is_separator(first) and not path.lower().endswith(".eml"):
                yield from _mbox(path, file, first, tell)
            elif first or not path.lower().endswith((".mbox", ".mbx")):
                yield from _whole(path, file, first, tell)
    except OSError as error:
        tell(_trouble(path, error))


def _whole(path: str, file: IO[bytes], first: bytes, tell: Tell) -> Iterator[Found]:
    raw = first + file.read(mbox.LARGEST_BYTES + 1)
    if len(raw) > mbox.LARGEST_BYTES:
        tell(_too_large(path))
    else:
        yield Found(source=path, raw=raw, received=_received(path))


def _mbox(path: str, file: IO[bytes], first: bytes, tell: Tell) -> Iterator[Found]:
    for number, member in enumerate(mbox.members(file, first), 1):
        source = f"{path}#{number}"
        if member.raw is None:
            tell(_too_large(source))
        else:
            yield Found(source=source, raw=member.raw, received=member.received)


def _too_large(source: str) -> Problem:
    return Problem(source, f"{source} is larger than {LARGEST_MB} MB, too large for a mail; it is left out.")


def _received(path: str) -> datetime | None:
    """When a mail of a Maildir was delivered."""
    *_, folder, name = ("", *Path(path).parts)
    found = _DELIVERED.match(name) if folder in _MAILDIR else None
    return datetime.fromtimestamp(int(found[1]), UTC) if found else None
