"""Whole and consistent copies of a SQLite file, also of one in use: never by `cp`, which misses the log beside it."""

from __future__ import annotations

import glob
import os
import secrets
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from helpdesk.errors import StoreBroken, StoreFull, UsageError
from helpdesk.store.faults import translated
from helpdesk.store.sqlite import BUSY_SECONDS

STEP_PAGES = 1000  # copied at once, 4 MB: often enough for a bar, seldom enough to cost nothing
REST_SECONDS = 86_400  # a file ``.part`` that has not grown for a day was left by one that was killed
SPARE = 1.1  # times its size must be free for a copy

Told = Callable[[int, int], None]
"""Is called with the pages that are copied and all of them."""


def _silent(_done: int, _all: int) -> None:
    """Nobody looks."""


def _as_it_is(_copy: sqlite3.Connection) -> None:
    """Nothing is to be added."""


def copy_file(
    path: Path,
    target: Path,
    *,
    complete: Callable[[sqlite3.Connection], None] = _as_it_is,
    told: Told = _silent,
    shared: bool = False,
    replace: bool = True,
) -> None:
    """Copy the state of this moment; ``complete`` may change the copy before it is checked and appears at ``target``.

    The copy is one file without a log, readable by its owner only, checked and on the disk when it gets its name;
    killed before, a file ``.part`` is left that means nothing. ``shared``: somebody else may be writing one of that
    name at the same time; each is whole, and the last to be ready stays, without ``replace`` the first.

    Raises StoreFull, StoreBroken, UsageError.
    """
    with opened(path) as source:
        copy(source, target, complete=complete, told=told, shared=shared, replace=replace)


def copy(
    source: sqlite3.Connection,
    target: Path,
    *,
    complete: Callable[[sqlite3.Connection], None] = _as_it_is,
    told: Told = _silent,
    shared: bool = False,
    replace: bool = True,
) -> None:
    """The same from an open connection that is in no transaction."""
    unfinished = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part" if shared else f"{target.name}.part")
    try:
        if shared:
            _remove_rests(target)
        with translated():
            _fill(source, unfinished, complete, told)
        if replace:
            unfinished.replace(target)
        else:
            _name_new(unfinished, target)
        to_disk(target.parent)
    except OSError as error:
        message = f"{target} cannot be written: {error.strerror}. Name a file in a folder that helpdesk may write."
        raise UsageError(message) from error
    finally:
        with suppress(OSError):  # a folder that cannot be written holds no rest either
            for rest in ("", "-journal"):
                unfinished.with_name(unfinished.name + rest).unlink(missing_ok=True)


def _name_new(unfinished: Path, target: Path) -> None:
    """Give it its name, unless that was given to another file meanwhile. Raises UsageError then."""
    try:
        os.link(unfinished, target)
    except FileExistsError as error:
        message = f"Somebody else has written {target} meanwhile; that one stays. Name another file."
        raise UsageError(message) from error
    except OSError:  # a file system without second names
        unfinished.replace(target)


def _remove_rests(target: Path) -> None:
    """What killed ones have left, which would fill the disk; nobody writes for so long and changes nothing."""
    for rest in target.parent.glob(f"{glob.escape(target.name)}.*.part*"):
        with suppress(FileNotFoundError):
            if rest.stat().st_mtime < time.time() - REST_SECONDS:
                rest.unlink()


def _fill(
    source: sqlite3.Connection, unfinished: Path, complete: Callable[[sqlite3.Connection], None], told: Told
) -> None:
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)  # before anything is in it: it holds what customers wrote
    # One state from the first page to the last, however much is written meanwhile; else each write begins it anew.
    source.execute("BEGIN")
    try:
        require_room(source, unfinished.parent)
        made = sqlite3.connect(unfinished, isolation_level=None)
        try:
            source.backup(made, pages=STEP_PAGES, progress=lambda _, left, pages: told(pages - left, pages))
            made.execute("PRAGMA journal_mode=DELETE")
            complete(made)
            require_sound(made)
        finally:
            made.close()
    finally:
        source.execute("ROLLBACK")
    to_disk(unfinished)


def require_room(source: sqlite3.Connection, folder: Path, times: float = SPARE) -> None:
    """Raises StoreFull unless the database fits into the folder so many times."""
    (size,) = source.execute("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").fetchone()
    free = shutil.disk_usage(folder).free
    if free < size * times:
        message = (
            f"There is no room for a copy of the database in {folder}: {int(size * times) // 2**20 + 1} MB are "
            f"needed, {free // 2**20} MB are free."
        )
        raise StoreFull(message)


def require_sound(connection: sqlite3.Connection) -> None:
    """Read everything. Raises StoreBroken when a page or an index is damaged."""
    (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
    if found != "ok":
        message = f"The database is damaged ({found})."
        raise StoreBroken(message)


@contextmanager
def opened(path: Path, *, writable: bool = False) -> Iterator[sqlite3.Connection]:
    """A plain connection to a file that is there; it never copies the log back while others are at work."""
    with translated(path):
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=BUSY_SECONDS
        )
        try:
            connection.execute("PRAGMA wal_autocheckpoint=0")
            connection.execute(f"PRAGMA query_only={'OFF' if writable else 'ON'}")
            yield connection
        finally:
            connection.close()


def to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, would survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        # Some network shares, where backups are put, know no fsync for folders.
        with suppress(OSError):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)
