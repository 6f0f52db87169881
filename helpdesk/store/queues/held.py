"""A letter that a guard holds, with its copies to the other participants: let go or called back by its author."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import AnyRow, update
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import table

LETTERS = table(Outgoing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """How many letters it concerned (0: none was held any more), their ticket, and the mail that they were made of."""

    letters: int
    ticket: int | None
    incoming_id: int | None


NOTHING = Settled(letters=0, ticket=None, incoming_id=None)


def let_go(session: Session, letter_id: int, reason: str, now: datetime) -> Settled:
    """Queue it; it gets as long to be delivered as it had at first, however long it was held."""
    row = _row(session, letter_id)
    if row is None:
        return NOTHING
    expires = max(row.expires, now + (row.expires - row.created))
    return _settle(session, row, {"state": OutgoingState.QUEUED, "reason": reason, "next_try": now, "expires": expires})


def call_back(session: Session, letter_id: int, reason: str, now: datetime) -> Settled:
    """Never send it; it uses up no limit."""
    over = {"state": OutgoingState.CANCELLED, "counted": False, "reason": reason, "next_try": None, "done": now}
    row = _row(session, letter_id)
    return NOTHING if row is None else _settle(session, row, over)


def keep_held(session: Session, letter_id: int, reason: str) -> Settled:
    """Let it wait for a person all the same, now for this reason."""
    row = _row(session, letter_id)
    return NOTHING if row is None else _settle(session, row, {"reason": reason})


def _row(session: Session, letter_id: int) -> AnyRow | None:
    c = LETTERS.c
    query = sa.select(c.id, c.kind, c.ticket, c.incoming_id, c.created, c.expires).where(c.id == letter_id)
    return session.connection().execute(query).one_or_none()


def _settle(session: Session, row: AnyRow, values: dict[str, Any]) -> Settled:
    c = LETTERS.c
    same = c.id == row.id
    if row.incoming_id is not None:
        same |= (c.incoming_id == row.incoming_id) & (c.kind == row.kind)
    letters = update(session, LETTERS, same & (c.state == OutgoingState.HELD), values)
    return Settled(letters=letters, ticket=row.ticket, incoming_id=row.incoming_id)
