"""Bounces and automatic replies: noted on their ticket when they have one, never answered."""

from __future__ import annotations

from collections.abc import Iterable

from helpdesk.config import Staff
from helpdesk.desk import people, returned
from helpdesk.desk.changes import Change, Decision, KeepMessage, LedgerOutcome, MarkBounced, Notice, NoticeKind, Notify
from helpdesk.desk.situation import Bounced, Situation
from helpdesk.desk.ticket import MessageKind, TicketView
from helpdesk.mail.message import FailedRecipient


def auto_reply(now: Situation) -> Decision:
    """An out-of-office and the like: a silent note on the ticket, or only recorded; nothing is reopened."""
    ticket = now.sender.ticket or now.match.ticket
    if ticket is None:
        return Decision(outcome=LedgerOutcome.AUTOMATIC, reason=_why(now))
    staff = now.sender.staff.key if now.sender.staff else None
    note = KeepMessage(kind=MessageKind.AUTOMATIC, reason=_why(now), ticket=ticket.number, staff=staff)
    return Decision(outcome=LedgerOutcome.AUTOMATIC, reason=_why(now), ticket=ticket.number, changes=(note,))


def bounce(now: Situation) -> Decision:
    """A delivery report: correlated by our Message-ID only, so that a flood of forged ones harms nobody."""
    known = next((letter for letter in now.bounced if letter.ticket is not None), None)
    if known is None or known.ticket is None:
        return Decision(
            outcome=LedgerOutcome.BOUNCE,
            reason="no letter of ours is named in it" if not now.bounced else "about a letter without a ticket",
        )
    ticket = known.ticket
    failed = _about(now, known)
    changes: tuple[Change, ...] = (KeepMessage(kind=MessageKind.BOUNCE, reason=_why(now), ticket=ticket.number),)
    colleague = now.config.staff_by_address(known.recipient)
    if colleague is None:
        changes += tuple(_marked(person, known, ticket) for person in failed)
    if any(person.permanent for person in failed):
        if colleague is None:
            changes += _told(now, ticket, returned.lines(known, failed, now.config))
        else:
            changes += _unreachable(now, ticket, failed, colleague)
    return Decision(outcome=LedgerOutcome.BOUNCE, reason=_why(now), ticket=ticket.number, changes=changes)


def _about(now: Situation, letter: Bounced) -> tuple[FailedRecipient, ...]:
    """The failed recipients that we wrote to; a forwarding behind the address counts as the address itself."""
    named = now.mail.bounce.recipients if now.mail.bounce else ()
    same = tuple(person for person in named if person.address.lower() == letter.recipient)
    if same or not named:
        return same
    first = named[0]
    return (FailedRecipient(address=letter.recipient, status=first.status, permanent=first.permanent),)


def _marked(person: FailedRecipient, letter: Bounced, ticket: TicketView) -> MarkBounced:
    return MarkBounced(
        address=person.address.lower(),
        status=person.status,
        permanent=person.permanent,
        message_id=letter.message_id,
        reason=f"the mail server reported {person.status or 'a failure'}",
        ticket=ticket.number,
    )


def _told(now: Situation, ticket: TicketView, lines: tuple[str, ...]) -> tuple[Notify, ...]:
    """Whom the ticket concerns learns that its customer did not get a letter."""
    concerned, kind = people.concerned(ticket, now.config), NoticeKind.NOT_DELIVERED
    return _notices(ticket, concerned, kind, f"{kind}:{now.incoming}", lines, "a letter came back")


def _unreachable(
    now: Situation, ticket: TicketView, failed: tuple[FailedRecipient, ...], colleague: Staff
) -> tuple[Notify, ...]:
    """A colleague does not get our letters: the admin and the others of the ticket learn it, once a day."""
    admin, kind = now.config.admin_staff(), NoticeKind.ADMIN_ALERT
    others = {staff.key: staff for staff in (*people.concerned(ticket, now.config), *((admin,) if admin else ()))}
    others.pop(colleague.key, None)
    lines = tuple(f"not_delivered_to: {person.address} {person.status}".strip() for person in failed)
    key = f"{kind}:unreachable:{colleague.key}:{now.now:%Y-%m-%d}"
    return _notices(ticket, others.values(), kind, key, lines, "a letter to a colleague came back")


def _notices(
    ticket: TicketView, to: Iterable[Staff], kind: NoticeKind, key: str, lines: tuple[str, ...], reason: str
) -> tuple[Notify, ...]:
    """The same to each of them, under a key of his own."""
    return tuple(
        Notify(
            notice=Notice(
                kind=kind,
                recipient=people.staff_address(staff),
                key=f"{key}:{staff.key}",
                ticket=ticket.number,
                staff=staff.key,
                lines=lines,
            ),
            reason=reason,
            ticket=ticket.number,
        )
        for staff in to
    )


def _why(now: Situation) -> str:
    return now.verdict.reasons[0]
