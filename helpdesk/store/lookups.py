"""What thinking needs to know of one mail, fetched before it starts: a fixed number of indexed queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlmodel import Session

from helpdesk.config import Config, Mailbox
from helpdesk.desk import identity, matching, people, tokens
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.desk.matching import Candidates, Claims
from helpdesk.desk.people import Contact
from helpdesk.desk.situation import Bounced, HeldLetter
from helpdesk.desk.ticket import MessageKind, TicketView
from helpdesk.desk.tokens import Keys, Role
from helpdesk.desk.verdict import Authentication, Facts
from helpdesk.mail import authentication
from helpdesk.mail.message import Mail
from helpdesk.store import tables
from helpdesk.store.conversation import Conversation, conversation
from helpdesk.store.direct import Direct, at_once
from helpdesk.store.statements import AnyRow, decide_alone
from helpdesk.store.tables import IdSource, Incoming, Outgoing, OutgoingState, ThreadId
from helpdesk.store.tables.base import key_text, table
from helpdesk.store.views import notes, views, words_of

COPY_HOURS = 24  # within which a mail without Message-ID and Date may be a copy of an equal one
SAME_MAILS = 50  # rows of the ledger with the same Message-ID or content that are compared
IDS_ASKED = 100  # of one mail: more are named only by an attack
TICKETS_ASKED = 200  # the newest that know an id of the mail; monitoring systems name one id in every mail

LONG_AGO = datetime(1, 1, 1, tzinfo=UTC)  # before every mail

INCOMING, OUTGOING, IDS = table(Incoming), table(Outgoing), table(ThreadId)
CONTACTS, RAW = table(tables.Contact), table(tables.RawMail)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """Which mail is asked about; ``incoming`` is its number in the ledger (0: none yet)."""

    mail: Mail
    mailbox: Mailbox
    received: datetime
    now: datetime
    incoming: int = 0
    released: bool = False
    again: bool = False
    """As in `Situation`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """Everything that the store has to say about a mail."""

    facts: Facts
    claims: Claims = field(default_factory=Claims)
    candidates: Candidates = field(default_factory=Candidates)
    contact: Contact | None = None
    bounced: tuple[Bounced, ...] = ()
    held: HeldLetter | None = None
    notes: tuple[str, ...] = ()
    """Internal notes of the ticket that a staff member answers."""
    last_words: str = ""
    last_answer: str = ""
    customer_files: tuple[str, ...] = ()
    """Of the ticket that a staff member writes about, as in `Situation`."""


def gather(session: Session, question: Question, config: Config, keys: Keys) -> Known:
    """Ask the store; nothing is written. For a mail of the ledger nobody else decides until the transaction ends."""
    if question.incoming:
        decide_alone(session)
    mail = question.mail
    claims = matching.claims(mail, config, keys)
    same, threads, contacts = _first_look(session, question)
    by_id, children = _threads(threads, mail)
    letters = _bounced_letters(session, mail)
    held = _held(session, claims)
    numbers = claims.numbers | {number for found in by_id.values() for number in found} | set(children)
    numbers |= {letter.ticket for letter in letters if letter.ticket} | (
        {held.ticket} if held and held.ticket else set()
    )
    found = views(session, numbers)
    bound = identity.bound_ticket(mail, claims, question.mailbox, config)
    about = bound or (held.ticket if held else None)
    said = conversation(session, about) if about else Conversation()
    return Known(
        facts=facts(question, config, keys, same),
        claims=claims,
        candidates=Candidates(tickets=found, by_id=by_id, children=children),
        contact=_contact(contacts),
        bounced=tuple(
            Bounced(
                message_id=row.message_id,
                recipient=row.recipient,
                ticket=found.get(row.ticket or 0),
                kind=row.kind,
                created=row.created,
            )
            for row in letters
        ),
        held=_held_letter(session, held, found.get(held.ticket or 0)) if held else None,
        notes=notes(session, bound) if bound else (),
        last_words=said.last_words,
        last_answer=said.last_answer,
        customer_files=said.customer_files,
    )


def facts(question: Question, config: Config, keys: Keys, same: Sequence[Any] = ()) -> Facts:
    """The facts for the filters; ``same`` are rows of the ledger with the mail's Message-ID or content.

    Without a site (`explain` of a file alone) nothing is known of other mails.
    """
    mail, mailbox = question.mail, question.mailbox
    own = mail.message_id is not None and tokens.is_own_id(mail.message_id, keys)
    duplicate, taken, repeated = _same(same, mail)
    return Facts(
        now=question.now,
        received=question.received,
        own_addresses=config.own_addresses,
        instance=config.instance,
        own_message_id=own,
        duplicate_of=duplicate,
        id_taken=taken,
        repeated=repeated,
        blocked=config.blocked.senders,
        authentication=authenticated(mail, mailbox),
    )


def authenticated(mail: Mail, mailbox: Mailbox) -> Authentication:
    """What our own server found out about the sender; UNKNOWN unless the mailbox names its ``authserv_id``."""
    if not mailbox.authserv_id:
        return Authentication.UNKNOWN
    domain = mail.sender.domain if mail.sender else ""
    zone = mail.authentication_zone
    return Authentication(
        authentication.verdict(mail.authentication, zone, mailbox.authserv_id, domain, tampered=mail.tampered)
    )


def _first_look(session: Session, question: Question) -> list[list[Any]]:
    """Rows of the ledger with the same id or content, tickets that know an id of the mail, and who writes."""
    mail, author = question.mail, people.author(question.mail)
    # Nothing tells two mails apart that have neither ("Printer down again."): only what comes soon after is a copy.
    bare = not mail.message_id and mail.date is None
    same = {
        "content_hash": mail.content_hash,
        "message_id": _own(mail),
        "sha256": mail.sha256,
        "incoming": question.incoming,
        "after": question.received - timedelta(hours=COPY_HOURS) if bare else LONG_AGO,
    }
    ids = {*_named(mail), _own(mail)} - {None}
    address = key_text(author.key) if author else ""
    return at_once(session, (_SAME, same), (_THREADS, {"ids": list(ids)}), (_CONTACT, {"address": address}))


def _own(mail: Mail) -> str | None:
    return key_text(mail.message_id) if mail.message_id else None


def _named(mail: Mail) -> dict[str, str]:
    """The ids that a mail refers to, by what is stored of them."""
    return {key_text(value): value for value in mail.thread_ids[:IDS_ASKED]}


def _same(rows: Sequence[Any], mail: Mail) -> tuple[int | None, bool, bool]:
    """The ledger's number of the same mail, whether another content has its Message-ID, another id its content.

    A copy that was dropped as a duplicate does not count: its original, let out of quarantine, would be dropped too.
    """
    own = _own(mail)
    copies = [row.id for row in rows if row.copy]
    other = any(row.content_hash != mail.content_hash for row in rows)
    again = any(row.content_hash == mail.content_hash and row.message_id != own for row in rows)
    return (copies[0] if copies else None), (other and not copies), again


def _threads(rows: Sequence[Any], mail: Mail) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    """Tickets that know an id which the mail refers to, and tickets with a mail that refers to this one."""
    named, own = _named(mail), _own(mail)
    found: dict[str, tuple[int, ...]] = defaultdict(tuple)
    children: tuple[int, ...] = ()
    for row in sorted(rows, key=lambda row: row.id):
        if row.message_id == own:
            children += (row.ticket,) if row.source is IdSource.REFERENCE else ()
        if row.message_id in named:
            found[named[row.message_id]] += (row.ticket,)
    return dict(found), tuple(dict.fromkeys(children))


def _contact(rows: Sequence[Any]) -> Contact | None:
    if not rows:
        return None
    (row,) = rows
    return Contact(address=row.address, name=row.name, language=row.language, suspended=row.suspended is not None)


def _bounced_letters(session: Session, mail: Mail) -> list[AnyRow]:
    """The letters of ours that a bounce names by their Message-ID; none where a person may have written it."""
    if mail.bounce is None or not mail.bounce.certain or not mail.bounce.message_ids:
        return []
    c = OUTGOING.c
    ids = mail.bounce.message_ids[:IDS_ASKED]
    query = sa.select(c.message_id, c.recipient, c.ticket, c.kind, c.created).where(c.message_id.in_(ids))
    named = {person.address.lower() for person in mail.bounce.recipients}
    rows = list(session.connection().execute(query))
    return sorted(rows, key=lambda row: row.recipient not in named)


def _held(session: Session, claims: Claims) -> AnyRow | None:
    number = next((token.held for token in claims.agent_tokens if token.role is Role.HELD), None)
    if number is None:
        return None
    c = OUTGOING.c
    query = sa.select(c.id, c.staff, c.ticket, c.state, c.incoming_id).where(c.id == number)
    return session.connection().execute(query).one_or_none()


def _held_letter(session: Session, row: AnyRow, ticket: TicketView | None) -> HeldLetter:
    text, kind = words_of(session, row.incoming_id) if row.incoming_id is not None else ("", None)
    return HeldLetter(
        number=row.id,
        staff=row.staff,
        ticket=ticket,
        waiting=row.state is OutgoingState.HELD,
        text=text,
        done=kind is MessageKind.ANSWER,
    )


def _same_statement() -> sa.Select[int, str | None, str | None, bool]:
    """Of very many rows the copies come first: equal words of a monitoring system must not hide one."""
    c, parameter = INCOMING.c, sa.bindparam
    content, message_id = c.content_hash == parameter("content_hash"), c.message_id == parameter("message_id")
    raw = sa.select(RAW.c.id).where(RAW.c.sha256 == parameter("sha256")).scalar_subquery()
    # Older versions wrote other hashes. Without one nobody has decided yet which of two is the copy.
    same_bytes = (c.raw_id == raw) & c.content_hash.is_not(None)
    copy = same_bytes | (content & c.message_id.is_not_distinct_from(parameter("message_id")))
    counts = (c.id != parameter("incoming")) & c.outcome.is_distinct_from(LedgerOutcome.DUPLICATE)
    recent = c.received > parameter("after", type_=c.received.type)
    return (
        sa.select(c.id, c.content_hash, c.message_id, copy.label("copy"))
        .where(content | message_id | same_bytes, counts, recent)
        .order_by(sa.case((copy, 0), else_=1), c.id)
        .limit(SAME_MAILS)
    )


def _threads_statement(dialect: str) -> sa.Select[int, str, int, IdSource]:
    """Of each id the newest tickets by its index, which ends with the ticket, and of all of these the newest.

    SQLite does so by itself; PostgreSQL would read and sort whatever very many tickets have in common.
    """
    c = IDS.c
    columns = (c.id, c.message_id, c.ticket, c.source)
    if dialect != "postgresql":
        named = sa.select(*columns).where(c.message_id.in_(sa.bindparam("ids", expanding=True)))
        return named.order_by(c.ticket.desc()).limit(TICKETS_ASKED)
    # Behind a SELECT the server does not see how many they are, or it would plan anew each time, for that number.
    ids = sa.select(sa.bindparam("ids", type_=ARRAY(c.message_id.type))).scalar_subquery()
    asked = sa.func.unnest(ids).table_valued("id").render_derived(name="asked")
    each = sa.select(*columns).where(c.message_id == asked.c.id).order_by(c.ticket.desc()).limit(TICKETS_ASKED)
    newest = each.lateral("newest")
    return (
        sa.select(newest)
        .select_from(asked.join(newest, sa.true()))
        .order_by(newest.c.ticket.desc())
        .limit(TICKETS_ASKED)
    )


_SAME = Direct(_same_statement())
_THREADS = Direct(_threads_statement)
_CONTACT = Direct(sa.select(CONTACTS).where(CONTACTS.c.address == sa.bindparam("address")))
