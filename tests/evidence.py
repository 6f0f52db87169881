"""Collects what `tests.invariants` looks at: the tables of a site, beside what the servers have."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from helpdesk.store.session import Session, Store
from helpdesk.store.tables import Event, Incoming, Message, Outgoing, RawMail
from helpdesk.store.tables.base import table
from tests.invariants import Evidence, Kept, Taken, Written, digest

INCOMING, RAW, OUTGOING = table(Incoming), table(RawMail), table(Outgoing)
MESSAGES, EVENTS = table(Message), table(Event)


def gather(store: Store, *, watched: Sequence[bytes], done: Sequence[bytes], given: Sequence[bytes],
           taken: Sequence[Taken], **more: Any) -> Evidence:  # fmt: skip
    """The evidence about a site whose daemon does not run; ``more`` are further fields."""
    with store.reading() as session:
        return Evidence(
            watched=tuple(map(digest, watched)),
            done=tuple(map(digest, done)),
            given=tuple(map(digest, given)),
            taken=tuple(taken),
            raws=_raws(session),
            ledger=ledger(session),
            outbox=outbox(session),
            database=_faults(session, store),
            **more,
        )


def _raws(session: Session) -> tuple[tuple[str, str], ...]:
    rows = session.connection().execute(sa.select(RAW.c.sha256, RAW.c.data))
    return tuple((row.sha256, digest(_unpacked(row.data))) for row in rows)


def _unpacked(data: bytes) -> bytes:
    try:
        return zlib.decompress(data)
    except zlib.error as error:
        return f"cannot be decompressed: {error}".encode()


def ledger(session: Session) -> tuple[Kept, ...]:
    """Every row of it, with what hangs on it."""
    c = INCOMING.c
    execute = session.connection().execute
    messages = Counter(execute(sa.select(MESSAGES.c.incoming_id)).scalars())
    opened = Counter(execute(sa.select(EVENTS.c.incoming_id).where(EVENTS.c.kind == "opened")).scalars())
    # An outer join: the bytes of a row may be missing, and that is to be found.
    query = sa.select(INCOMING, RAW.c.sha256).join(RAW, RAW.c.id == c.raw_id, isouter=True)
    return tuple(
        Kept(id=row.id, state=row.state, outcome=row.outcome, kind=row.kind, reason=row.reason,
             attempts=row.attempts, sha256=row.sha256 or "?",
             messages=messages[row.id], opened=opened[row.id])
        for row in execute(query.order_by(c.id))
    )  # fmt: skip


def outbox(session: Session) -> tuple[Written, ...]:
    """Every row of it."""
    return tuple(
        Written(key=row.key, kind=row.kind, message_id=row.message_id, recipient=row.recipient,
                raw=_unpacked(row.raw), state=row.state, automatic=row.automatic, outside=row.outside,
                resent=row.resent, due=row.next_try is not None, incoming=row.incoming_id)
        for row in session.connection().execute(sa.select(OUTGOING).order_by(OUTGOING.c.id))
    )  # fmt: skip


def _faults(session: Session, store: Store) -> tuple[str, ...]:
    """PostgreSQL checks its foreign keys itself, at every commit."""
    if store.dialect == "postgresql":
        return ()
    ask = session.connection().exec_driver_sql
    whole = [row[0] for row in ask("PRAGMA integrity_check") if row[0] != "ok"]
    return (*whole, *(f"a row of {row[0]} refers to nothing" for row in ask("PRAGMA foreign_key_check")))
