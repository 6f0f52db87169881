"""A mail by a proven staff member: an answer for the customer, a note, commands, or a word about a held letter."""

from __future__ import annotations

from datetime import datetime

from helpdesk.desk import from_customer, notices, one_word, own_words, people
from helpdesk.desk.changes import (
    AddParticipant,
    CancelHeld,
    Change,
    Decision,
    FirstResponse,
    KeepMessage,
    LedgerOutcome,
    Notice,
    NoticeKind,
    Notify,
    ReleaseHeld,
    SetOwner,
    SetStatus,
)
from helpdesk.desk.situation import HeldLetter, Situation
from helpdesk.desk.ticket import MessageKind, Status, TicketView
from helpdesk.desk.tokens import Role
from helpdesk.desk.verdict import Outcome
from helpdesk.mail.message import Address

FILES_NAMED = 20  # of a customer's attachments in a letter about a handover; nobody reads a longer list


def decide(now: Situation) -> Decision:
    """What a staff member's mail does; the caller has checked the proof."""
    if now.sender.token is not None and now.sender.token.role is Role.HELD:
        return _about_held(now)
    ticket = now.sender.ticket or now.match.ticket
    if ticket is None:
        # A person released it, and it belongs to no ticket: it becomes one of his own.
        return from_customer.decide(now)
    if now.asked.refused:
        return _refused(now, ticket, now.asked.answers)
    if now.asked.internal and not (now.asked.text.strip() or own_words.files(now.mail)):
        return _refused(now, ticket, ("note_without_words",))
    if now.asked.internal:
        return _note(now, ticket)
    if now.guarded.outcome is Outcome.HOLD and not _only_commands(now):
        return _guarded(now, ticket)
    return _answer(now, ticket)


def _refused(now: Situation, ticket: TicketView, answers: tuple[str, ...]) -> Decision:
    """Something was not understood: nothing is done or sent, the words are kept, the writer is told."""
    changes: tuple[Change, ...] = (
        _kept(now, ticket, MessageKind.DRAFT, "a command was refused"),
        *notices.receipt(now, ("nothing_done", *answers), ticket=ticket.number, text=now.mail.text),
    )
    return Decision(
        outcome=LedgerOutcome.APPENDED, reason="a command was refused", ticket=ticket.number, changes=changes
    )


def _note(now: Situation, ticket: TicketView) -> Decision:
    changes: tuple[Change, ...] = (_kept(now, ticket, MessageKind.NOTE, "#note"), *now.asked.changes)
    readers = [staff for staff in people.concerned(ticket, now.config) if staff.key not in now.asked.told]
    changes += notices.to_staff(
        now, NoticeKind.STAFF_NOTE, readers, ticket=ticket.number, text=now.asked.text, reason="#note"
    )
    changes += _handed_over(now, ticket)
    changes += notices.receipt(now, now.asked.answers, ticket=ticket.number)
    return Decision(outcome=LedgerOutcome.APPENDED, reason="a note", ticket=ticket.number, changes=changes)


def _answer(now: Situation, ticket: TicketView) -> Decision:
    only_commands = _only_commands(now)
    if only_commands:
        changes: tuple[Change, ...] = (_kept(now, ticket, MessageKind.NOTE, "commands"), *now.asked.changes)
    else:
        changes = (*_answered(now, ticket), *now.asked.changes, *_owner_told(now, ticket))
        changes += _asked_whether_sent(now, ticket.number, now.asked.text)
    changes += _closing(now, ticket, alone=only_commands)
    changes += _handed_over(now, ticket)
    changes += notices.receipt(now, now.asked.answers, ticket=ticket.number)
    reason = "commands" if only_commands else "an answer to the customer"
    return Decision(outcome=LedgerOutcome.APPENDED, reason=reason, ticket=ticket.number, changes=changes)


def _guarded(now: Situation, ticket: TicketView) -> Decision:
    """A guard has doubts: the letter waits, no command is carried out, its author is asked."""
    why = now.guarded.reasons[0]
    changes: tuple[Change, ...] = (
        _kept(now, ticket, MessageKind.DRAFT, f"held by a guard, {why}"),
        *_brought_in(now, ticket),
        *(
            _relay(now, ticket, person, guarded=why)
            for person in ticket.participants
            if not _had_it_already(now, person)
        ),
        *notices.to_author(
            now,
            NoticeKind.GUARD_HELD,
            ticket=ticket.number,
            text=now.asked.text,
            lines=(*_sent_before(now), *now.guarded.reasons),
        ),
    )
    return Decision(
        outcome=LedgerOutcome.APPENDED, reason=f"held by a guard, {why}", ticket=ticket.number, changes=changes
    )


def _sent_before(now: Situation) -> tuple[str, ...]:
    """What a question about a letter says first when the letter has probably been sent before a backup was restored."""
    return ("sent_before",) if now.again else ()


def _asked_whether_sent(now: Situation, ticket: int | None, text: str, held: int | None = None) -> tuple[Notify, ...]:
    """No guard has doubts, but the letter waits: its author knows best whether the customer has it."""
    lines, kind = _sent_before(now), NoticeKind.GUARD_HELD
    return notices.to_author(now, kind, ticket=ticket, text=text, lines=lines, held=held) if lines else ()


def _only_commands(now: Situation) -> bool:
    return bool(now.asked.answers) and not (now.asked.text.strip() or own_words.files(now.mail))


def _answered(now: Situation, ticket: TicketView) -> tuple[Change, ...]:
    staff = now.sender.staff
    assert staff is not None
    changes: list[Change] = [_kept(now, ticket, MessageKind.ANSWER, "an answer to the customer")]
    changes += _brought_in(now, ticket)
    changes += consequences(ticket, staff.key, now.now, closes=now.asked.closes)
    changes += [_relay(now, ticket, person) for person in ticket.participants if not _had_it_already(now, person)]
    return tuple(changes)


def _brought_in(now: Situation, ticket: TicketView) -> tuple[AddParticipant, ...]:
    """Whom the staff member has copied: they have his mail already, and so may answer it."""
    giver = now.sender.staff.name if now.sender.staff else ""
    return tuple(
        AddParticipant(person=person, reason=f"copied by {giver}", ticket=ticket.number)
        for person in people.others(now.mail, now.config)
        if not ticket.has_participant(person.address)
    )


def consequences(ticket: TicketView, staff: str, at: datetime, *, closes: bool = False) -> tuple[Change, ...]:
    """What an answer that goes out means for the ticket: an owner, the first response, and that we wait."""
    number = ticket.number
    changes: tuple[Change, ...] = ()
    if ticket.owner is None:
        changes += (SetOwner(owner=staff, reason="answered first", ticket=number),)
    if ticket.first_response is None:
        changes += (FirstResponse(at=at, staff=staff, reason="an answer to the customer", ticket=number),)
    if not closes and ticket.status is not Status.PENDING:
        changes += (SetStatus(status=Status.PENDING, reason="waiting for the customer", ticket=number),)
    return changes


def _relay(now: Situation, ticket: TicketView, recipient: Address, *, guarded: str | None = None) -> Notify:
    staff = now.sender.staff
    assert staff is not None
    notice = Notice(
        kind=NoticeKind.ANSWER,
        recipient=recipient,
        key=f"{NoticeKind.ANSWER}:{now.incoming}:{recipient.key}",
        ticket=ticket.number,
        staff=staff.key,
        author=staff.key,
        text=now.asked.text,
        attachments=bool(now.mail.attachments),
        copies=tuple(person for person in ticket.participants if person.key != recipient.key),
        closing=now.asked.closes and now.config.tickets.closing_note != "never",
        guarded=guarded,
    )
    return Notify(notice=notice, reason=f"{staff.name} answered", ticket=ticket.number)


def _closing(now: Situation, ticket: TicketView, *, alone: bool) -> tuple[Change, ...]:
    """A letter of its own only when the site wants the customer told although nobody wrote to him."""
    if ticket.status is Status.CLOSED or not (
        alone and now.asked.closes and now.config.tickets.closing_note == "always"
    ):
        return ()
    notice = Notice(
        kind=NoticeKind.CLOSING,
        recipient=ticket.contact,
        key=f"{NoticeKind.CLOSING}:{now.incoming}",
        ticket=ticket.number,
    )
    return (Notify(notice=notice, reason="#close", ticket=ticket.number),)


def _owner_told(now: Situation, ticket: TicketView) -> tuple[Change, ...]:
    """Somebody else has answered on the owner's ticket: he reads what was said, so that he does not say it again."""
    owner = now.config.staff.get(ticket.owner or "")
    if owner is None or not owner.active or owner.key in now.asked.told:
        return ()
    kind, words = NoticeKind.STAFF_ANSWER, now.asked.text
    # In a word about a held letter there is nothing of what was attached to the answer.
    files = now.held is None
    reason = "a colleague answered"
    return notices.to_staff(now, kind, (owner,), ticket=ticket.number, text=words, files=files, reason=reason)


def _handed_over(now: Situation, ticket: TicketView) -> tuple[Change, ...]:
    """The new owner reads what he needs: the note, the customer's last words, our last answer, the files' names."""
    told = [now.config.staff[key] for key in now.asked.told]
    giver = now.sender.staff.name if now.sender.staff else ""
    internal = now.asked.internal
    return notices.to_staff(
        now,
        NoticeKind.NEW_TICKET,
        told,
        ticket=ticket.number,
        text=now.asked.text if internal else now.last_words,
        author=None if internal else ticket.contact,
        lines=(f"handed_over_by: {giver}", *_customer_files(now)),
        files=internal,
        last_words=now.last_words if internal else "",
        last_answer=now.last_answer if internal else now.asked.text or now.last_answer,
        reason="#assign",
    )


def _customer_files(now: Situation) -> tuple[str, ...]:
    names = list(dict.fromkeys(now.customer_files))
    shown = names[:FILES_NAMED] + ["…"] * (len(names) > FILES_NAMED)
    return (f"customer_files: {', '.join(shown)}",) if shown else ()


def _about_held(now: Situation) -> Decision:
    """The answer to a guard's question: ``send`` lets the letter go, ``cancel`` stops it, all else is asked again."""
    held, staff = now.held, now.sender.staff
    if held is None or not held.waiting:
        return _told(now, "held_gone")
    if staff is None or held.staff != staff.key:
        return _told(now, "held_not_yours")
    said, proof = one_word.said(now.mail.text), now.sender.proof.value
    number = held.ticket.number if held.ticket else None
    if said in one_word.CANCEL:
        cancelled = CancelHeld(outgoing=held.number, reason=f"its author said cancel ({proof})", ticket=number)
        return _told(now, "held_cancelled", cancelled)
    never_meant = one_word.only(now.asked.text if held.ticket else held.text)
    if said in one_word.SEND and not never_meant:
        released = ReleaseHeld(outgoing=held.number, reason=f"its author said send ({proof})", ticket=number)
        after = _after_send(now, held.ticket, staff.key) if held.ticket and not held.done else ()
        after += _asked_whether_sent(now, number, own_words.own_words(held.text), held.number)
        return Decision(outcome=LedgerOutcome.ANSWERED, reason="send", ticket=number, changes=(released, *after))
    # A letter of nothing but ``send`` was never meant for the customer: it can only be cancelled.
    return _asked_again(now, held, one_word.LINE if never_meant else "held_not_understood")


def _told(now: Situation, line: str, *changes: Change) -> Decision:
    """A receipt of one line about the held letter, and what was done."""
    ticket = now.held.ticket.number if now.held and now.held.ticket else None
    told = notices.receipt(now, (line,), ticket=ticket)
    reason = "cancel" if changes else line
    return Decision(outcome=LedgerOutcome.ANSWERED, reason=reason, ticket=ticket, changes=(*changes, *told))


def _asked_again(now: Situation, held: HeldLetter, line: str) -> Decision:
    """The same question, at the same reply address: a ``send`` must never be taken for an answer to the customer."""
    ticket, kind = held.ticket.number if held.ticket else None, NoticeKind.GUARD_HELD
    words = own_words.own_words(held.text)
    asked = notices.to_author(now, kind, ticket=ticket, text=words, lines=(line,), held=held.number)
    return Decision(outcome=LedgerOutcome.ANSWERED, reason=line, ticket=ticket, changes=asked)


def _after_send(now: Situation, ticket: TicketView, staff: str) -> tuple[Change, ...]:
    """What the held mail asked for besides is done now, as if it had gone out at once."""
    return (
        *consequences(ticket, staff, now.now, closes=now.asked.closes),
        *now.asked.changes,
        *_owner_told(now, ticket),
        *_handed_over(now, ticket),
        *notices.receipt(now, now.asked.answers, ticket=ticket.number),
    )


def _kept(now: Situation, ticket: TicketView, kind: MessageKind, reason: str) -> KeepMessage:
    """The mail on its ticket; the history says what its author's rights rested on."""
    staff = now.sender.staff.key if now.sender.staff else None
    return KeepMessage(kind=kind, reason=f"{reason} ({now.sender.proof.value})", ticket=ticket.number, staff=staff)


def _had_it_already(now: Situation, person: Address) -> bool:
    """The staff member's own mail program has sent it to him, beside us."""
    return any(person.key == other.key for other in (*now.mail.to, *now.mail.cc))
