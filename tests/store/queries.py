"""Watches which statements are sent to a database, and how it would carry them out."""

from __future__ import annotations

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
