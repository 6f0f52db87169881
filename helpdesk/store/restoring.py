"""Puts a backup in the place of a SQLite database: at every moment it is the old or the new one, never a half."""

from __future__ import annotations

import itertools
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from helpdesk.errors import StoreBroken, StoreBusy, StoreError, UsageError
from helpdesk.store import backups, copying, migrate, settling
from helpdesk.store.backups import Backup
from helpdesk.store.faults import translated
from helpdesk.store.session import Store
from helpdesk.store.settling import Settled

TURN_SECONDS = 5  # for a shell command that is just at work on the database to end


@dataclass(frozen=True, kw_only=True, slots=True)
class Restored:
    """From when the database is, what was settled in it, and where the one before is kept (None: there was none)."""

    backup: datetime
    settled: Settled
    kept: Path | None


def restore(store: Store, file: Path, *, now: datetime, told: copying.Told = lambda *_: None) -> Restored:
    """Put the backup in place of the store's file. The caller holds the daemon's lock.

    Raises UsageError when the file is no backup, SchemaMismatch when a newer version wrote it, StoreFull, StoreBroken
    when it is damaged, StoreBusy when somebody has the database open; the old database is as it was then.
    """
    assert store.path is not None
    backup = backups.read(file)
    migrate.require_known(backup.schema)
    if store.path.exists() and store.path.samefile(file):
        message = f"{file} is the database itself; name a backup of it."
        raise UsageError(message)
    prepared = store.path.with_name(store.path.name + ".restoring")
    _remove(prepared)
    try:
        copying.copy_file(file, prepared, complete=backups.strip, told=told)
        made, settled = _settled(prepared, backup, store, now)
        kept = _put(prepared, store.path, now)
    finally:
        _remove(prepared)
    return Restored(backup=made, settled=settled, kept=kept)


def _settled(prepared: Path, backup: Backup, store: Store, now: datetime) -> tuple[datetime, Settled]:
    """Bring the copy up to date and settle it, before anybody can see it."""
    assert store.path is not None
    copy = Store(f"sqlite:///{prepared.name}", site=prepared.parent)
    try:
        migrate.upgrade(copy, keep_copy=False)
        with copy.writing() as session:
            made = backup.made or settling.as_of(session) or now
            settled = settling.settle(session, backup=made, now=now, given=_given(store.path))
    finally:
        copy.close()
    with copying.opened(prepared, writable=True) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
        copying.require_sound(connection)
    copying.to_disk(prepared)
    return made, settled


def _given(path: Path) -> dict[str, int]:
    """The last numbers of the database that is to be replaced; nothing when it is gone or cannot be read."""
    if not path.exists():
        return {}
    try:
        with copying.opened(path) as connection:
            return dict(connection.execute("SELECT name, seq FROM sqlite_sequence").fetchall())
    except StoreError:
        return {}


def _put(prepared: Path, path: Path, now: datetime) -> Path | None:
    """Where the database before is kept, under a name that says when it was replaced."""
    kept = _unused(path.with_name(f"{path.name}.replaced-{now:%Y%m%d-%H%M%S}"))
    if path.exists() and path.stat().st_size:
        try:
            _write_over(prepared, path, kept)
        except StoreBroken:
            _rename_over(prepared, path, kept)
        return kept
    _rename_over(prepared, path, kept)
    return None


def _unused(name: Path) -> Path:
    """A restore that was killed may have kept one in the same second: that one is the older, and stays."""
    others = (name.with_name(f"{name.name}-{number}") for number in itertools.count(2))
    return next(each for each in itertools.chain([name], others) if not each.exists())


def _write_over(prepared: Path, path: Path, kept: Path) -> None:
    """Copy the old database aside and the new one into the same file, in one transaction of SQLite.

    No name changes, so a program that has the file open sees the old or the new state and can do no harm to either.
    Raises StoreBroken when the old one cannot be read.
    """
    with _alone(path) as connection, copying.opened(prepared) as source:
        copying.require_room(source, path.parent)  # for the log, through which all of it goes
        copying.copy(connection, kept)
        source.backup(connection, pages=copying.STEP_PAGES)


def _rename_over(prepared: Path, path: Path, kept: Path) -> None:
    """The old file is gone or damaged: nobody can work with it, and its log must not be taken for the new one's."""
    for ending in ("", "-wal"):
        old = path.with_name(path.name + ending)
        if old.exists():
            _second_name(old, kept.with_name(kept.name + ending))
    for ending in ("-wal", "-shm"):
        path.with_name(path.name + ending).unlink(missing_ok=True)
    prepared.replace(path)
    copying.to_disk(path.parent)


def _second_name(old: Path, new: Path) -> None:
    try:
        os.link(old, new)
    except OSError:  # a file system without second names
        shutil.copy2(old, new)


@contextmanager
def _alone(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection beside which nobody else reads or writes. Raises StoreBusy while somebody does."""
    with copying.opened(path, writable=True) as connection, translated(path):
        connection.execute(f"PRAGMA busy_timeout={TURN_SECONDS * 1000}")
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("COMMIT")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise
            message = f"Another program has {path} open; end it, and type this again."
            raise StoreBusy(message) from error
        yield connection


def _remove(prepared: Path) -> None:
    for ending in ("", "-wal", "-shm", "-journal", ".part"):
        prepared.with_name(prepared.name + ending).unlink(missing_ok=True)
