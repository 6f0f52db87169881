"""Statements on bare tables that both databases understand, run at once in the transaction that is open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel

from helpdesk.store.direct import Direct
from helpdesk.store.tables.base import table

DECIDING = 0x44455349  # "DESI": the advisory lock of PostgreSQL under which one transaction decides

AnyRow = sa.Row[*tuple[Any, ...]]  # of a query whose columns the type checker cannot follow
Upsert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, rows: sa.Table) -> Upsert:
    """An insert that can say what is to happen when the row exists already (``on_conflict_do_...``)."""
    return insert(session.connection().dialect.name, rows)


def insert(dialect: str, rows: sa.Table) -> Upsert:
    """The same for a dialect that is known by its name."""
    return postgresql.Insert(rows) if dialect == "postgresql" else sqlite.Insert(rows)


def update(session: Session, rows: sa.Table, where: sa.ColumnElement[bool], values: Mapping[str, Any]) -> int:
    """Change columns of all rows for which ``where`` holds; how many there were."""
    return session.connection().execute(sa.update(rows).where(where).values(**values)).rowcount


def insert_new(session: Session, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert the rows that are not there yet, by any unique constraint; how many were new."""
    if not rows:
        return 0
    return _insert_new(table(model), tuple(rows[0])).run_all(session, rows)


_DECIDE = Direct(sa.select(sa.func.pg_advisory_xact_lock(DECIDING)))


@cache
def _insert_new(rows: sa.Table, columns: tuple[str, ...]) -> Direct:
    return Direct(lambda dialect: insert(dialect, rows).on_conflict_do_nothing(), columns=columns)


def decide_alone(session: Session) -> None:
    """From here to the end of the transaction nobody else decides, on PostgreSQL too; on SQLite that is always so.

    Otherwise two processes would each miss the other's half: open two tickets for two copies of a mail, or send one
    automatic letter more than a limit allows. Whoever changes a letter and its ticket asks for this first, before he
    locks either: else one who goes from the letter to the ticket, and one who goes the other way, wait for each other.
    """
    connection = session.connection()
    # A transaction that holds the lock has no need to ask for it again.
    if connection.dialect.name == "postgresql" and session.info.get(DECIDING) is not session.get_transaction():
        _DECIDE.rows(session)
        session.info[DECIDING] = session.get_transaction()
