"""Mails that wait for a person: one list, each with its reason, and what the person may do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import UsageError
from helpdesk.store.pressed import unpress
from helpdesk.store.statements import update
from helpdesk.store.tables import Incoming, IncomingState, RawMail
from helpdesk.store.tables.base import is_row_number, table

INCOMING = table(Incoming)
RAW = table(RawMail)
MISREAD = (LedgerOutcome.AUTOMATIC, LedgerOutcome.BOUNCE)  # what a person may have written after all


@dataclass(frozen=True, kw_only=True, slots=True)
class Quarantined:
    """A mail in quarantine; sender and subject are None when no mail could be made of it."""

    id: int
    mailbox: str
    source: str
    received: datetime
    handled_at: datetime | None
    """When it came into quarantine."""
    sender: str | None
    subject: str | None
    kind: str | None
    reason: str | None
    findings: list[dict[str, str]]
    attempts: int
    size: int
    sha256: str


def quarantine_list(session: Session) -> list[Quarantined]:
    """All of them, the oldest first."""
    query = _query().where(INCOMING.c.state == IncomingState.QUARANTINE).order_by(INCOMING.c.id)
    return [Quarantined(**row) for row in session.connection().execute(query).mappings()]


def quarantined(session: Session, incoming_id: int) -> Quarantined:
    """One of them. Raises UsageError when there is none of that number."""
    row = None
    if is_row_number(incoming_id):
        row = session.connection().execute(_query().where(_held(incoming_id))).mappings().one_or_none()
    if row is None:
        message = f"Mail {incoming_id} is not in quarantine; `helpdesk quarantine list` shows what is."
        raise UsageError(message)
    return Quarantined(**row)


def export(session: Session, incoming_id: int) -> bytes:
    """The mail as it came. Raises UsageError when it is not in quarantine, StoreBroken when its bytes are damaged."""
    quarantined(session, incoming_id)
    query = sa.select(RAW.c.data).join(INCOMING, INCOMING.c.raw_id == RAW.c.id).where(INCOMING.c.id == incoming_id)
    return unpress(session.connection().execute(query).scalar_one(), f"mail {incoming_id}")


def release(session: Session, incoming_id: int, *, by: str, now: datetime) -> None:
    """Let it in: it is worked on again, and what the filters wanted to hold no longer counts."""
    _again(session, incoming_id, f"released by {by}", released=True)


def retry(session: Session, incoming_id: int, *, by: str, now: datetime) -> None:
    """Work on it again as on any mail, as after a mended configuration or a new version."""
    _again(session, incoming_id, f"tried again by {by}", released=False)


def drop(session: Session, incoming_id: int, *, by: str, now: datetime) -> None:
    """Nothing is to be done with it; the mail and the reason stay."""
    values = {"state": IncomingState.DONE, "outcome": LedgerOutcome.DROPPED, "handled_at": now}
    _change(session, incoming_id, f"dropped by {by}", values)


def handle_as_mail(session: Session, incoming_id: int, *, by: str) -> None:
    """Work again on a mail that was taken for a machine's and has no ticket. Raises UsageError for any other.

    A copy is not among them: its original was answered, or is in quarantine with a doubt that the copy does not show.
    """
    c = INCOMING.c
    known = is_row_number(incoming_id)
    misread = (c.id == (incoming_id if known else -1)) & (c.state == IncomingState.DONE) & c.ticket.is_(None)
    misread &= c.outcome.in_(MISREAD)
    row = session.connection().execute(sa.select(c.outcome, c.reason).where(misread)).one_or_none()
    values = {"state": IncomingState.WAITING, "outcome": None, "attempts": 0, "released": True, "handled_at": None}
    # The state is asked for once more: another person may have been faster.
    if row is None or not update(
        session,
        INCOMING,
        misread,
        {**values, "reason": f"taken for mail by a person by {by}; it had ended as {row.outcome.value}: {row.reason}"},
    ):
        message = (
            f"Mail {incoming_id} is not one that ended as {' or '.join(MISREAD)} without a ticket; "
            "`helpdesk mails list` shows how each ended."
        )
        raise UsageError(message)


def _again(session: Session, incoming_id: int, what: str, *, released: bool) -> None:
    values = {
        "state": IncomingState.WAITING,
        "outcome": None,
        "attempts": 0,
        "released": released,
        "handled_at": None,
    }
    _change(session, incoming_id, what, values)


def _change(session: Session, incoming_id: int, what: str, values: Mapping[str, Any]) -> None:
    before = quarantined(session, incoming_id)
    reason = f"{what}; it was held: {before.reason}"
    # The state is asked for once more: another person may have been faster.
    if not update(session, INCOMING, _held(incoming_id), {**values, "reason": reason}):
        message = f"Mail {incoming_id} has just been taken out of quarantine by somebody else."
        raise UsageError(message)


def _held(incoming_id: int) -> sa.ColumnElement[bool]:
    return (INCOMING.c.id == incoming_id) & (INCOMING.c.state == IncomingState.QUARANTINE)


def _query() -> sa.Select[Any]:
    c = INCOMING.c
    own = [c[name] for name in Quarantined.__dataclass_fields__ if name in c]
    return sa.select(*own, RAW.c.size, RAW.c.sha256).join(RAW, RAW.c.id == c.raw_id)
