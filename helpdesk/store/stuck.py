"""Counts what stands still in the two queues although it could be handled, for `helpdesk status`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState
from helpdesk.store.tables.base import table

INCOMING, OUTGOING = table(Incoming), table(Outgoing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stuck:
    """How many rows of each queue should have been taken up before a given instant, and were not."""

    incoming: int
    outgoing: int


def waiting_for_a_person(session: Session, before: datetime) -> int:
    """Mails in quarantine since before ``before``, and those that could not be handled at all (they have no kind)."""
    c = INCOMING.c
    where = (c.state == IncomingState.QUARANTINE, (c.handled_at < before) | c.kind.is_(None))
    return session.connection().scalar(sa.select(sa.func.count()).select_from(INCOMING).where(*where)) or 0


def stuck(session: Session, before: datetime) -> Stuck:
    """Rows that were due before ``before``; a letter that is put off counts from its next try."""
    c, o = INCOMING.c, OUTGOING.c
    mails = ((c.state == IncomingState.WAITING) & (c.kept_at < before)) | (
        (c.state == IncomingState.WORKING) & (c.claimed_until < before)
    )
    letters = (
        o.state.in_((OutgoingState.QUEUED, OutgoingState.RETRY, OutgoingState.UNKNOWN)) & (o.next_try < before)
    ) | ((o.state == OutgoingState.SENDING) & (o.claimed_until < before))
    count = session.connection().scalar
    return Stuck(
        incoming=count(sa.select(sa.func.count()).select_from(INCOMING).where(mails)) or 0,
        outgoing=count(sa.select(sa.func.count()).select_from(OUTGOING).where(letters)) or 0,
    )
