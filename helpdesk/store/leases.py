"""Who may do what only one may do, on either database: a row with owner, end and epoch.

The epoch grows with each new holder. A protected write asks `holds` in its own transaction (fencing): a holder that
slept past its end then finds that another has taken over, and writes nothing.

The end only says when somebody else *may* take a lease, and is told by the clocks of the processes; whether a write
counts is decided by owner and epoch alone. Clocks that differ therefore let a lease change hands too early or too
late, and never let two write. (The database's clock would need a second way for SQLite, and hide from tests.)
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Lease
from helpdesk.store.tables.base import table

LEASES = table(Lease)
GIVEN_BACK = datetime(1970, 1, 1, tzinfo=UTC)  # past by every clock, also by one that is late


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A lease that we have; ``until`` is an instant, ``epoch`` tells our holding from all others."""

    name: str
    owner: str
    epoch: int
    until: datetime


def acquire(session: Session, name: str, *, owner: str, now: datetime, seconds: float) -> Held | None:
    """Take a lease that is free or has run out; None when somebody else has it. Our own is only renewed."""
    until = now + timedelta(seconds=seconds)
    connection = session.connection()
    c = LEASES.c
    first = insert_into(session, LEASES).values(name=name, owner=owner, until=until, epoch=1)
    number = connection.scalar(first.on_conflict_do_nothing().returning(c.epoch))
    if number is None:
        same = (c.owner == owner) & (c.until >= now)
        epoch = sa.case((same, c.epoch), else_=c.epoch + 1)
        taken = sa.update(LEASES).where(c.name == name, same | (c.until < now)).returning(c.epoch)
        number = connection.scalar(taken.values(owner=owner, until=until, epoch=epoch))
    return None if number is None else Held(name=name, owner=owner, epoch=number, until=until)


def renew(session: Session, held: Held, *, now: datetime, seconds: float) -> Held | None:
    """Hold it for longer; None when it ran out and somebody else took it."""
    until = now + timedelta(seconds=seconds)
    renewed = sa.update(LEASES).where(_ours(held)).values(until=until)
    if not session.connection().execute(renewed).rowcount:
        return None
    return Held(name=held.name, owner=held.owner, epoch=held.epoch, until=until)


def release(session: Session, held: Held) -> None:
    """Give it back; its row stays, so that the epoch goes on counting."""
    session.connection().execute(sa.update(LEASES).where(_ours(held)).values(until=GIVEN_BACK))


def holds(session: Session, held: Held) -> bool:
    """Whether nobody else took the lease, and nobody can before this transaction ends."""
    query = sa.select(LEASES.c.epoch).where(_ours(held)).with_for_update(read=True)
    return session.connection().scalar(query) is not None


def _ours(held: Held) -> sa.ColumnElement[bool]:
    return (LEASES.c.name == held.name) & (LEASES.c.owner == held.owner) & (LEASES.c.epoch == held.epoch)
