"""The letters as a person sees them at the shell: listed, shown, tried again, let go or called back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.errors import UsageError
from helpdesk.store.pressed import unpress
from helpdesk.store.queues.sending import NOBODY
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import is_row_number, table

LETTERS = table(Outgoing)

OPEN = frozenset(OutgoingState) - {OutgoingState.SENT, OutgoingState.CANCELLED}
CANCELLABLE = frozenset(
    {OutgoingState.QUEUED, OutgoingState.RETRY, OutgoingState.HELD, OutgoingState.FAILED, OutgoingState.UNKNOWN}
)
RETRIABLE = frozenset({OutgoingState.RETRY, OutgoingState.FAILED, OutgoingState.UNKNOWN})


@dataclass(frozen=True, kw_only=True, slots=True)
class LetterView:
    """All but the bytes of a letter."""

    id: int
    key: str
    kind: str
    automatic: bool
    outside: bool
    ticket: int | None
    staff: str | None
    recipient: str
    message_id: str
    subject: str
    size: int
    state: OutgoingState
    reason: str | None
    created: datetime
    next_try: datetime | None
    expires: datetime
    attempts: int
    resent: bool
    response: str | None
    done: datetime | None


COLUMNS = [LETTERS.c[name] for name in LetterView.__dataclass_fields__]


def letters(
    session: Session,
    *,
    states: Collection[OutgoingState] = OPEN,
    ticket: int | None = None,
    limit: int = 100,
    reason: str = "",
) -> list[LetterView]:
    """The newest letters in these states, of one ticket or of all; ``reason``: only those whose reason begins so."""
    query = sa.select(*COLUMNS).where(LETTERS.c.state.in_(states)).order_by(LETTERS.c.id.desc()).limit(limit)
    if ticket is not None and not is_row_number(ticket):
        return []
    if ticket is not None:
        query = query.where(LETTERS.c.ticket == ticket)
    if reason:
        query = query.where(LETTERS.c.reason.startswith(reason, autoescape=True))
    return [LetterView(**row) for row in session.connection().execute(query).mappings()]


def letter(session: Session, letter_id: int) -> LetterView:
    """One letter. Raises UsageError when there is none of that number."""
    row = None
    if is_row_number(letter_id):
        query = sa.select(*COLUMNS).where(LETTERS.c.id == letter_id)
        row = session.connection().execute(query).mappings().one_or_none()
    if row is None:
        message = f"There is no letter {letter_id}; `helpdesk outbox list` shows what there is."
        raise UsageError(message)
    return LetterView(**row)


def letter_bytes(session: Session, letter_id: int) -> bytes:
    """The finished letter. Raises UsageError when there is none of that number, StoreBroken when it is damaged."""
    letter(session, letter_id)
    query = sa.select(LETTERS.c.raw).where(LETTERS.c.id == letter_id)
    return unpress(session.connection().execute(query).scalar_one(), f"letter {letter_id}")


def retry_letter(session: Session, letter_id: int, *, by: str, now: datetime) -> None:
    """Try at once what was put off, failed or of unknown fate. Raises UsageError in any other state."""
    view = _in_state(session, letter_id, RETRIABLE, "tried again")
    _queue(session, view, f"tried again by {by}", now)


def cancel_letter(session: Session, letter_id: int, *, by: str, now: datetime) -> None:
    """Do not send it. Raises UsageError when it is sent, being sent or cancelled already."""
    view = _in_state(session, letter_id, CANCELLABLE, "cancelled")
    values = {"state": OutgoingState.CANCELLED, "counted": False, "next_try": None, "done": now}
    _change(session, view, f"cancelled by {by}", values)


def held_letter(session: Session, letter_id: int) -> LetterView:
    """One letter that a guard or the breaker holds. Raises UsageError when it is not held."""
    return _in_state(session, letter_id, {OutgoingState.HELD}, "released")


def _in_state(session: Session, letter_id: int, states: Collection[OutgoingState], what: str) -> LetterView:
    view = letter(session, letter_id)
    if view.state not in states:
        message = f"Letter {letter_id} is {view.state.value}, it cannot be {what}."
        raise UsageError(message)
    return view


def _queue(session: Session, view: LetterView, what: str, now: datetime) -> None:
    """It gets as long to be delivered as it had at first."""
    expires = max(view.expires, now + (view.expires - view.created))
    values = {"state": OutgoingState.QUEUED, "next_try": now, "expires": expires, "done": None, **NOBODY}
    _change(session, view, what, values)


def _change(session: Session, view: LetterView, what: str, values: Mapping[str, Any]) -> None:
    reason = f"{what}; before: {view.state.value}" + (f", {view.reason}" if view.reason else "")
    # The state is asked for once more: the sender may have taken it in between.
    where = (LETTERS.c.id == view.id) & (LETTERS.c.state == view.state)
    done = session.connection().execute(sa.update(LETTERS).where(where).values(**values, reason=reason)).rowcount
    if not done:
        message = f"Letter {view.id} has just been taken by the sender."
        raise UsageError(message)
