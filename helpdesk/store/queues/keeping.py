"""Mails on their way in: kept, byte for byte, before anything else happens to them; then filed away on the server."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.positions import FIRST_GENERATION
from helpdesk.store.pressed import press
from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Incoming, IncomingState, RawMail
from helpdesk.store.tables.base import table

INCOMING = table(Incoming)
RAW = table(RawMail)


class Place(NamedTuple):
    """The address of a mail on a server, unique in the ledger."""

    mailbox: str
    generation: int
    uidvalidity: int
    uid: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """A mail as it came. ``received`` is the server's time of arrival; uid and uidvalidity are None for files.

    ``generation`` is that of the position (`ReadTo.generation`): the same UID of an earlier one is another mail.
    """

    mailbox: str
    raw: bytes
    received: datetime
    generation: int = FIRST_GENERATION
    uidvalidity: int | None = None
    uid: int | None = None
    acknowledge: bool = True
    """False for old mail: it never gets an automatic answer."""
    again: bool = False
    """It came before a backup was restored, and was probably handled once already."""
    source: str = "imap"
    filed: bool = False
    """True when nothing is to be done with it on the server."""

    @property
    def place(self) -> Place | None:
        """Its address on the server; None for a file."""
        if self.uid is None or self.uidvalidity is None:
            return None
        return Place(self.mailbox, self.generation, self.uidvalidity, self.uid)


class ToFile(NamedTuple):
    """A mail that is safe here and may be moved on the server."""

    id: int
    generation: int
    uidvalidity: int
    uid: int


def keep(session: Session, mails: Sequence[Fetched], now: datetime) -> list[int]:
    """Store mails and return their numbers, in order; one that was kept already keeps its number.

    Four statements a batch (and one more for each further mailbox in it), however many mails.
    """
    known = _known_places(session, mails)
    # The same UID twice in one batch is one mail.
    first = {mail.place or index: index for index, mail in reversed(list(enumerate(mails)))}
    new = [index for key, index in first.items() if key not in known]
    new.sort()
    hashes = {index: hashlib.sha256(mails[index].raw).hexdigest() for index in new}
    raw_ids = _keep_bytes(session, {hashes[index]: mails[index].raw for index in new})
    rows = [_row(mails[index], raw_ids[hashes[index]], now) for index in new]
    numbers: dict[object, int] = dict(known)
    for index, number in zip(new, _insert(session, rows), strict=True):
        numbers[mails[index].place or index] = number
    return [numbers[mail.place or index] for index, mail in enumerate(mails)]


def to_be_filed(session: Session, mailbox: str, generation: int, limit: int) -> list[ToFile]:
    """Mails of a mailbox that are safe here and still to be moved or left on the server, by UID.

    Those of earlier generations too: who asks must not move them. Those of a later one are another process's.
    """
    c = INCOMING.c
    query = (
        sa.select(c.id, c.generation, c.uidvalidity, c.uid)
        .where(c.mailbox == mailbox, c.filed.is_(False), c.uid.is_not(None), c.generation <= generation)
        .order_by(c.generation, c.uidvalidity, c.uid)
        .limit(limit)
    )
    return [ToFile(*row) for row in session.connection().execute(query)]


def filed(session: Session, ids: Iterable[int]) -> None:
    """Note that nothing is left to be done with these mails on the server."""
    session.connection().execute(sa.update(INCOMING).where(INCOMING.c.id.in_(list(ids))).values(filed=True))


def _known_places(session: Session, mails: Sequence[Fetched]) -> dict[object, int]:
    folders: dict[tuple[str, int, int], list[int]] = {}
    for place in (mail.place for mail in mails):
        if place:
            folders.setdefault(place[:3], []).append(place.uid)
    known: dict[object, int] = {}
    c = INCOMING.c
    for folder, uids in folders.items():
        mailbox, generation, uidvalidity = folder
        where = (c.mailbox == mailbox, c.generation == generation, c.uidvalidity == uidvalidity, c.uid.in_(uids))
        query = sa.select(c.uid, c.id).where(*where)
        known |= {Place(*folder, uid): number for uid, number in session.connection().execute(query)}
    return known


def _keep_bytes(session: Session, raws: Mapping[str, bytes]) -> dict[str, int]:
    """The numbers of raw mails by their sha256; equal bytes are stored once."""
    if not raws:
        return {}
    connection = session.connection()
    # In one order for everybody: two mailboxes that keep the same mails would wait for each other on PostgreSQL.
    rows = [{"sha256": sha256, "size": len(raws[sha256]), "data": press(raws[sha256])} for sha256 in sorted(raws)]
    connection.execute(insert_into(session, RAW).on_conflict_do_nothing(index_elements=["sha256"]), rows)
    query = sa.select(RAW.c.sha256, RAW.c.id).where(RAW.c.sha256.in_(list(raws)))
    return {row.sha256: row.id for row in connection.execute(query)}


def _row(mail: Fetched, raw_id: int, now: datetime) -> dict[str, Any]:
    return {
        "mailbox": mail.mailbox,
        "source": mail.source,
        "generation": mail.generation,
        "uidvalidity": mail.uidvalidity,
        "uid": mail.uid,
        "raw_id": raw_id,
        "received": mail.received,
        "kept_at": now,
        "acknowledge": mail.acknowledge,
        "again": mail.again,
        "filed": mail.filed,
        "state": IncomingState.WAITING,
        "attempts": 0,
        "released": False,
        "findings": [],
    }


def _insert(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    if not rows:
        return []
    insert = sa.insert(INCOMING).returning(INCOMING.c.id, sort_by_parameter_order=True)
    return list(session.connection().scalars(insert, rows))
