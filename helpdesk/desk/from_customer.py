"""A mail by somebody who is not staff: a new ticket, or one more message on his own."""

from __future__ import annotations

from helpdesk.config import Config, Staff
from helpdesk.desk import notices, people
from helpdesk.desk.changes import (
    AddParticipant,
    Change,
    Decision,
    KeepMessage,
    LedgerOutcome,
    NoticeKind,
    OpenTicket,
    SetStatus,
)
from helpdesk.desk.situation import Situation
from helpdesk.desk.ticket import MessageKind, Status, TicketView
from helpdesk.desk.verdict import Authentication, Outcome
from helpdesk.mail.message import Address

_TOLD = ("id_taken", "unclear_sender")  # filters whose findings stand in the letters to staff
UNKNOWN_SENDER = Address(name=None, address="unknown")  # a released mail without any address still gets its ticket


def decide(now: Situation) -> Decision:
    """Append to the matched ticket, or open a new one."""
    if now.match.ticket is None:
        return _open(now)
    if now.match.as_note:
        return _stranger(now, now.match.ticket)
    return _reply(now, now.match.ticket)


def _open(now: Situation) -> Decision:
    flags = (*now.match.flags, *_warnings(now), *_bounced_before(now))
    newcomers = _copied(now)
    changes: tuple[Change, ...] = (
        OpenTicket(
            department=now.route.department,
            mailbox=now.mailbox.name,
            subject=now.mail.subject,
            contact=now.sender.address or UNKNOWN_SENDER,
            language=people.language(now.contact, now.mail, now.mailbox, now.config),
            owner=now.route.owner,
            priority=now.route.priority,
            tags=now.route.tags,
            flags=flags,
            linked=now.match.linked,
            participants=newcomers,
            reason=now.route.rule,
        ),
        KeepMessage(kind=MessageKind.CUSTOMER, reason=f"matched by {now.match.how.value}", flags=flags),
    )
    if now.verdict.outcome is Outcome.ACCEPT:
        changes += notices.acknowledgement(now)
    changes += notices.to_staff(
        now,
        NoticeKind.NEW_TICKET,
        _told(now),
        ticket=None,
        lines=(*flags, *_copies_shown(now)),
        even_writer=True,
        reason=now.route.rule,
    )
    return Decision(outcome=LedgerOutcome.TICKET, reason=now.route.rule, changes=changes)


def _told(now: Situation) -> tuple[Staff, ...]:
    """The department; of a colleague's own mail the others, else the admin, and himself when there is nobody else."""
    writer = now.sender.staff
    members = people.members(now.route.department, now.config)
    if writer is None:
        return members
    admin = now.config.admin_staff()
    others = tuple(staff for staff in (*members, *((admin,) if admin else ())) if staff.key != writer.key)
    return tuple(staff for staff in others if staff in members) or others or (writer,)


def _reply(now: Situation, ticket: TicketView) -> Decision:
    number, reason = ticket.number, f"matched by {now.match.how.value}"
    flags = _warnings(now)
    changes: tuple[Change, ...] = (
        KeepMessage(kind=MessageKind.CUSTOMER, reason=reason, ticket=number, flags=flags),
        *(
            AddParticipant(person=person, reason="copied by an authenticated participant", ticket=number)
            for person in _copied(now)
            if not ticket.has_participant(person.address)
        ),
    )
    if ticket.status not in (Status.NEW, Status.OPEN):
        changes += (SetStatus(status=Status.OPEN, reason="the customer wrote", ticket=number),)
        if ticket.status is Status.CLOSED:
            flags = ("reopened", *flags)
    told = people.concerned(ticket, now.config)
    lines = (*flags, *_copies_shown(now))
    changes += notices.to_staff(now, NoticeKind.CUSTOMER_REPLY, told, ticket=number, lines=lines, reason=reason)
    return Decision(outcome=LedgerOutcome.APPENDED, reason=reason, ticket=number, changes=changes)


def _stranger(now: Situation, ticket: TicketView) -> Decision:
    """Somebody holds the reply address but is no participant: for the eyes of staff, nothing goes to him."""
    number, reason = ticket.number, f"matched by {now.match.how.value}, not a participant"
    flags = (*now.match.flags, *_warnings(now))
    changes: tuple[Change, ...] = (
        KeepMessage(kind=MessageKind.STRANGER, reason=reason, ticket=number, flags=flags),
        *notices.to_staff(
            now,
            NoticeKind.CUSTOMER_REPLY,
            people.concerned(ticket, now.config),
            ticket=number,
            lines=flags,
            reason=reason,
        ),
    )
    return Decision(outcome=LedgerOutcome.APPENDED, reason=reason, ticket=number, changes=changes)


def _copied(now: Situation) -> tuple[Address, ...]:
    """Who becomes a participant by being copied: only an authenticated sender can bring people in."""
    if now.sender.authentication is not Authentication.PASS:
        return ()
    return people.others(now.mail, now.config)


def _copies_shown(now: Situation) -> tuple[str, ...]:
    """The people in To and Cc, and a Reply-To that differs: shown to staff, never written to by us."""
    copies = tuple(f"copied: {person.address}" for person in people.others(now.mail, now.config))
    author = now.sender.address.key if now.sender.address else ""
    elsewhere = tuple(
        f"reply_to: {person.address}"
        for person in now.mail.reply_to
        if person.key != author and not _ours(person, now.config)
    )
    return copies + elsewhere


def _ours(person: Address, config: Config) -> bool:
    return people.written_to_us(person.address, config)


def _warnings(now: Situation) -> tuple[str, ...]:
    """What staff should know before they believe the mail: who sent it is not proven, or not whom one sees in From."""
    failed = ("sender_not_proven",) if now.sender.authentication is Authentication.FAIL else ()
    return failed + tuple(
        f"{finding.filter}: {finding.reason}" for finding in now.verdict.findings if finding.filter in _TOLD
    )


def _bounced_before(now: Situation) -> tuple[str, ...]:
    return ("bounced_before",) if now.contact and now.contact.suspended else ()
