"""The one write: changes become rows and history; the letters that they ask for are handed back to be composed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from functools import singledispatchmethod
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk import changes
from helpdesk.desk.changes import Change, Notice
from helpdesk.desk.ticket import MessageKind, Status, TicketView
from helpdesk.mail.message import Address
from helpdesk.store import contacts
from helpdesk.store.contacts import Person
from helpdesk.store.direct import Direct
from helpdesk.store.history import Cause, History, record
from helpdesk.store.queues import held
from helpdesk.store.queues.held import Settled
from helpdesk.store.queues.restored import HANDLED_BEFORE
from helpdesk.store.statements import insert, insert_new, update
from helpdesk.store.tables import Link, Message, Outgoing, Participant, Ticket
from helpdesk.store.tables.base import key_text, table
from helpdesk.store.threads import remember_letter, remember_letters, remember_mail

__all__ = ["Applied", "Cause", "History", "apply", "record", "remember_letter", "remember_letters"]

LONGEST_SHOWN = 200_000  # characters of text kept beside the raw mail, which keeps all

# The address does not exist (RFC 3463 3.2): nothing automatic goes to it any more. The exceptions speak of us, the
# sender, or of a server on the way.
HARD_BOUNCE = "5.1."
NOT_THE_RECIPIENT = ("5.1.7", "5.1.8", "5.1.9")

# Of a ticket that is opened: what letters about it say.
SHOWN = ("status", "subject", "department", "mailbox", "language", "opened", "owner", "priority")

OUTGOING, MESSAGES, TICKETS, PARTICIPANTS = table(Outgoing), table(Message), table(Ticket), table(Participant)

_OPEN = Direct(
    sa.insert(TICKETS).returning(TICKETS.c.number),
    columns=(
        *("status", "subject", "department", "mailbox", "owner", "priority", "language"),
        *("contact_id", "tags", "flags", "opened", "updated"),
    ),
)
_JOIN = Direct(
    lambda dialect: insert(dialect, PARTICIPANTS).on_conflict_do_nothing(),
    columns=("ticket", "contact_id", "since", "reason"),
)
_KEEP = Direct(
    sa.insert(MESSAGES),
    columns=(
        *("ticket", "incoming_id", "kind", "staff", "author_name", "author_address", "message_id"),
        *("subject", "text", "full_text", "attachments", "copies", "flags", "at"),
    ),
)


@dataclass(kw_only=True, slots=True)
class Applied:
    """What came of it: the ticket (new or old), the letters to be written, and what changed, for the log."""

    ticket: int | None = None
    notices: list[Notice] = field(default_factory=list)
    events: list[tuple[str, int]] = field(default_factory=list)
    opened: TicketView | None = None
    """The ticket that was opened, as it is now."""


def apply(session: Session, asked: Iterable[Change], cause: Cause, history: History | None = None) -> Applied:
    """Write all changes in order; a ``ticket`` of None means the one that was opened just before.

    Into a ``history`` that is given lines are only put: who has more to say there writes it.
    """
    own = History(session, cause)
    writer = _Writer(session, cause, history if history is not None else own)
    for change in asked:
        writer.write(change)
    own.write()
    return writer.finished()


class _Writer:
    """Writes the changes of one decision."""

    def __init__(self, session: Session, cause: Cause, history: History) -> None:
        self.session = session
        self.cause = cause
        self.history = history
        self.applied = Applied()
        self._authors: dict[str, Person] = {}
        self._opened: TicketView | None = None

    def finished(self) -> Applied:
        """What came of it all."""
        if (opened := self._opened) is not None:
            self.applied.opened = replace(opened, **self.history.state(opened.number))
        return self.applied

    @singledispatchmethod
    def write(self, change: Change) -> None:
        """One change; every member of the closed list has its way below."""
        message = f"no way to write {type(change).__name__}"
        raise TypeError(message)

    @write.register
    def _(self, change: changes.OpenTicket) -> None:
        person = self._authors[change.contact.key] = contacts.author(self.session, change.contact, self.cause.now)
        row: dict[str, Any] = {
            "status": Status.NEW,
            "subject": change.subject,
            "department": change.department,
            "mailbox": change.mailbox,
            "owner": change.owner,
            "priority": change.priority,
            "language": change.language,
            "contact_id": person.id,
            "tags": list(change.tags),
            "flags": list(change.flags),
            "opened": self.cause.received or self.cause.now,
            "updated": self.cause.now,
        }
        ticket = _OPEN.scalar(self.session, row)
        assert ticket is not None
        self.applied.ticket = ticket
        self.history.opened(ticket, status=Status.NEW, owner=change.owner, first_response=None, closed=None)
        self._opened = TicketView(**{name: row[name] for name in SHOWN}, number=ticket, contact=person.address)
        self._event("opened", change.reason, ticket, department=change.department, flags=list(change.flags))
        self._participant(ticket, change.contact, person, "wrote the first mail")
        for other in change.participants:
            newcomer = contacts.contact(self.session, other, self.cause.now)
            self._participant(ticket, other, newcomer, "copied by an authenticated sender")
        if change.linked is not None:
            insert_new(self.session, Link, [{"ticket": ticket, "other": change.linked, "reason": change.reason}])
            self._event("linked", f"follows {change.linked}", ticket, other=change.linked)

    @write.register
    def _(self, change: changes.KeepMessage) -> None:
        ticket, mail = self._number(change.ticket), self.cause.mail
        assert mail is not None
        writer = (*mail.from_, *mail.reply_to, Address(name=None, address="unknown"))[0]
        if change.kind is MessageKind.CUSTOMER and writer.key not in self._authors:
            contacts.heard_of(self.session, writer, self.cause.now)
        copies = [{"name": person.name, "address": person.address} for person in (*mail.to, *mail.cc)]
        row = {
            "ticket": ticket,
            "incoming_id": self.cause.incoming,
            "kind": change.kind,
            "staff": change.staff,
            "author_name": writer.name,
            "author_address": writer.address,
            "message_id": key_text(mail.message_id) if mail.message_id else None,
            "subject": mail.subject,
            "text": (mail.signed_text if change.staff else mail.text)[:LONGEST_SHOWN],
            "full_text": mail.full_text[:LONGEST_SHOWN],
            "attachments": [asdict(attachment) for attachment in mail.attachments],
            "copies": copies,
            "flags": list(change.flags),
            "at": self.cause.received or self.cause.now,
        }
        _KEEP.later(self.session, [row])
        public = remember_mail(self.session, mail, ticket, public=change.kind is MessageKind.CUSTOMER)
        if (opened := self._opened) is not None and opened.number == ticket:
            self._opened = replace(opened, thread=(*opened.thread, *public))
        self._event("message", change.reason, ticket, kind=change.kind.value, flags=list(change.flags))

    @write.register
    def _(self, change: changes.SetStatus) -> None:
        self._status(self._number(change.ticket), change.status, change.reason)

    @write.register
    def _(self, change: changes.SetOwner) -> None:
        ticket = self._number(change.ticket)
        before = self.history.now(ticket, "owner")
        self.history.change(ticket, owner=change.owner)
        self._event("owner", change.reason, ticket, before=before, after=change.owner)
        if change.owner is not None and self.history.now(ticket, "status") is Status.NEW:
            self._status(ticket, Status.OPEN, "it has an owner")

    @write.register
    def _(self, change: changes.AddParticipant) -> None:
        person = contacts.contact(self.session, change.person, self.cause.now)
        self._participant(self._number(change.ticket), change.person, person, change.reason)

    @write.register
    def _(self, change: changes.FirstResponse) -> None:
        ticket = self._number(change.ticket)
        if self.history.now(ticket, "first_response") is None:
            self.history.change(ticket, first_response=change.at)
            self._event("first_response", change.reason, ticket, staff=change.staff)

    @write.register
    def _(self, change: changes.MarkBounced) -> None:
        person = Address(name=None, address=change.address)
        came_back = (OUTGOING.c.message_id == change.message_id) & (OUTGOING.c.recipient == key_text(person.key))
        update(self.session, OUTGOING, came_back, {"reason": f"came back: {change.status or change.reason}"})
        if change.permanent and change.status.startswith(HARD_BOUNCE) and change.status not in NOT_THE_RECIPIENT:
            contacts.suspend(self.session, person, self.cause.now)
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

    def _status(self, number: int, status: Status, reason: str) -> None:
        before = self.history.now(number, "status")
        self.history.change(number, status=status, closed=self.cause.now if status is Status.CLOSED else None)
        self._event("status", reason, number, before=before.value, after=status.value)

    def _participant(self, ticket: int, person: Address, known: Person, reason: str) -> None:
        row = {"ticket": ticket, "contact_id": known.id, "since": self.cause.now, "reason": reason}
        opened = self._opened if self._opened is not None and self._opened.number == ticket else None
        if opened is not None and not opened.participants:
            _JOIN.later(self.session, [row])
        elif not _JOIN.run(self.session, row):
            return
        self._event("participant", reason, ticket, address=key_text(person.key))
        if opened is not None:
            self._opened = replace(opened, participants=(*opened.participants, known.address))

    def _told(self, what: str, change: changes.ReleaseHeld | changes.CancelHeld, settled: Settled) -> None:
        """Nothing is told when somebody else was faster."""
        ticket = change.ticket if change.ticket is not None else settled.ticket
        if settled.letters and ticket is not None:
            self._event(what, change.reason, self._number(ticket), outgoing=change.outgoing, letters=settled.letters)

    def _event(self, what: str, reason: str, number: int, **data: Any) -> None:
        self.history.note(number, what, reason, **data)
        self.applied.events.append((what, number))
