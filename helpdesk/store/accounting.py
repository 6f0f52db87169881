"""What the ledger has to say about the mails of a mailbox: which are known, how they ended, what ails the rest."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store.positions import ReadTo
from helpdesk.store.statements import update
from helpdesk.store.tables import Incoming, IncomingState, RawMail
from helpdesk.store.tables.base import table

INCOMING, RAW = table(Incoming), table(RawMail)
AT_ONCE = 1000  # UIDs named in one query: SQLite takes 32,766 parameters, and ten thousand are ten look-ups
ENDED = (IncomingState.DONE, IncomingState.QUARANTINE)
WHOLE = "imap"  # the source of a mail that was fetched whole; of others a note is kept and they stay where they are


class Entry(NamedTuple):
    """A mail of the ledger that has an address on the server, in the generation that is read now."""

    id: int
    uid: int
    filed: bool
    whole: bool
    kept_at: datetime


class Ailing(NamedTuple):
    """A mail of the ledger that has come to no end; ``reason`` is that of its last try."""

    id: int
    state: IncomingState
    attempts: int
    reason: str | None
    kept_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Accounts:
    """How many mails of a mailbox ended in which way, and how many are still on theirs."""

    endings: Mapping[LedgerOutcome, int]
    on_the_way: int

    @property
    def ended(self) -> int:
        """Those with an outcome; in quarantine is one, as a person is told of it."""
        return sum(self.endings.values())

    @property
    def total(self) -> int:
        """All that were taken in."""
        return self.ended + self.on_the_way


def entries(session: Session, place: ReadTo, uids: Collection[int]) -> list[Entry]:
    """The mails that have one of these UIDs, and those that are still to be moved, whatever their UID; by UID."""
    c = INCOMING.c
    here = (c.mailbox == place.mailbox, c.generation == place.generation, c.uidvalidity == place.uidvalidity)
    query = sa.select(c.id, c.uid, c.filed, c.source == WHOLE, c.kept_at).where(*here)
    found = {row.id: Entry(*row) for row in session.connection().execute(query.where(c.filed.is_(False)))}
    for some in _chunks(uids):
        found |= {row.id: Entry(*row) for row in session.connection().execute(query.where(c.uid.in_(some)))}
    return sorted(found.values(), key=lambda entry: entry.uid)


def accounts(session: Session, mailbox: str) -> Accounts:
    """Counted over everything that was ever taken in for this mailbox, files too."""
    c = INCOMING.c
    query = sa.select(c.state, c.outcome, sa.func.count().label("mails")).where(c.mailbox == mailbox)
    rows = session.connection().execute(query.group_by(c.state, c.outcome).order_by(c.outcome)).all()
    endings: dict[LedgerOutcome, int] = {}
    on_the_way = 0
    for row in rows:
        if row.state in ENDED and row.outcome is not None:
            endings[row.outcome] = endings.get(row.outcome, 0) + row.mails
        else:
            on_the_way += row.mails
    return Accounts(endings=endings, on_the_way=on_the_way)


def unhandled(session: Session, mailbox: str, before: datetime) -> list[Ailing]:
    """Mails that should have been handled before ``before``; and those said to be done that have no outcome."""
    c = INCOMING.c
    waits = (c.state == IncomingState.WAITING) & (c.kept_at < before)
    lost = (c.state == IncomingState.WORKING) & (c.claimed_until < before)
    nameless = c.state.in_(ENDED) & c.outcome.is_(None)
    query = sa.select(*(c[name] for name in Ailing._fields)).where(c.mailbox == mailbox, waits | lost | nameless)
    return [Ailing(*row) for row in session.connection().execute(query.order_by(c.id))]


def without_bytes(session: Session, mailbox: str) -> list[int]:
    """Mails whose bytes are not there any more, as after a damage of the disk."""
    c = INCOMING.c
    query = sa.select(c.id).outerjoin(RAW, RAW.c.id == c.raw_id).where(c.mailbox == mailbox, RAW.c.id.is_(None))
    return list(session.connection().scalars(query.order_by(c.id)))


def settle(session: Session, ids: Sequence[int]) -> list[int]:
    """Nothing is left to be done with these on the server; those of them for which that is news."""
    return _filed(session, ids, filed=True)


def move_again(session: Session, ids: Sequence[int]) -> list[int]:
    """Let the daemon move these once more."""
    return _filed(session, ids, filed=False)


def _filed(session: Session, ids: Sequence[int], *, filed: bool) -> list[int]:
    c = INCOMING.c
    changed: list[int] = []
    for some in _chunks(ids):
        where = c.id.in_(some) & (c.filed.is_(not filed))
        changed += session.connection().scalars(sa.select(c.id).where(where)).all()
        update(session, INCOMING, where, {"filed": filed})
    return sorted(changed)


def _chunks(numbers: Collection[Any]) -> Iterator[list[Any]]:
    left = iter(numbers)
    while some := list(islice(left, AT_ONCE)):
        yield some
