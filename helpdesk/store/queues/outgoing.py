"""The one door to `outgoing`: every letter of the house comes through here and is counted."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store import caps
from helpdesk.store.direct import Direct
from helpdesk.store.letters import Letter, Put, Ruling
from helpdesk.store.pressed import press
from helpdesk.store.statements import decide_alone, insert
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import key_text, table

LETTERS = table(Outgoing)


def put(
    session: Session,
    letter: Letter,
    *,
    limits: caps.Limits,
    now: datetime,
    own_addresses: Collection[str] = frozenset(),
) -> Put:
    """Queue a letter; over a limit its row is written too, as cancelled, with the reason. Once for each key."""
    if caps.uses_limit(letter):
        decide_alone(session)
    ruling = caps.judge(session, letter, limits=limits, now=now, own_addresses=own_addresses)
    number = _PUT.scalar(session, _row(letter, ruling, now))
    return Put(id=None) if number is None else Put(id=number, state=ruling.state, reason=ruling.reason)


def _put(dialect: str) -> sa.Executable:
    return insert(dialect, LETTERS).on_conflict_do_nothing(index_elements=["key"]).returning(LETTERS.c.id)


def _row(letter: Letter, ruling: Ruling, now: datetime) -> dict[str, Any]:
    cancelled = ruling.state is OutgoingState.CANCELLED
    return {
        "key": letter.key,
        "kind": letter.kind,
        "automatic": letter.automatic,
        "outside": letter.outside,
        "counted": caps.uses_limit(letter) and not cancelled,
        "ticket": letter.ticket,
        "incoming_id": letter.incoming_id,
        "staff": letter.staff,
        "recipient": key_text(letter.recipient.lower()),
        "recipient_domain": key_text(letter.domain),
        "envelope_from": letter.envelope_from,
        "message_id": letter.message_id,
        "subject": letter.subject,
        "subject_key": letter.subject_key,
        "raw": press(letter.raw),
        "size": len(letter.raw),
        "state": ruling.state,
        "reason": ruling.reason,
        "created": now,
        "next_try": now if ruling.state is OutgoingState.QUEUED else None,
        "expires": letter.expires,
        "attempts": 0,
        "resent": False,
        "done": now if cancelled else None,
    }


_PUT = Direct(
    _put,
    columns=(
        *("key", "kind", "automatic", "outside", "counted", "ticket", "incoming_id", "staff", "recipient"),
        *("recipient_domain", "envelope_from", "message_id", "subject", "subject_key", "raw", "size"),
        *("state", "reason", "created", "next_try", "expires", "attempts", "resent", "done"),
    ),
)
