"""What the database complains of, said in our own errors: full, busy, read-only, gone, or simply failed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from helpdesk.errors import StoreBroken, StoreBusy, StoreError, StoreFull, StoreGone, StoreReadOnly

# Primary result codes of SQLite (sqlite.org/rescode.html); the extended ones carry them in the low byte.
SQLITE_KINDS: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: StoreBusy,
    sqlite3.SQLITE_LOCKED: StoreBusy,
    sqlite3.SQLITE_FULL: StoreFull,
    sqlite3.SQLITE_READONLY: StoreReadOnly,
    sqlite3.SQLITE_IOERR: StoreBroken,
    sqlite3.SQLITE_CANTOPEN: StoreBroken,
    sqlite3.SQLITE_CORRUPT: StoreBroken,
    sqlite3.SQLITE_NOTADB: StoreBroken,
}

# SQLSTATE of PostgreSQL, whole or its class, the first two characters (its manual, appendix A).
POSTGRESQL_KINDS: dict[str, type[StoreError]] = {
    "40001": StoreBusy,  # serialization failure
    "40P01": StoreBusy,  # deadlock
    "55P03": StoreBusy,  # lock not available in time
    "57014": StoreBusy,  # statement took too long
    "25006": StoreReadOnly,
    "53100": StoreFull,
    "53": StoreBusy,  # out of memory, too many connections
    "57": StoreGone,  # the server stops
    "08": StoreGone,
    "28": StoreGone,  # the server does not let us in
}


@contextmanager
def translated(path: Path | None = None) -> Iterator[None]:
    """Whatever the database raises inside comes out as a `StoreError`; ``path`` is the file of SQLite."""
    try:
        yield
    except DBAPIError as error:
        raise translation(error, path) from error
    except sqlite3.Error as error:
        # Raised while a connection is made ready, before SQLAlchemy looks.
        raise _sqlite(error, path) from error
    except PoolTimeout as error:
        message = "All connections to the database are in use."
        raise StoreBusy(message) from error
    except PendingRollbackError as error:
        message = "The database ended the transaction by itself; nothing of it was written."
        raise StoreError(message) from error


def translation(error: DBAPIError, path: Path | None = None) -> StoreError:
    """Our error for one of the driver's; its text names no values, so no words of a mail get into a log."""
    original = error.orig
    if isinstance(original, sqlite3.Error):
        return _sqlite(original, path)
    return _postgresql(original, lost=error.connection_invalidated or _said_nothing(error))


def _said_nothing(error: DBAPIError) -> bool:
    """No word from the server: it could not be reached. What the driver itself refuses is no such error."""
    state = getattr(error.orig, "sqlstate", None)
    return state is None and isinstance(error, (OperationalError, InterfaceError))


def _sqlite(error: sqlite3.Error, path: Path | None) -> StoreError:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    words = f"{path}: {error}" if path else str(error)
    if kind := SQLITE_KINDS.get(code):
        return kind(f"{kind.__doc__} ({words})")
    return StoreError(f"The database failed: {words}.")


def _postgresql(error: BaseException | None, *, lost: bool) -> StoreError:
    state = getattr(error, "sqlstate", None) or ""
    kind = POSTGRESQL_KINDS.get(state) or POSTGRESQL_KINDS.get(state[:2])
    diagnosis = getattr(getattr(error, "diag", None), "message_primary", None)
    words = diagnosis or str(error).strip().partition("\n")[0]
    if kind is None and lost:
        kind = StoreGone
    return kind(f"{kind.__doc__} ({words})") if kind else StoreError(f"The database failed: {words}.")
