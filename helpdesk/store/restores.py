"""Remembers that a backup was put back, for the mailboxes that it did not know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Restore
from helpdesk.store.tables.base import table

RESTORES = table(Restore)

# A mailbox that is begun so soon after a restore was probably read before it. A week, as nobody overlooks for longer
# that a mailbox is missing from settings that came out of the backup, too. If it is new after all, what lies in it
# since the backup opens tickets, and nobody gets a confirmation: better than to lose a mailbox's mail in silence.
LATELY = timedelta(days=7)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lost:
    """The time of which the database knows nothing: from ``since`` until ``until``."""

    since: datetime
    until: datetime


def note(session: Session, *, backup: datetime, now: datetime) -> None:
    """A backup of ``backup`` has been put back."""
    statement = insert_into(session, RESTORES).values(at=now, backup=backup)
    session.connection().execute(statement.on_conflict_do_nothing())


def lately(session: Session, now: datetime) -> Lost | None:
    """What the last restore lost, for a mailbox that is begun now; None when there was none for some time."""
    c = RESTORES.c
    query = sa.select(c.backup, c.at).where(c.at > now - LATELY).order_by(c.at.desc()).limit(1)
    row = session.connection().execute(query).one_or_none()
    return None if row is None else Lost(since=row.backup, until=row.at)
