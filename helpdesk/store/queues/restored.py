"""After a backup was put back: what was probably sent or handled in the lost time waits, or comes again once."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.accounting import WHOLE
from helpdesk.store.positions import ReadTo
from helpdesk.store.queues.quarantine import MISREAD
from helpdesk.store.queues.sending import NOBODY
from helpdesk.store.statements import update
from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState, RawMail
from helpdesk.store.tables.base import table

LETTERS, INCOMING, RAW = table(Outgoing), table(Incoming), table(RawMail)

# Every reason of a letter that waits because of a restored backup begins so.
RESTORED = "restored from a backup"
HANDLED_BEFORE = f"{RESTORED}: the mail that it answers came before that, so it has probably been sent already"


def probably_sent(session: Session, as_of: datetime) -> int:
    """Hold every letter that the time after the backup has probably sent; how many. Nobody is sending any of them."""
    c = LETTERS.c
    once_more = (c.state == OutgoingState.UNKNOWN) & c.next_try.is_not(None)
    waiting = c.state.in_((OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.RETRY)) | once_more
    reason = f"{RESTORED} of {as_of:%Y-%m-%d %H:%M} UTC: it has probably been sent since"
    held = update(session, LETTERS, waiting, {"state": OutgoingState.HELD, "reason": reason, "next_try": None})
    # One that failed stays claimed until that has been told, to colleagues only: better twice than never.
    update(session, LETTERS, c.claimed_by.is_not(None) & (c.state != OutgoingState.FAILED), NOBODY)
    return held


def probably_handled(session: Session) -> int:
    """Mails that waited when the backup was made are handled again, without a letter to customers; how many.

    Those that waited for a person, or that he may still take for mail, get none either when he lets them in.
    """
    c = INCOMING.c
    waiting = c.state.in_((IncomingState.WAITING, IncomingState.WORKING))
    handled = {"acknowledge": False, "again": True}
    # What a person may have let in since is no less probably answered; it stays where it is until one does so again.
    misread = (c.state == IncomingState.DONE) & c.ticket.is_(None) & c.outcome.in_(MISREAD)
    update(session, INCOMING, (c.state == IncomingState.QUARANTINE) | misread, handled)
    return update(session, INCOMING, waiting, {**handled, "state": IncomingState.WAITING, "attempts": 0, **NOBODY})


def held_by_restore(session: Session) -> list[int]:
    """The letters that wait for a person because a backup was restored, oldest first."""
    c = LETTERS.c
    query = sa.select(c.id).where(c.state == OutgoingState.HELD, c.reason.startswith(RESTORED, autoescape=True))
    return list(session.connection().scalars(query.order_by(c.id)))


def new_here(session: Session, mailbox: str, raws: Sequence[bytes]) -> list[bool]:
    """For each mail whether the ledger has none of this mailbox with the same bytes."""
    hashes = [hashlib.sha256(raw).hexdigest() for raw in raws]
    same = RAW.c.id == INCOMING.c.raw_id
    query = sa.select(RAW.c.sha256).join(INCOMING, same).where(INCOMING.c.mailbox == mailbox, RAW.c.sha256.in_(hashes))
    known = set(session.connection().scalars(query))
    return [each not in known for each in hashes]


def may_have_filed(session: Session, place: ReadTo) -> bool:
    """Whether mail of this account may have been moved on the server before the backup was put back.

    So it is when the ledger of then knows any mail of it: where it went after that, or whether it went, nobody knows.
    """
    c = INCOMING.c
    where = [c.mailbox == place.mailbox, c.source == WHOLE, c.kept_at >= place.account_since]
    if place.restored is not None:
        where.append(c.kept_at <= place.restored)
    return session.connection().execute(sa.select(c.id).where(*where).limit(1)).first() is not None
