"""After a crash: what had been claimed is let go, and letters that may have arrived are not sent blindly again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel import Session

from helpdesk.store.queues.sending import NOBODY, unknown_values
from helpdesk.store.statements import update
from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState
from helpdesk.store.tables.base import table

LETTERS = table(Outgoing)
INCOMING = table(Incoming)

RESEND_MINUTES = 30  # a server that took the letter has noted its Message-ID by then and may drop the second copy
REASON = "helpdesk ended after the letter was handed over and before the server answered"


@dataclass(frozen=True, kw_only=True, slots=True)
class Recovered:
    """How many letters are queued again, will be sent once more, or stay unknown."""

    queued: int
    again: int
    unknown: int


def forget_claims(session: Session, now: datetime) -> None:
    """Whoever claimed anything is dead. Only for a daemon that holds `Store.daemon_lock` of a SQLite file."""
    past = now - timedelta(seconds=1)
    # Failed letters are claimed until their failure has been told.
    for rows, busy in (
        (INCOMING, (IncomingState.WORKING,)),
        (LETTERS, (OutgoingState.SENDING, OutgoingState.FAILED)),
    ):
        claimed = rows.c.state.in_(busy) & rows.c.claimed_by.is_not(None)
        update(session, rows, claimed, {"claimed_until": past})


def recover_letters(session: Session, now: datetime) -> Recovered:
    """Settle letters whose sender has gone: not yet begun ones are queued again, the others may have arrived.

    Of those an answer by a person, and a letter to staff, is sent once more with the identical Message-ID; an automatic
    letter to a customer never.
    """
    c = LETTERS.c
    gone = (c.state == OutgoingState.SENDING) & (c.claimed_until < now)
    begun = c.data_started.is_not(None)
    answer = (c.automatic.is_(False) | c.outside.is_(False)) & c.resent.is_(False)
    queued = {"state": OutgoingState.QUEUED, "next_try": now, "attempts": c.attempts - 1, **NOBODY}
    again = unknown_values(REASON, now + timedelta(minutes=RESEND_MINUTES), now)
    unknown = unknown_values(REASON, None, now)
    return Recovered(
        queued=update(session, LETTERS, gone & ~begun, queued),
        again=update(session, LETTERS, gone & begun & answer, again),
        unknown=update(session, LETTERS, gone & begun & ~answer, unknown),
    )
