"""The one write: changes become rows and history; the letters that they ask for are handed back to be composed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from functools import singledispatchmethod
from typing import Any

from sqlmodel import Session

from helpdesk.desk import changes
from helpdesk.desk.changes import Change, Notice
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.mail.message import Address, Mail
from helpdesk.store import contacts
from helpdesk.store.queues import held
from helpdesk.store.queues.held import Settled
from helpdesk.store.queues.restored import HANDLED_BEFORE
from helpdesk.store.statements import insert_new, update
from helpdesk.store.tables import Contact, Event, Link, Message, Outgoing, Participant, Ticket
from helpdesk.store.tables.base import key_text, table
from helpdesk.store.threads import remember_letter, remember_mail

__all__ = ["Applied", "Cause", "apply", "record", "remember_letter"]

LONGEST_SHOWN = 200_000  # characters of text kept beside the raw mail, which keeps all

# The address does not exist (RFC 3463 3.2): nothing automatic goes to it any more. The exceptions speak of us, the
# sender, or of a server on the way.
HARD_BOUNCE = "5.1."
NOT_THE_RECIPIENT = ("5.1.7", "5.1.8", "5.1.9")

OUTGOING, MESSAGES = table(Outgoing), table(Message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """What led to the changes: a mail of the ledger, or a person at the shell (then without a mail)."""

    actor: str
    now: datetime
    incoming: int | None = None
    mail: Mail | None = None
    received: datetime | None = None
    again: bool = False
    """The mail was probably handled once, before a backup was restored: what customers would get waits for a person."""


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


def record(session: Session, ticket: int, what: str, reason: str, cause: Cause, **data: Any) -> None:
    """One line of the history; the ticket has changed now."""
    session.get_one(Ticket, ticket).updated = cause.now
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
        person = contacts.author(self.session, change.contact, self.cause.now)
        ticket = Ticket(
            status=Status.NEW,
            subject=change.subject,
            department=change.department,
            mailbox=change.mailbox,
            owner=change.owner,
            priority=change.priority,
            language=change.language,
            contact_id=contacts.number(person),
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
            newcomer = contacts.contact(self.session, other, self.cause.now)
            self._participant(ticket.number, newcomer, "copied by an authenticated sender")
        if change.linked is not None:
            self.session.add(Link(ticket=ticket.number, other=change.linked, reason=change.reason))
            self._event("linked", f"follows {change.linked}", ticket.number, other=change.linked)

    @write.register
    def _(self, change: changes.KeepMessage) -> None:
        ticket, mail = self._number(change.ticket), self.cause.mail
        assert mail is not None
        writer = (*mail.from_, *mail.reply_to, Address(name=None, address="unknown"))[0]
        if change.kind is MessageKind.CUSTOMER:
            contacts.author(self.session, writer, self.cause.now)
        copies = [{"name": person.name, "address": person.address} for person in (*mail.to, *mail.cc)]
        message = Message(
            ticket=ticket,
            incoming_id=self.cause.incoming,
            kind=change.kind,
            staff=change.staff,
            author_name=writer.name,
            author_address=writer.address,
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
        remember_mail(self.session, mail, ticket, public=change.kind is MessageKind.CUSTOMER)
        self._event("message", change.reason, ticket, kind=change.kind.value, flags=list(change.flags))

    @write.register
    def _(self, change: changes.SetStatus) -> None:
        self._status(self._number(change.ticket), change.status, change.reason)

    @write.register
    def _(self, change: changes.SetOwner) -> None:
        ticket = self._ticket(change.ticket)
        before, ticket.owner = ticket.owner, change.owner
        self._event("owner", change.reason, self._number(change.ticket), before=before, after=change.owner)
        if ticket.status is Status.NEW and change.owner is not None:
            self._status(self._number(change.ticket), Status.OPEN, "it has an owner")

    @write.register
    def _(self, change: changes.AddParticipant) -> None:
        person = contacts.contact(self.session, change.person, self.cause.now)
        self._participant(self._number(change.ticket), person, change.reason)

    @write.register
    def _(self, change: changes.FirstResponse) -> None:
        ticket = self._ticket(change.ticket)
        if ticket.first_response is None:
            ticket.first_response = change.at
            self._event("first_response", change.reason, self._number(change.ticket), staff=change.staff)

    @write.register
    def _(self, change: changes.MarkBounced) -> None:
        person = Address(name=None, address=change.address)
        came_back = (OUTGOING.c.message_id == change.message_id) & (OUTGOING.c.recipient == key_text(person.key))
        update(self.session, OUTGOING, came_back, {"reason": f"came back: {change.status or change.reason}"})
        if change.permanent and change.status.startswith(HARD_BOUNCE) and change.status not in NOT_THE_RECIPIENT:
            contacts.contact(self.session, person, self.cause.now).suspended = self.cause.now
        facts = {"address": change.address, "status": change.status, "final": change.permanent}
        self._event("bounced", change.reason, self._number(change.ticket), **facts)

    @write.register
    def _(self, change: changes.ReleaseHeld) -> None:
        if self.cause.again:
            reason = f"{HANDLED_BEFORE} ({change.reason})"
            self._told("held", change, held.keep_held(self.session, change.outgoing, reason))
            return
        settled = held.let_go(self.session, change.outgoing, change.reason, self.cause.now)
        if settled.letters and settled.incoming_id is not None:
            # What was kept as a draft while it waited is now said to the customer.
            draft = (MESSAGES.c.incoming_id == settled.incoming_id) & (MESSAGES.c.kind == MessageKind.DRAFT)
            update(self.session, MESSAGES, draft, {"kind": MessageKind.ANSWER})
        self._told("released", change, settled)

    @write.register
    def _(self, change: changes.CancelHeld) -> None:
        self._told("cancelled", change, held.call_back(self.session, change.outgoing, change.reason, self.cause.now))

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
        return self.session.get_one(Ticket, self._number(given))

    def _status(self, number: int, status: Status, reason: str) -> None:
        ticket = self._ticket(number)
        before, ticket.status = ticket.status, status
        ticket.closed = self.cause.now if status is Status.CLOSED else None
        self._event("status", reason, number, before=before.value, after=status.value)

    def _participant(self, ticket: int, person: Contact, reason: str) -> None:
        row = {"ticket": ticket, "contact_id": contacts.number(person), "since": self.cause.now, "reason": reason}
        if insert_new(self.session, Participant, [row]):
            self._event("participant", reason, ticket, address=person.address)

    def _told(self, what: str, change: changes.ReleaseHeld | changes.CancelHeld, settled: Settled) -> None:
        """Nothing is told when somebody else was faster."""
        ticket = change.ticket if change.ticket is not None else settled.ticket
        if settled.letters and ticket is not None:
            self._event(what, change.reason, self._number(ticket), outgoing=change.outgoing, letters=settled.letters)

    def _event(self, what: str, reason: str, number: int, **data: Any) -> None:
        record(self.session, number, what, reason, self.cause, **data)
        self.applied.events.append((what, number))
