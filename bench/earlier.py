"""Fills a site with tickets of earlier days, as if its daemon had worked for months, in seconds."""

from __future__ import annotations

import hashlib
import random
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from bench import wording
from bench.manifest import Earlier
from bench.servers import USER
from helpdesk.app import App
from helpdesk.desk import tokens
from helpdesk.desk.changes import LedgerOutcome, NoticeKind
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.store import tables
from helpdesk.store.session import Session
from helpdesk.store.tables import IdSource, IncomingState, OutgoingState
from helpdesk.store.tables.base import table

AT_ONCE = 2_000  # tickets whose rows are written together
FIRST = 1_001  # number of the first ticket of a site
DAYS = 90  # over which they are spread
CHARACTERS = 600  # of a mail
CHANCE = 7
Row = Mapping[str, Any]
FILLED = (
    tables.Contact,
    tables.RawMail,
    tables.Ticket,
    tables.Incoming,
    tables.Message,
    tables.Participant,
    tables.ThreadId,
    tables.Outgoing,
    tables.Event,
)


def fill(app: App, count: int, *, wanted: int) -> list[Earlier]:
    """Make so many tickets, each with its mail and acknowledgement; about ``wanted`` of them as customers see them."""
    chance = random.Random(CHANCE)
    step = max(1, count // max(1, wanted))
    known: list[Earlier] = []
    for start in range(0, count, AT_ONCE):
        numbers = range(start, min(start + AT_ONCE, count))
        made = [_ticket(app, chance, number) for number in numbers]
        known += [each for number, (each, _) in zip(numbers, made, strict=True) if number % step == 0]
        with app.store.writing() as session:
            _insert(session, [rows for _, rows in made])
    with app.store.writing() as session:
        _count_on(session)
    return known


def _insert(session: Session, made: Sequence[Mapping[type[SQLModel], Sequence[Row]]]) -> None:
    for model in FILLED:
        rows = [dict(row) for rows in made for row in rows.get(model, ())]
        session.connection().execute(sa.insert(table(model)), rows)


def _count_on(session: Session) -> None:
    """The database counts on from our numbers; SQLite does so by itself."""
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return
    for model in FILLED:
        name, key = table(model).name, next(iter(table(model).primary_key)).name
        highest = connection.scalar(sa.select(sa.func.max(table(model).c[key])))
        sequence = sa.func.pg_get_serial_sequence(name, key)
        if highest is not None:
            connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _ticket(app: App, chance: random.Random, index: int) -> tuple[Earlier, dict[type[SQLModel], list[Row]]]:
    number, address = FIRST + index, f"known{index}@client{index % 977}.example"
    at = datetime.now(UTC) - timedelta(days=1 + index * DAYS % 89, seconds=index % 80_000)
    subject = f"{chance.choice(wording.HUNGARIAN)} {index}"
    text = wording.prose(chance, wording.SCRIPTS[index % len(wording.SCRIPTS)], CHARACTERS)
    token = tokens.write(tokens.customer(number), app.keys)
    reply_address = tokens.address("{local}+{token}@{domain}", USER, token)
    unique, domain = f"{index:016x}", USER.partition("@")[2]
    letter = tokens.message_id(ticket=number, agent=None, unique=unique, domain=domain, keys=app.keys)
    assert reply_address is not None
    known = Earlier(
        ticket=number,
        sender=address,
        letter=letter,
        reply_address=reply_address,
        tag=f"[{app.config.tickets.prefix}-{number}]",
        subject=subject,
        text=text,
    )
    return known, dict(_rows(known, index + 1, at, f"<{index}.known@client.example>"))


def _rows(known: Earlier, row: int, at: datetime, mail: str) -> Iterator[tuple[type[SQLModel], list[Row]]]:
    """What the daemon would have written for one mail, its ticket and its acknowledgement."""
    raw = f"From: {known.sender}\r\nMessage-ID: {mail}\r\nSubject: {known.subject}\r\n\r\n{known.text}".encode()
    domain, ticket, person = known.sender.partition("@")[2], known.ticket, known.sender
    yield (
        tables.Contact,
        [{"id": row, "address": person, "written": person, "first_seen": at, "last_seen": at, "language": "hu"}],
    )
    sha256 = hashlib.sha256(raw).hexdigest()
    yield tables.RawMail, [{"id": row, "sha256": sha256, "size": len(raw), "data": zlib.compress(raw, 1)}]
    yield (
        tables.Ticket,
        [
            {"number": ticket, "status": Status.OPEN, "subject": known.subject, "department": "support"}
            | {"mailbox": "support", "priority": "normal", "language": "hu", "contact_id": row, "tags": [], "flags": []}
            | {"opened": at, "updated": at}
        ],
    )
    yield (
        tables.Incoming,
        [
            {"id": row, "mailbox": "support", "source": "earlier", "generation": 1, "raw_id": row, "received": at}
            | {"kept_at": at, "acknowledge": True, "filed": True, "state": IncomingState.DONE, "attempts": 1}
            | {"released": False, "kind": "ticket", "outcome": LedgerOutcome.TICKET, "reason": "the mailbox"}
            | {"findings": [], "message_id": mail, "content_hash": sha256, "sender": person}
            | {"subject": known.subject, "ticket": ticket, "handled_at": at}
        ],
    )
    yield (
        tables.Message,
        [
            {"id": row, "ticket": ticket, "incoming_id": row, "kind": MessageKind.CUSTOMER, "author_address": person}
            | {"message_id": mail, "subject": known.subject, "text": known.text, "full_text": known.text}
            | {"attachments": [], "copies": [], "flags": [], "at": at}
        ],
    )
    yield tables.Participant, [{"id": row, "ticket": ticket, "contact_id": row, "since": at, "reason": "wrote"}]
    yield (
        tables.ThreadId,
        [
            {"id": 2 * row, "message_id": mail, "ticket": ticket, "source": IdSource.MAIL},
            {"id": 2 * row + 1, "message_id": known.letter, "ticket": ticket, "source": IdSource.LETTER},
        ],
    )
    letter = zlib.compress(f"To: {person}\r\nMessage-ID: {known.letter}\r\n\r\n{known.text}".encode(), 1)
    yield (
        tables.Outgoing,
        [
            {"id": row, "key": f"earlier:{ticket}", "kind": NoticeKind.ACKNOWLEDGEMENT.value, "automatic": True}
            | {"outside": True, "counted": True, "ticket": ticket, "incoming_id": row, "recipient": person}
            | {"recipient_domain": domain, "envelope_from": USER, "message_id": known.letter}
            | {"subject": f"{known.tag} {known.subject}", "subject_key": known.subject, "raw": letter}
            | {"size": len(letter), "state": OutgoingState.SENT, "created": at, "expires": at, "attempts": 1}
            | {"resent": False, "response": "250 ok", "done": at}
        ],
    )
    what = ("opened", "participant", "message", "letter")
    yield (
        tables.Event,
        [
            {"id": 4 * row + place, "ticket": ticket, "at": at, "kind": kind, "actor": f"contact:{person}"}
            | {"reason": "the mailbox", "incoming_id": row, "data": {}}
            for place, kind in enumerate(what)
        ],
    )
