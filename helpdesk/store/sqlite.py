"""SQLite: how its connections are opened, begun and watched."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, ExceptionContext
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from helpdesk.errors import UsageError
from helpdesk.store import texts

BUSY_SECONDS = 30  # a shell command that writes much holds the lock for some seconds, never for this long
TURN_SECONDS = 0.02  # between two tries to be the one who begins the log
READERS = 10  # connections at once: mailboxes, sender, timetable, a shell command
CHECKPOINT_PAGES = 1000  # of the log, 4 MB: SQLite's own default; only the daemon's writer does it
WAL_KEPT_BYTES = 64 * 2**20  # a log that grew in a storm is cut back to this

# Two connections, one of which copies the log back, may corrupt the file (sqlite.org/wal.html, "the WAL-reset bug").
WAL_RESET_BUG = ((3, 7, 0), (3, 51, 2))
WAL_RESET_MENDED = frozenset({(3, 44, 6), (3, 50, 7)})


def has_wal_reset_bug(version: tuple[int, int, int] = sqlite3.sqlite_version_info) -> bool:
    """Whether this SQLite may corrupt a database that several connections check-point; we let only one do so."""
    first, last = WAL_RESET_BUG
    mended = any(version[:2] == fix[:2] and version >= fix for fix in WAL_RESET_MENDED)
    return first <= version <= last and not mended


def located(url: URL, site: Path) -> Path:
    """Where the database file lies; a relative path counts from the site's folder. Raises UsageError."""
    if not url.database or url.database == ":memory:":
        message = 'The database needs a file, as in [store] url = "sqlite:///helpdesk.db".'
        raise UsageError(message)
    path = (site / url.database).absolute()
    if not path.parent.is_dir():
        message = f"The folder {path.parent} for {path.name} does not exist. Make it, or change [store] url."
        raise UsageError(message)
    return path


def engine(
    url: URL, *, writer: bool, checkpoint: bool, foreign_keys: bool = True, busy_seconds: float = BUSY_SECONDS
) -> Engine:
    """Connections of one role. A writer has exactly one, handed from thread to thread, and begins with the lock."""
    made = sa.create_engine(
        url,
        connect_args={"timeout": busy_seconds, "check_same_thread": False},
        poolclass=QueuePool,
        pool_size=1 if writer else READERS,
        max_overflow=0,
        pool_timeout=busy_seconds,
        hide_parameters=True,
        json_serializer=texts.dumps,
    )
    texts.guard(made)
    pragmas = _pragmas(writer=writer, checkpoint=checkpoint, foreign_keys=foreign_keys)
    begin = "BEGIN IMMEDIATE" if writer else "BEGIN"

    @event.listens_for(made, "connect")
    def prepare(connection: sqlite3.Connection, _record: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # we begin, not the driver: its way loses updates silently
        _write_ahead(connection)
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        # SQLite's own knows the letters of ASCII only, and searches would miss ÉVA or Принтер.
        connection.create_function("lower", 1, _lower, deterministic=True)

    @event.listens_for(made, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(made, "handle_error", _give_up_when_rolled_back)
    return made


def _pragmas(*, writer: bool, checkpoint: bool, foreign_keys: bool) -> tuple[str, ...]:
    return (
        "synchronous=FULL",
        f"foreign_keys={'ON' if foreign_keys else 'OFF'}",
        f"wal_autocheckpoint={CHECKPOINT_PAGES if checkpoint else 0}",
        f"journal_size_limit={WAL_KEPT_BYTES}",
        f"query_only={'OFF' if writer else 'ON'}",
    )


def _write_ahead(connection: sqlite3.Connection) -> None:
    """Keep a log beside the file; a new file gets it once, and SQLite does not wait its turn for that by itself."""
    end = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(TURN_SECONDS)
        else:
            return


def _lower(value: Any) -> Any:
    return value.lower() if isinstance(value, str) else value


def rolled_back(connection: Any) -> bool:
    """Whether a connection that was in a transaction is so no more, after an error."""
    return connection is not None and not getattr(connection, "in_transaction", True)


def _give_up_when_rolled_back(context: ExceptionContext) -> None:
    """SQLITE_FULL, an I/O error and the like roll the whole transaction back; the next statement would commit alone.

    The connection is thrown away, so that nothing more can be done on it in this transaction.
    """
    if rolled_back(context.connection and context.connection.connection.dbapi_connection):
        context.invalidate_pool_on_disconnect = False
        context.is_disconnect = True
