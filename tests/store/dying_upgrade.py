"""An upgrade that is killed (`tests.dying`), and what is in the database then."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

# Alembic is loaded before the first death: no step of the work is to be a file of Python.
import alembic.command
import alembic.config
import sqlalchemy as sa

from helpdesk.store import migrate
from helpdesk.store.migrate import Steps
from helpdesk.store.session import Store
from tests.builders import NOW

assert alembic.command
assert alembic.config

MADE: dict[type[Any], Callable[[int], Any]] = {
    sa.Boolean: lambda _: False,
    sa.Integer: lambda number: number,
    sa.DateTime: lambda number: NOW.replace(tzinfo=None) + dt.timedelta(hours=number),
    sa.LargeBinary: lambda number: b"bytes %d" % number,
    sa.JSON: lambda number: [f"word {number}"],
    sa.String: lambda number: f"words {number}",
}
ROWS = 3
Columns = dict[str, list[str]]


def work(url: str, steps: str, **_: Any) -> None:
    """Start a newer version."""
    store = Store(url, site=Path())
    migrate.upgrade(store, Steps(folder=Path(steps)))
    store.close()


def look(url: str, columns: Columns, **_: Any) -> dict[str, Any]:
    """The schema, a sum of all rows in the old columns, and whether the database is sound."""
    store = Store(url, site=Path())
    with store.reading() as session:
        connection = session.connection()
        found: dict[str, Any] = {
            "schema": migrate.version_of(connection),
            "rows": sums(connection, columns),
            "sound": "ok",
        }
        found["added"] = sa.inspect(connection).has_table("news")
        if store.path is not None:
            found["sound"] = connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            assert not connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    store.close()
    return found


def fill(store: Store) -> Columns:
    """Rows in every table of whatever schema there is, each bound to the others; the columns that there are."""
    with store.writing() as session:
        connection = session.connection()
        tables = [table for table in _reflected(connection) if table.name != "alembic_version"]
        for table in tables:
            made = [{column.name: _value(column, number) for column in table.columns} for number in range(1, ROWS + 1)]
            connection.execute(sa.insert(table), made)
    return {table.name: [column.name for column in table.columns] for table in tables}


def sums(connection: sa.Connection, columns: Columns) -> dict[str, str]:
    """The number of rows and a sum of them, for each table."""
    tables = {table.name: table for table in _reflected(connection)}
    found = {}
    for name, wanted in columns.items():
        query = sa.select(*(tables[name].c[column] for column in wanted))
        rows = sorted(map(repr, connection.execute(query)))
        found[name] = f"{len(rows)} {hashlib.sha256(''.join(rows).encode()).hexdigest()[:12]}"
    return found


def _reflected(connection: sa.Connection) -> list[sa.Table]:
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return metadata.sorted_tables


def _value(column: sa.Column[Any], number: int) -> Any:
    return next(make(number) for kind, make in MADE.items() if isinstance(column.type, kind))
