"""The heartbeats of the daemon's parts, for `helpdesk status`; a row for each process that does a part."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into, update
from helpdesk.store.tables import Part
from helpdesk.store.tables.base import table

PARTS = table(Part)
C = PARTS.c

INBOX, INTAKE, OUTBOX, JOBS = "inbox", "intake", "outbox", "jobs"
ALL = (INBOX, INTAKE, OUTBOX, JOBS)  # the words of `helpdesk run --parts`
JOBS_LEASE = (
    "timetable"  # the lease of who does the jobs; a new name would be another lease beside that of older versions
)
FORMER = {"timetable": JOBS}  # words of earlier versions, which may stand in a database

STARTING = "starting"
STOPPED = "stopped"
STANDBY = "standby"
GONE = timedelta(hours=1)  # a process that has been silent for so long is no more spoken of once another one begins


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """How a part is (`Part.state`); the last error stays to be read when it runs again."""

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
    """Say that a part lives, or (with ``error``) what ails it. A new process begins a row of its own."""
    fault: dict[str, Any] = {} if error is None else {"error": error, "error_at": now}
    row = {"beat": now, "state": state, **fault}
    if not update(session, PARTS, (C.name == name) & (C.process == process), row):
        _begin(session, {"name": name, "process": process, "started": now, **_last_fault(session, name), **row})


def names(does: Set[str], mailboxes: Iterable[str]) -> list[str]:
    """The parts of a process that ``does`` some of `ALL`: a watcher for each mailbox, and the others."""
    watchers = [f"{INBOX}:{mailbox}" for mailbox in mailboxes if INBOX in does]
    return [*watchers, *(word for word in ALL if word in does and word != INBOX)]


def ended(session: Session, process: str, *, now: datetime) -> None:
    """The process ends, with all its parts."""
    update(session, PARTS, C.process == process, {"beat": now, "state": STOPPED})


def all_ended(session: Session) -> None:
    """Whoever ever beat is dead. Only for a daemon that holds `Store.daemon_lock` of a SQLite file."""
    update(session, PARTS, C.state != STOPPED, {"state": STOPPED})


def beats(session: Session) -> list[Beat]:
    """What every process last said of each of its parts, by name, the newest first."""
    query = sa.select(*(C[name] for name in Beat.__dataclass_fields__))
    rows = session.connection().execute(query).mappings()
    found = [Beat(**(row | {"name": FORMER.get(row["name"], row["name"])})) for row in map(dict, rows)]
    return sorted(found, key=lambda beat: (beat.name, -beat.beat.timestamp(), beat.process))


def _begin(session: Session, row: dict[str, Any]) -> None:
    """The row of a new process in the place of those that have ended; two threads may begin it at once."""
    over = (C.state == STOPPED) | (C.beat < row["beat"] - GONE)
    session.connection().execute(sa.delete(PARTS).where(_is_called(row["name"]), C.process != row["process"], over))
    insert = insert_into(session, PARTS).values(**row)
    session.connection().execute(insert.on_conflict_do_update(index_elements=["name", "process"], set_=row))


def _is_called(name: str) -> sa.ColumnElement[bool]:
    return C.name.in_([name, *(former for former, now in FORMER.items() if now == name)])


def _last_fault(session: Session, name: str) -> dict[str, Any]:
    query = sa.select(C.error, C.error_at).where(_is_called(name), C.error_at.is_not(None)).order_by(C.error_at.desc())
    found = session.connection().execute(query.limit(1)).mappings().one_or_none()
    return dict(found or {})
