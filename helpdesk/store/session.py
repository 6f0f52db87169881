"""The two doors to the database, reading and writing; SQLite or PostgreSQL behind the same doors."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import ArgumentError
from sqlmodel import Session as Session  # the name for rooms that only hold one

from helpdesk.errors import AlreadyRunning, StoreBroken, StoreReadOnly, UsageError
from helpdesk.store import driver, postgresql, sqlite
from helpdesk.store.faults import translated

Dialect = Literal["sqlite", "postgresql"]
DIALECTS: dict[str, Dialect] = {"sqlite": "sqlite", "postgresql": "postgresql"}
DRIVERS: dict[Dialect, str] = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}


class Store:
    """The database of a site; opened once, handed down, safe to share between threads.

    ``daemon`` is the one role that copies SQLite's log back into the file. A session lives in one ``with``, in one
    thread; no network inside. Nothing is connected before the first ``with``.
    """

    def __init__(
        self, url: str, *, site: Path, daemon: bool = False, busy_seconds: float = sqlite.BUSY_SECONDS
    ) -> None:
        """``busy_seconds``: how long SQLite's lock is waited for.

        Raises UsageError when the URL is none of ours or the folder of the file is missing.
        """
        self._arguments = {"url": url, "site": site, "daemon": daemon, "busy_seconds": busy_seconds}
        parsed = _parsed(url)
        self.dialect: Dialect = DIALECTS[parsed.get_backend_name()]
        self.path: Path | None = None
        if self.dialect == "sqlite":
            self.path = sqlite.located(parsed, site)
            parsed = parsed.set(database=str(self.path))
        self.url: URL = parsed.set(drivername=DRIVERS[self.dialect])
        self._reader, self._writer = self._engines(daemon=daemon, busy_seconds=busy_seconds)
        self._first: Callable[[Session], None] = _nothing

    def __reduce__(self) -> tuple[Any, ...]:
        """A copy in another process opens its own connections."""
        return _again, (self._arguments,)

    def _engines(self, *, daemon: bool, busy_seconds: float) -> tuple[Engine, Engine]:
        if self.dialect == "postgresql":
            engine = postgresql.engine(self.url)
            return postgresql.reader(engine), engine
        reader = sqlite.engine(self.url, writer=False, checkpoint=False, busy_seconds=busy_seconds)
        return reader, sqlite.engine(self.url, writer=True, checkpoint=daemon, busy_seconds=busy_seconds)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database and cannot change it."""
        with translated(self.path), Session(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose changes are committed at the end, all or nothing; on an error none. Holds SQLite's lock."""
        with translated(self.path), Session(self._writer, expire_on_commit=False) as session:
            self._first(session)
            yield session
            if session.in_transaction():
                driver.flush(session.connection())
            session.commit()

    def fenced(self, require: Callable[[Session], None]) -> Store:
        """The same database and connections for one who may write only as long as something is his.

        ``require`` is called first in each writing transaction, and raises LeaseLost when it is his no more.
        """
        same = object.__new__(Store)
        same.__dict__ = {**self.__dict__, "_first": require}
        return same

    def daemon_lock(self) -> AbstractContextManager[None]:
        """Held while the daemon runs. Raises AlreadyRunning; PostgreSQL lets several daemons work, there it is free."""
        return _file_lock(self.path)

    def free_mb(self) -> int | None:
        """Free space beside the database file, in megabytes; None for PostgreSQL, whose disk we do not see.

        Raises StoreBroken when the folder cannot be looked at.
        """
        if self.path is None:
            return None
        try:
            return shutil.disk_usage(self.path.parent).free // 2**20
        except OSError as error:
            message = f"The folder {self.path.parent} cannot be looked at: {error.strerror}."
            raise StoreBroken(message) from error

    def clock_late(self, now: Callable[[], datetime]) -> float | None:
        """By how many seconds ``now`` is behind the clock of PostgreSQL; None for SQLite, which has no clock."""
        if self.dialect == "sqlite":
            return None
        with self.reading() as session:
            theirs = session.connection().scalar(sa.select(sa.func.clock_timestamp()))
        return None if theirs is None else (theirs - now()).total_seconds()

    @property
    def address(self) -> str:
        """The URL as PostgreSQL's own programs take it: without our driver, and without the password."""
        parts = self.url
        return URL.create(
            self.dialect, parts.username, None, parts.host, parts.port, parts.database, parts.query
        ).render_as_string()

    @property
    def wal_reset_bug(self) -> bool:
        """Whether the SQLite in use is one of those with the WAL-reset bug; worth a warning at the start."""
        return self.dialect == "sqlite" and sqlite.has_wal_reset_bug()

    @property
    def exists(self) -> bool:
        """False when the SQLite file is still to be made; a PostgreSQL database exists or cannot be opened."""
        return self.path is None or (self.path.is_file() and self.path.stat().st_size > 0)

    def close(self) -> None:
        """Let all connections go; the store can still be used and opens new ones then."""
        self._reader.dispose()
        self._writer.dispose()


def _nothing(_session: Session) -> None:
    """Everybody may write."""


def _again(arguments: dict[str, Any]) -> Store:
    return Store(**arguments)


def _parsed(url: str) -> URL:
    try:
        # A scheme of old that many tools still write.
        parsed = sa.make_url(url.replace("postgres://", "postgresql://", 1))
    except ArgumentError:
        parsed = None
    if parsed is None or parsed.get_backend_name() not in DIALECTS:
        message = '[store] url must be like "sqlite:///helpdesk.db" or "postgresql://user@host/database".'
        raise UsageError(message) from None
    return parsed


@contextmanager
def _file_lock(path: Path | None) -> Iterator[None]:
    """An advisory lock on a file beside the database; the kernel frees it when the process dies."""
    if path is None:
        yield
        return
    beside = path.with_name(path.name + ".lock")
    with _opened(beside) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = (
                f"Another helpdesk daemon works on {path} (it holds {beside.name}); several processes need PostgreSQL."
            )
            raise AlreadyRunning(message) from None
        yield


@contextmanager
def _opened(path: Path) -> Iterator[int]:
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"The lock file {path} cannot be opened: {error.strerror}."
        raise StoreReadOnly(message) from error
    try:
        yield descriptor
    finally:
        os.close(descriptor)
