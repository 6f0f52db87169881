"""Mails being worked on: claimed in batches, finished with an outcome, or tried again, or given to a person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import StoreBroken, StoreError
from helpdesk.store.direct import Direct
from helpdesk.store.pressed import unpress
from helpdesk.store.statements import update
from helpdesk.store.tables import Incoming, IncomingState, RawMail
from helpdesk.store.tables.base import key_text, table

TRIES = 3  # then a person looks at the mail
BATCH_BYTES = 8 * 2**20  # of raw mails claimed together: at the end of a batch the next one is in memory, too
TRIES_ALONE = 3  # more, one mail at a time, when the process died over it: its neighbours in the batch are innocent

INCOMING = table(Incoming)
RAW = table(RawMail)
NOBODY: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
# What the ledger says of a mail that has been handled.
ENTERED = (
    *("state", "outcome", "reason", "kind", "findings", "ticket", "handled_at"),
    *("message_id", "content_hash", "sender", "subject"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Claimed:
    """A mail to be worked on; ``attempts`` counts this one too."""

    id: int
    mailbox: str
    raw: bytes
    received: datetime
    acknowledge: bool
    attempts: int
    released: bool
    source: str
    again: bool
    """It was probably handled once, before a backup was restored."""
    damaged: bool = False
    """Its bytes cannot be read any more; then ``raw`` is empty."""


class MailFacts(NamedTuple):
    """What the ledger notes of a mail, to find duplicates and to show it in lists."""

    message_id: str | None = None
    content_hash: str | None = None
    sender: str | None = None
    subject: str | None = None


def claim(
    session: Session, *, owner: str, now: datetime, limit: int, lease_seconds: float, besides: Collection[int] = ()
) -> list[Claimed]:
    """Take mails to work on, oldest first: waiting ones, and those whose worker has not been heard of for too long.

    A mail over which the process died again and again is handed out alone; at last it goes to quarantine unread.
    ``besides`` are left out: what the caller holds already is not lost, however long ago it was claimed.
    """
    lost = _lost(session, now, besides)
    _give_up(session, [row.id for row in lost if row.attempts >= TRIES + TRIES_ALONE], now)
    suspects = [row.id for row in lost if TRIES <= row.attempts < TRIES + TRIES_ALONE]
    if suspects:
        chosen = suspects[:1]
    else:
        # What a crash left goes alone: with fresh mails on top each next batch would be larger than the failed one.
        chosen = [row.id for row in lost if row.attempts < TRIES][:limit] or _waiting(session, limit, besides)
    return _take(session, chosen, owner, now + timedelta(seconds=lease_seconds))


def claimable(session: Session, now: datetime) -> bool:
    """Whether there is anything to claim; it is left where it is."""
    c = INCOMING.c
    lost = (c.state == IncomingState.WORKING) & (c.claimed_until < now)
    # By the index of the queue: to ask whether one exists, SQLite would read the whole table.
    queries = (sa.select(c.id).where(each).order_by(c.id).limit(1) for each in (c.state == IncomingState.WAITING, lost))
    return any(session.connection().scalar(query) is not None for query in queries)


def finish(
    session: Session,
    incoming_id: int,
    *,
    owner: str,
    now: datetime,
    outcome: LedgerOutcome,
    reason: str,
    kind: str | None,
    findings: Sequence[Mapping[str, str]],
    mail_facts: tuple[str | None, str | None, str | None, str | None],
    ticket: int | None,
) -> None:
    """Enter how a mail ended; QUARANTINE lets it wait for a person.

    Raises StoreError when the claim was lost; on PostgreSQL the next statement does so, or the commit.
    """
    held = outcome is LedgerOutcome.QUARANTINE
    values = {
        "state": IncomingState.QUARANTINE if held else IncomingState.DONE,
        "outcome": outcome,
        "reason": reason,
        "kind": kind,
        "findings": [dict(finding) for finding in findings],
        "ticket": ticket,
        "handled_at": now,
        **_facts(*mail_facts),
    }
    where = {"mail": incoming_id, "owner": owner}

    def check(finished: int) -> None:
        if finished != 1:
            message = f"Mail {incoming_id} is being worked on by somebody else: the claim ran out."
            raise StoreError(message)

    _FINISH.later(session, [values | where], check)


def fail(session: Session, incoming_id: int, *, owner: str, now: datetime, reason: str) -> bool:
    """Note that a mail could not be handled: it waits for another try, or is quarantined (True) at the third."""
    attempts = session.connection().scalar(sa.select(INCOMING.c.attempts).where(INCOMING.c.id == incoming_id)) or 0
    if attempts < TRIES:
        _update_mine(session, incoming_id, owner, {"state": IncomingState.WAITING, "reason": reason, **NOBODY})
        return False
    return _update_mine(session, incoming_id, owner, _quarantine(f"{reason} (after {attempts} attempts)", now))


def hand_back(session: Session, *, owner: str) -> None:
    """Let all mails that are ours go untouched, as at a graceful stop; the attempt does not count."""
    values = {"state": IncomingState.WAITING, "attempts": INCOMING.c.attempts - 1, **NOBODY}
    update(session, INCOMING, _mine(owner), values)


def _lost(session: Session, now: datetime, besides: Collection[int]) -> Sequence[sa.Row[int, int]]:
    c = INCOMING.c
    query = (
        sa.select(c.id, c.attempts)
        .where(c.state == IncomingState.WORKING, c.claimed_until < now, *_none_of(besides))
        .order_by(c.id)
        .with_for_update(skip_locked=True)
    )
    return session.connection().execute(query).all()


def _give_up(session: Session, ids: list[int], now: datetime) -> None:
    if ids:
        reason = f"helpdesk died {TRIES + TRIES_ALONE} times while it worked on this mail"
        update(session, INCOMING, INCOMING.c.id.in_(ids), _quarantine(reason, now))


def _waiting(session: Session, limit: int, besides: Collection[int]) -> list[int]:
    """As many as may be held in memory at once, but at least one."""
    # The first ones by their index, then their sizes: PostgreSQL would look up those of the whole backlog.
    first = (
        sa.select(INCOMING.c.id, INCOMING.c.raw_id)
        .where(INCOMING.c.state == IncomingState.WAITING, *_none_of(besides))
        .order_by(INCOMING.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .subquery()
    )
    query = sa.select(first.c.id, RAW.c.size).join(RAW, RAW.c.id == first.c.raw_id).order_by(first.c.id)
    chosen: list[int] = []
    room = BATCH_BYTES
    for row in session.connection().execute(query):
        if chosen and row.size > room:
            break
        chosen.append(row.id)
        room -= row.size
    return chosen


def _none_of(ids: Collection[int]) -> list[sa.ColumnElement[bool]]:
    return [INCOMING.c.id.not_in(ids)] if ids else []


def _take(session: Session, ids: list[int], owner: str, until: datetime) -> list[Claimed]:
    if not ids:
        return []
    c = INCOMING.c
    mine = {"state": IncomingState.WORKING, "attempts": c.attempts + 1, "claimed_by": owner, "claimed_until": until}
    update(session, INCOMING, c.id.in_(ids), mine)
    told = (c.received, c.acknowledge, c.attempts, c.released, c.source, c.again)
    query = (
        sa.select(c.id, c.mailbox, RAW.c.data.label("raw"), *told)
        .join(RAW, RAW.c.id == c.raw_id)
        .where(c.id.in_(ids))
        .order_by(c.id)
    )
    return [_claimed(row) for row in session.connection().execute(query).mappings()]


def _claimed(row: sa.RowMapping) -> Claimed:
    try:
        return Claimed(**{**row, "raw": unpress(row["raw"], f"mail {row['id']}")})
    except StoreBroken:
        # One bad bit must not stop all other mails.
        return Claimed(**{**row, "raw": b"", "damaged": True})


def _quarantine(reason: str, now: datetime) -> dict[str, Any]:
    return {
        "state": IncomingState.QUARANTINE,
        "outcome": LedgerOutcome.QUARANTINE,
        "reason": reason,
        "handled_at": now,
        **NOBODY,
    }


def _facts(message_id: str | None, content_hash: str | None, sender: str | None, subject: str | None) -> dict[str, Any]:
    return {
        "message_id": message_id and key_text(message_id),
        "content_hash": content_hash,
        "sender": sender and key_text(sender),
        "subject": subject,
    }


def _mine(owner: str) -> sa.ColumnElement[bool]:
    return (INCOMING.c.state == IncomingState.WORKING) & (INCOMING.c.claimed_by == owner)


def _finish_statement() -> sa.Update:
    c, parameter = INCOMING.c, sa.bindparam
    mine = (c.state == IncomingState.WORKING) & (c.claimed_by == parameter("owner"))
    entered = {name: parameter(name, type_=c[name].type) for name in ENTERED}
    return sa.update(INCOMING).where(c.id == parameter("mail"), mine).values(**entered, **NOBODY)


_FINISH = Direct(_finish_statement())


def _update_mine(session: Session, incoming_id: int, owner: str, values: Mapping[str, Any]) -> bool:
    return update(session, INCOMING, (INCOMING.c.id == incoming_id) & _mine(owner), values) == 1
