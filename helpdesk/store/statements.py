"""Statements on bare tables that both databases understand, run at once in the session's transaction."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Upsert = postgresql.Insert | sqlite.Insert


def insert_into(session: Session, rows: sa.Table) -> Upsert:
    """An insert that can say what is to happen when the row exists already (``on_conflict_do_...``)."""
    if session.connection().dialect.name == "postgresql":
        return postgresql.Insert(rows)
    return sqlite.Insert(rows)


def update(session: Session, rows: sa.Table, where: sa.ColumnElement[bool], values: Mapping[str, Any]) -> int:
    """Change columns of all rows for which ``where`` holds; how many there were."""
    return session.connection().execute(sa.update(rows).where(where).values(**values)).rowcount
