"""How far each mailbox has been read: (mailbox, UIDVALIDITY, UID), never a flag and never a time window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Position
from helpdesk.store.tables.base import table

POSITIONS = table(Position)


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTo:
    """Everything up to ``uid`` is kept; what lies above it is new."""

    mailbox: str
    uidvalidity: int
    uid: int
    began: datetime
    """The first start of this mailbox; nothing older is taken in when everything is read anew."""
    acknowledge_from: datetime
    """Mail that the server took in before this instant never gets an automatic answer."""
    beat: datetime
    """When the watcher last looked and all was well."""
    error: str | None
    error_at: datetime | None


def get(session: Session, mailbox: str) -> ReadTo | None:
    """None for a mailbox that has never been read."""
    row = session.connection().execute(_query().where(POSITIONS.c.mailbox == mailbox)).mappings().one_or_none()
    return None if row is None else ReadTo(**row)


def known(session: Session) -> list[ReadTo]:
    """Every mailbox that was ever read, by name."""
    rows = session.connection().execute(_query().order_by(POSITIONS.c.mailbox)).mappings()
    return [ReadTo(**row) for row in rows]


def reset(
    session: Session, mailbox: str, *, uidvalidity: int, uid: int, acknowledge_from: datetime, now: datetime
) -> None:
    """Begin a mailbox, or begin anew: under another UIDVALIDITY all UIDs mean other mails (RFC 3501 2.3.1.1)."""
    connection = session.connection()
    row = {"uidvalidity": uidvalidity, "uid": uid, "acknowledge_from": acknowledge_from, "beat": now}
    statement = insert_into(session, POSITIONS).values(mailbox=mailbox, began=now, **row)
    connection.execute(statement.on_conflict_do_update(index_elements=["mailbox"], set_=row))


def advance(session: Session, mailbox: str, *, uidvalidity: int, uid: int, now: datetime) -> bool:
    """Move up to ``uid``, in the transaction that keeps the mails; never down. False when UIDVALIDITY is another."""
    c = POSITIONS.c
    higher = sa.case((c.uid < uid, uid), else_=c.uid)
    where = (c.mailbox == mailbox) & (c.uidvalidity == uidvalidity)
    values = {"uid": higher, "beat": now, "error": None, "error_at": None}
    return session.connection().execute(sa.update(POSITIONS).where(where).values(**values)).rowcount == 1


def beat(session: Session, mailbox: str, *, now: datetime) -> None:
    """The watcher looked and all is well."""
    _update(session, mailbox, beat=now, error=None, error_at=None)


def error(session: Session, mailbox: str, words: str, *, now: datetime) -> None:
    """The mailbox cannot be read, and why."""
    _update(session, mailbox, error=words, error_at=now)


def _update(session: Session, mailbox: str, **values: datetime | str | None) -> None:
    session.connection().execute(sa.update(POSITIONS).where(POSITIONS.c.mailbox == mailbox).values(**values))


def _query() -> sa.Select[tuple[object, ...]]:
    return sa.select(*(POSITIONS.c[name] for name in ReadTo.__dataclass_fields__))
