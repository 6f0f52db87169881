"""Hands statements to the driver, as SQLAlchemy would: with the engine's listeners and its errors.

PostgreSQL gets several of them at once (libpq's pipeline mode): the way there and back takes longer than what it does
with each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from helpdesk.errors import StoreError
from helpdesk.store import sqlite

TOGETHER = "postgresql"  # the database that gets several statements at once; SQLite has no way that could be saved
LATER = "helpdesk.later"  # under which a connection keeps what is to be carried out with the next statement


class Cursor(Protocol):
    """What both drivers' cursors can do."""

    @property
    def rowcount(self) -> int: ...
    def execute(self, statement: Any, parameters: Any, /) -> object: ...
    def executemany(self, statement: Any, parameters: Any, /) -> object: ...
    def fetchall(self) -> list[Any]: ...


class Asked(NamedTuple):
    """A statement on its way to the driver."""

    sql: str
    parameters: Any
    """A list is a row each."""
    answer: Callable[[Cursor], Any]


def found(cursor: Cursor) -> list[Any]:
    """An answer: the rows."""
    return cursor.fetchall()


def changed(cursor: Cursor) -> int:
    """An answer: how many rows were made or changed."""
    return cursor.rowcount


def flush(connection: Connection) -> None:
    """Carry out what was left for later."""
    if waiting := connection.info.pop(LATER, None):
        carry_out(connection, waiting)


def refuse_to_forget(connection: Connection) -> None:
    """A commit without what was left for later would lose it; `Store.writing` flushes first."""
    if connection.info.get(LATER):
        # Nobody undoes a transaction whose commit has begun: in the pool the next one would find itself inside it.
        connection.invalidate()
        message = "The transaction was to be committed before all of its statements had been sent."
        raise StoreError(message)


def forget(connection: Connection) -> None:
    """What was left for later is not to be done: the transaction is undone."""
    if not connection.invalidated:
        connection.info.pop(LATER, None)


def flush_before(connection: Connection, _cursor: Any, _sql: str, _values: Any, context: Any, _many: bool) -> None:
    """A statement of SQLAlchemy's own, too, finds everything that was said before it; ours see to that themselves."""
    if context is not None:
        flush(connection)


def heard_by_all(connection: Connection, sql: str, parameters: Any) -> tuple[str, Any]:
    """The statement after the engine's listeners have heard of it; a list of parameters is a row each."""
    many = isinstance(parameters, list)
    for heard in connection.engine.dispatch.before_cursor_execute:
        sql, parameters = heard(connection, None, sql, parameters, None, many)
    return sql, parameters


def sent(connection: Connection, sql: str, parameters: Any, answer: Callable[[Cursor], Any]) -> Any:
    """Let the driver carry it out; gives back what ``answer`` takes from the cursor."""
    asked = Asked(*heard_by_all(connection, sql, parameters), answer)
    waiting = connection.connection.info.pop(LATER, None)
    return carry_out(connection, [*waiting, asked] if waiting else [asked])[-1]


def carry_out(connection: Connection, asked: Sequence[Asked]) -> list[Any]:
    """One after the other, several on one way to the server and back; what each answers.

    Errors are those that SQLAlchemy would raise.
    """
    driver: Any = connection.dialect.dbapi
    raw: Any = connection.connection.dbapi_connection
    cursors = [raw.cursor() for _ in asked]
    try:
        *before, last = zip(cursors, asked, strict=True)
        if before:
            with raw.pipeline():
                for cursor, each in before:
                    _execute(cursor, each)
        # The last one goes alone: psycopg ends a pipeline so that the server does not count how long the transaction
        # is idle after it, and would never end that of a process which sleeps. A statement of its own is counted again.
        _execute(*last)
        if connection.dialect.name == TOGETHER and isinstance(asked[-1].parameters, list):
            raw.execute("SELECT 1")
        return [each.answer(cursor) for cursor, each in zip(cursors, asked, strict=True)]
    except StoreError:
        # What a check refuses must not be committed, whoever catches this: it may come out of another's statement.
        connection.invalidate()
        raise
    except driver.Error as error:
        for cursor in cursors:
            cursor.close()
        lost = connection.dialect.is_disconnect(error, raw, None)
        if lost or sqlite.rolled_back(raw):
            connection.invalidate(error)
        words = "; ".join(each.sql for each in asked)
        raise DBAPIError.instance(
            words, None, error, driver.Error, hide_parameters=True, connection_invalidated=lost
        ) from error


def _execute(cursor: Any, asked: Asked) -> None:
    if isinstance(asked.parameters, list):
        cursor.executemany(asked.sql, asked.parameters)
    else:
        cursor.execute(asked.sql, asked.parameters)
