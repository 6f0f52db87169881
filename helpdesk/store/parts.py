"""The heartbeats of the daemon's parts, for `helpdesk status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Part
from helpdesk.store.tables.base import table

PARTS = table(Part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """How a part is: running, waiting, failed or stopped; the last error stays to be read when it runs again."""

    name: str
    process: str
    started: datetime
    beat: datetime
    state: str
    error: str | None
    error_at: datetime | None


def beat(
    session: Session, name: str, *, process: str, state: str = "running", now: datetime, error: str | None = None
) -> None:
    """Say that a part lives, or (with ``error``) what ails it. A new process begins a new ``started``."""
    connection = session.connection()
    fault = {} if error is None else {"error": error, "error_at": now}
    row = {"name": name, "process": process, "started": now, "beat": now, "state": state, **fault}
    started = sa.case((PARTS.c.process == process, PARTS.c.started), else_=now)
    change = {"process": process, "started": started, "beat": now, "state": state, **fault}
    connection.execute(
        insert_into(session, PARTS).values(**row).on_conflict_do_update(index_elements=["name"], set_=change)
    )


def beats(session: Session) -> list[Beat]:
    """Every part that ever beat, by name."""
    query = sa.select(*(PARTS.c[name] for name in Beat.__dataclass_fields__)).order_by(PARTS.c.name)
    return [Beat(**row) for row in session.connection().execute(query).mappings()]
