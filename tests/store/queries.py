"""Watches which statements are sent to a database, and how it would carry them out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import Session


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A statement with its parameters."""

    statement: str
    parameters: Any


@contextmanager
def counted() -> Iterator[list[Sent]]:
    """Every statement that is sent meanwhile."""
    sent: list[Sent] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(Sent(statement=statement, parameters=parameters))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan(session: Session, sent: Sent, *, forced: bool = True) -> str:
    """How the database would carry it out, in its own words; ``forced``: small tables count as large ones."""
    connection = session.connection()
    word = "EXPLAIN QUERY PLAN"
    if connection.dialect.name == "postgresql":
        word = "EXPLAIN"
        connection.exec_driver_sql(f"SET LOCAL enable_seqscan = {'off' if forced else 'on'}")
    lines = connection.exec_driver_sql(f"{word} {sent.statement}", sent.parameters)
    return "\n".join(str(line[-1]) for line in lines)


def effort(session: Session, sent: Sent) -> int:
    """How much the database does for it: rows that PostgreSQL takes from tables and indexes, or steps of SQLite."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        lines = connection.exec_driver_sql(f"EXPLAIN ANALYZE {sent.statement}", sent.parameters).scalars()
        read = [re.search(r" Scan .*actual .*rows=(\d+) loops=(\d+)", line) for line in lines]
        return sum(int(each[1]) * int(each[2]) for each in read if each)
    steps = 0

    def step() -> None:
        nonlocal steps
        steps += 1

    driver: Any = connection.connection.dbapi_connection
    driver.set_progress_handler(step, 1)
    connection.exec_driver_sql(sent.statement, sent.parameters).all()
    driver.set_progress_handler(None, 1)
    return steps
