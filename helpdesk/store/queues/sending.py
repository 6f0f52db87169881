"""Letters being sent: claimed in batches, then sent, put off, failed, or nobody knows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import update
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import table

LETTERS = table(Outgoing)
NOBODY: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
# UNKNOWN has a next try only when it is an answer that is sent once more.
CLAIMABLE = (OutgoingState.QUEUED, OutgoingState.RETRY, OutgoingState.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSend:
    """A letter to be sent; ``attempts`` counts this one too."""

    id: int
    kind: str
    recipient: str
    envelope_from: str
    """"" is the null path."""
    message_id: str
    raw: bytes
    attempts: int
    created: datetime
    expires: datetime
    resent: bool
    """Its fate was unknown once already: never a third time."""
    automatic: bool
    ticket: int | None


def claim_letters(session: Session, *, owner: str, now: datetime, limit: int, lease_seconds: float) -> list[ToSend]:
    """Take letters whose time has come, the longest waiting first."""
    due = [row for state in CLAIMABLE for row in _due(session, state, now, limit)]
    ids = [number for _, number in sorted(due)[:limit]]
    if not ids:
        return []
    c = LETTERS.c
    values = {
        "state": OutgoingState.SENDING,
        "attempts": c.attempts + 1,
        "claimed_by": owner,
        "claimed_until": now + timedelta(seconds=lease_seconds),
        "data_started": None,
    }
    update(session, LETTERS, c.id.in_(ids), values)
    return _to_send(session, ids)


def data_started(session: Session, ids: Iterable[int], now: datetime) -> None:
    """Note, before the server gets the first byte, that from now on it may have the letter."""
    update(session, LETTERS, LETTERS.c.id.in_(list(ids)) & _sending(), {"data_started": now})


def sent(session: Session, letter_id: int, response: str, now: datetime) -> None:
    """The server took it. That is true whatever the row says, even when its lease ran out meanwhile."""
    values = {"state": OutgoingState.SENT, "response": response, "reason": None, "next_try": None, "done": now}
    update(session, LETTERS, LETTERS.c.id == letter_id, values | NOBODY)


def put_off(session: Session, letter_id: int, next_try: datetime, reason: str, now: datetime) -> None:
    """Try again later; ``now`` is kept as the instant when the server last said no."""
    values = {"state": OutgoingState.RETRY, "next_try": next_try, "reason": reason, "response": reason}
    update(session, LETTERS, (LETTERS.c.id == letter_id) & _sending(), values | NOBODY)


def failed(session: Session, letter_id: int, reason: str, now: datetime) -> None:
    """It cannot be delivered, for good."""
    values = {"state": OutgoingState.FAILED, "reason": reason, "response": reason, "next_try": None, "done": now}
    update(session, LETTERS, (LETTERS.c.id == letter_id) & _sending(), values | NOBODY)


def unknown(session: Session, letter_id: int, reason: str, next_try: datetime | None, now: datetime) -> None:
    """The connection broke after the final dot (RFC 1047). With a ``next_try`` it is sent once more, then marked so."""
    update(session, LETTERS, (LETTERS.c.id == letter_id) & _sending(), unknown_values(reason, next_try, now))


def unknown_values(reason: str, next_try: datetime | None, now: datetime) -> dict[str, Any]:
    """What a row says whose letter may have arrived or not."""
    again = {} if next_try is None else {"resent": True}
    done = now if next_try is None else None
    return {"state": OutgoingState.UNKNOWN, "reason": reason, "next_try": next_try, "done": done, **again, **NOBODY}


def _due(session: Session, state: OutgoingState, now: datetime, limit: int) -> list[tuple[datetime, int]]:
    c = LETTERS.c
    query = (
        sa.select(c.next_try, c.id)
        .where(c.state == state, c.next_try <= now)
        .order_by(c.next_try)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return [(next_try, number) for next_try, number in session.connection().execute(query)]


def _to_send(session: Session, ids: list[int]) -> list[ToSend]:
    c = LETTERS.c
    columns = [c[name] for name in ToSend.__dataclass_fields__]
    query = sa.select(*columns).where(c.id.in_(ids)).order_by(c.next_try, c.id)
    rows = session.connection().execute(query).mappings()
    return [ToSend(**{**row, "raw": zlib.decompress(row["raw"])}) for row in rows]


def _sending() -> sa.ColumnElement[bool]:
    return LETTERS.c.state == OutgoingState.SENDING
