"""The one write: changes become rows and history; the letters that they ask for are handed back to be composed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, SQLModel, select

from helpdesk.desk import changes
from helpdesk.desk.changes import Change, Notice
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.mail.message import Address, Mail
from helpdesk.store.tables import (
    Contact,
    Event,
    IdSource,
    Link,
    Message,
    Outgoing,
    OutgoingState,
    Participant,
    ThreadId,
    Ticket,
)
from helpdesk.store.tables.base import key_text, table

LONGEST_SHOWN = 200_000  # characters of text kept beside the raw mail, which keeps all
REFERENCES_KEPT = 100  # ids of one mail that later mails may be matched by
HARD_BOUNCE = "5.1."  # the address does not exist (RFC 3463 3.2): nothing automatic goes to it any more

OUTGOING = table(Outgoing)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """What led to the changes: a mail of the ledger, or a person at the shell (then without a mail)."""

    actor: str
    now: datetime
    incoming: int | None = None
    mail: Mail | None = None
    received: datetime | None = None


@dataclass(kw_only=True, slots=True)
class Applied:
    """What came of it: the ticket (new or old), the letters to be written, and what changed, for the log."""

    ticket: int | None = None
    notices: list[Notice] = field(default_factory=list)
    events: list[tuple[str, int]] = field(default_factory=list)


def apply(session: Session, asked: Iterable[Change], cause: Cause) -> Applied:
    """Write all changes in order; a ``ticket`` of None means the one that was opened just before."""
    writer = _Writer(session, cause)
    for change in asked:
        writer.write(change)
    return writer.applied


def insert_new(session: Session, model: type[SQLModel], rows: list[dict[str, Any]]) -> None:
    """Insert the rows that are not there yet, by any unique constraint; one statement on both databases."""
    if not rows:
        return
    makers: dict[str, Callable[[sa.Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    make = makers[session.get_bind().dialect.name]
    session.connection().execute(make(table(model)).on_conflict_do_nothing(), rows)


def remember_letter(session: Session, message_id: str, ticket: int, *, outside: bool) -> None:
    """An answer to this letter will be known by its Message-ID; only what customers get is named to them."""
    source = IdSource.LETTER if outside else IdSource.NOTE
    insert_new(session, ThreadId, [{"message_id": key_text(message_id), "ticket": ticket, "source": source}])


def record(session: Session, ticket: int, what: str, reason: str, cause: Cause, **data: Any) -> None:
    """One line of the history."""
    session.add(
        Event(
            ticket=ticket,
            at=cause.now,
            kind=what,
            actor=cause.actor,
            reason=reason,
            incoming_id=cause.incoming,
            data=data,
        )
    )


def contact(session: Session, person: Address, now: datetime) -> Contact:
    """The contact of an address, made when it is new; whoever writes again may be written to again."""
    key = key_text(person.key)
    found = session.exec(select(Contact).where(Contact.address == key)).one_or_none()
    if found is None:
        found = Contact(address=key, written=person.address, name=person.name, first_seen=now, last_seen=now)
        session.add(found)
        session.flush()
    return found


def _id(person: Contact) -> int:
    assert person.id is not None
    return person.id


class _Writer:
    """Writes the changes of one decision."""

    def __init__(self, session: Session, cause: Cause) -> None:
        self.session = session
        self.cause = cause
        self.applied = Applied()

    @singledispatchmethod
    def write(self, change: Change) -> None:
        """One change; every member of the closed list has its way below."""
        message = f"no way to write {type(change).__name__}"
        raise TypeError(message)

    @write.register
    def _(self, change: changes.OpenTicket) -> None:
        person = self._author(change.contact)
        ticket = Ticket(
            status=Status.NEW,
            subject=change.subject,
            department=change.department,
            mailbox=change.mailbox,
            owner=change.owner,
            priority=change.priority,
            language=change.language,
            contact_id=_id(person),
            tags=list(change.tags),
            flags=list(change.flags),
            opened=self.cause.received or self.cause.now,
            updated=self.cause.now,
        )
        self.session.add(ticket)
        self.session.flush()
        assert ticket.number is not None
        self.applied.ticket = ticket.number
        self._event("opened", change.reason, ticket.number, department=change.department, flags=list(change.flags))
        self._participant(ticket.number, person, "wrote the first mail")
        for other in change.participants:
            newcomer = contact(self.session, other, self.cause.now)
            self._participant(ticket.number, newcomer, "copied by an authenticated sender")
        if change.linked is not None:
            self.session.add(Link(ticket=ticket.number, other=change.linked, reason=change.reason))
            self._event("linked", f"follows {change.linked}", ticket.number, other=change.linked)

    @write.register
    def _(self, change: changes.KeepMessage) -> None:
        number, mail = self._number(change.ticket), self.cause.mail
        assert mail is not None
        author = (*mail.from_, *mail.reply_to, Address(name=None, address="unknown"))[0]
        if change.kind is MessageKind.CUSTOMER:
            self._author(author)
        copies = [{"name": person.name, "address": person.address} for person in (*mail.to, *mail.cc)]
        message = Message(
            ticket=number,
            incoming_id=self.cause.incoming,
            kind=change.kind,
            staff=change.staff,
            author_name=author.name,
            author_address=author.address,
            message_id=key_text(mail.message_id) if mail.message_id else None,
            subject=mail.subject,
            text=mail.text[:LONGEST_SHOWN],
            full_text=mail.full_text[:LONGEST_SHOWN],
            attachments=[asdict(attachment) for attachment in mail.attachments],
            copies=copies,
            flags=list(change.flags),
            at=self.cause.received or self.cause.now,
        )
        self.session.add(message)
        self._threads(number, mail, public=change.kind is MessageKind.CUSTOMER)
        self._event("message", change.reason, number, kind=change.kind.value, flags=list(change.flags))

    @write.register
    def _(self, change: changes.SetStatus) -> None:
        ticket = self._ticket(change.ticket)
        before, ticket.status = ticket.status, change.status
        ticket.closed = self.cause.now if change.status is Status.CLOSED else None
        self._event(
            "status", change.reason, self._number(change.ticket), before=before.value, after=change.status.value
        )

    @write.register
    def _(self, change: changes.SetOwner) -> None:
        ticket = self._ticket(change.ticket)
        before, ticket.owner = ticket.owner, change.owner
        if ticket.status is Status.NEW and change.owner is not None:
            ticket.status = Status.OPEN
        self._event("owner", change.reason, self._number(change.ticket), before=before, after=change.owner)

    @write.register
    def _(self, change: changes.AddParticipant) -> None:
        person = contact(self.session, change.person, self.cause.now)
        self._participant(self._number(change.ticket), person, change.reason)

    @write.register
    def _(self, change: changes.FirstResponse) -> None:
        self._ticket(change.ticket).first_response = change.at
        self._event("first_response", change.reason, self._number(change.ticket), staff=change.staff)

    @write.register
    def _(self, change: changes.MarkBounced) -> None:
        came_back = (OUTGOING.c.message_id == change.message_id) & (OUTGOING.c.recipient == change.address)
        why = f"came back: {change.status or change.reason}"
        self.session.connection().execute(sa.update(OUTGOING).where(came_back).values(reason=why))
        if change.permanent and change.status.startswith(HARD_BOUNCE):
            contact(self.session, Address(name=None, address=change.address), self.cause.now).suspended = self.cause.now
        number = self._number(change.ticket)
        self._event(
            "bounced", change.reason, number, address=change.address, status=change.status, final=change.permanent
        )

    @write.register
    def _(self, change: changes.ReleaseHeld) -> None:
        self._settle(change.outgoing, {"state": OutgoingState.QUEUED, "next_try": self.cause.now})
        self._told_if_ticket("released", change.reason, change.ticket, outgoing=change.outgoing)

    @write.register
    def _(self, change: changes.CancelHeld) -> None:
        over = {"state": OutgoingState.CANCELLED, "reason": change.reason, "next_try": None, "done": self.cause.now}
        self._settle(change.outgoing, over)
        self._told_if_ticket("cancelled", change.reason, change.ticket, outgoing=change.outgoing)

    @write.register
    def _(self, change: changes.Notify) -> None:
        number = change.notice.ticket or change.ticket
        if number is None and change.notice.kind is not changes.NoticeKind.UNPROVEN:
            number = self.applied.ticket
        self.applied.notices.append(replace(change.notice, ticket=number))

    def _number(self, given: int | None) -> int:
        number = given if given is not None else self.applied.ticket
        assert number is not None
        self.applied.ticket = number
        return number

    def _ticket(self, given: int | None) -> Ticket:
        ticket = self.session.get_one(Ticket, self._number(given))
        ticket.updated = self.cause.now
        return ticket

    def _author(self, person: Address) -> Contact:
        """The contact who wrote this mail: seen now, named as he names himself, and reachable again."""
        found = contact(self.session, person, self.cause.now)
        found.last_seen, found.suspended = self.cause.now, None
        found.name = person.name or found.name
        return found

    def _participant(self, number: int, person: Contact, reason: str) -> None:
        row = {"ticket": number, "contact_id": _id(person), "since": self.cause.now, "reason": reason}
        insert_new(self.session, Participant, [row])
        self._event("participant", reason, number, address=person.address)

    def _threads(self, number: int, mail: Mail, *, public: bool) -> None:
        """The mail's own id first: it may be known already as somebody's reference."""
        own = IdSource.MAIL if public else IdSource.NOTE
        if mail.message_id:
            key = key_text(mail.message_id)
            insert_new(self.session, ThreadId, [{"message_id": key, "ticket": number, "source": own}])
            ids = table(ThreadId)
            named = (ids.c.message_id == key) & (ids.c.ticket == number) & (ids.c.source == IdSource.REFERENCE)
            self.session.connection().execute(sa.update(ids).where(named).values(source=own))
        named_ids = [key_text(value) for value in mail.thread_ids[:REFERENCES_KEPT]]
        rows = [{"message_id": value, "ticket": number, "source": IdSource.REFERENCE} for value in named_ids]
        insert_new(self.session, ThreadId, rows)

    def _settle(self, outgoing: int, values: dict[str, Any]) -> None:
        """The held letter and its copies to the other participants, which wait with it."""
        row = self.session.get_one(Outgoing, outgoing)
        same = OUTGOING.c.id == row.id
        if row.incoming_id is not None:
            same |= (OUTGOING.c.incoming_id == row.incoming_id) & (OUTGOING.c.kind == row.kind)
        held = OUTGOING.c.state == OutgoingState.HELD
        self.session.connection().execute(sa.update(OUTGOING).where(same, held).values(**values))

    def _told_if_ticket(self, what: str, reason: str, ticket: int | None, **data: Any) -> None:
        if ticket is not None:
            self._event(what, reason, self._number(ticket), **data)

    def _event(self, what: str, reason: str, number: int, **data: Any) -> None:
        record(self.session, number, what, reason, self.cause, **data)
        self.applied.events.append((what, number))
