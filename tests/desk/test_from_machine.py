"""Bounces and automatic replies are noted where they belong, and answered by nobody."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk import tokens
from helpdesk.desk.changes import Decision, KeepMessage, LedgerOutcome, MarkBounced, NoticeKind
from helpdesk.desk.situation import Bounced
from helpdesk.desk.ticket import MessageKind
from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.mail.message import Address, Bounce, FailedRecipient
from tests.builders import EVA, at_token, decided, from_staff, judged, mail, notices, of_kind, thought, ticket

DAEMON = Address(name=None, address="mailer-daemon@mx.test")
LETTER = Bounced(message_id="<ours@helpdesk.test>", recipient=EVA.address, ticket=ticket())


def bounced(*recipients: FailedRecipient, letters: tuple[Bounced, ...] = (LETTER,), **values: Any) -> Decision:
    report = mail(DAEMON, bounce=Bounce(recipients=recipients), **values)
    return decided(thought(report, bounced=letters), judged(Outcome.MUTE, Kind.BOUNCE))


def failed(address: str = EVA.address, status: str = "5.1.1", *, permanent: bool = True) -> FailedRecipient:
    return FailedRecipient(address=address, status=status, permanent=permanent)


def test_a_bounce_of_our_letter_is_noted_and_the_ticket_s_people_are_told() -> None:
    """C19: nothing leaves the house."""
    decision = bounced(failed("EVA@customer.test"))
    (kept,), (marked,) = of_kind(decision.changes, KeepMessage), of_kind(decision.changes, MarkBounced)
    assert (kept.kind, kept.ticket) == (MessageKind.BOUNCE, 1042)
    assert (marked.address, marked.status, marked.permanent) == (EVA.address, "5.1.1", True)
    letters = notices(decision.changes)
    assert {letter.kind for letter in letters} == {NoticeKind.NOT_DELIVERED}
    assert {letter.recipient.domain for letter in letters} == {"helpdesk.test"}
    assert letters[0].lines == ("not_delivered_to: EVA@customer.test", "why.no_such_address: 5.1.1")


def test_a_delay_is_noted_and_nobody_is_troubled() -> None:
    """C20."""
    decision = bounced(failed(status="4.4.7", permanent=False))
    assert len(of_kind(decision.changes, MarkBounced)) == 1
    assert notices(decision.changes) == []


def test_a_forwarding_behind_the_address_counts_as_the_address() -> None:
    """The report names an address that we never wrote to."""
    (marked,) = of_kind(bounced(failed("eva.private@else.test")).changes, MarkBounced)
    assert marked.address == EVA.address


def test_a_report_without_recipients_is_only_noted() -> None:
    """There is nothing to mark."""
    changes = bounced().changes
    assert len(changes) == len(of_kind(changes, KeepMessage)) == 1


@pytest.mark.parametrize(
    ("letters", "reason"),
    [
        ((), "no letter of ours is named in it"),
        ((Bounced(message_id="<x>", recipient="a@b.test", ticket=None),), "about a letter without a ticket"),
    ],
)
def test_an_uncorrelated_bounce_harms_nobody(letters: tuple[Bounced, ...], reason: str) -> None:
    """C22: forged reports are recorded, and that is all."""
    decision = bounced(failed(), letters=letters)
    assert (decision.outcome, decision.reason, decision.changes) == (LedgerOutcome.BOUNCE, reason, ())


@pytest.mark.parametrize(
    ("message", "staff"),
    [(mail(to=at_token(tokens.customer(1042))), None), (from_staff("Szabadságon vagyok.\n\n#close"), "anna")],
)
def test_an_automatic_reply_is_a_silent_note(message: Any, staff: str | None) -> None:
    """C04, and an agent's out-of-office: no letter, no command, no change of status."""
    decision = decided(thought(message, ticket()), judged(Outcome.MUTE, Kind.AUTO_REPLY))
    (kept,) = decision.changes
    assert isinstance(kept, KeepMessage)
    assert (kept.kind, kept.staff, kept.ticket) == (MessageKind.AUTOMATIC, staff, 1042)


def test_an_automatic_reply_without_a_ticket_is_only_recorded() -> None:
    """It opens none."""
    decision = decided(thought(mail()), judged(Outcome.MUTE, Kind.AUTO_REPLY))
    assert (decision.outcome, decision.changes) == (LedgerOutcome.AUTOMATIC, ())


def test_a_colleague_who_gets_no_letters_is_told_to_the_others() -> None:
    """Else a ticket could stay unseen; once a day, never to the one who cannot be reached, and he is not suspended."""
    letter = Bounced(message_id="<ours@helpdesk.test>", recipient="bela@helpdesk.test", ticket=ticket())
    decision = bounced(failed("bela@helpdesk.test"), letters=(letter,))
    assert of_kind(decision.changes, MarkBounced) == []
    (told,) = notices(decision.changes)
    assert (told.kind, told.staff) == (NoticeKind.ADMIN_ALERT, "anna")
    assert told.key.endswith("unreachable:bela:2026-03-02:anna")


def test_a_report_that_a_person_may_have_written_waits_and_marks_nobody() -> None:
    """The people of a customer answer from postmaster@, too; let in, such a mail is a ticket or a reply."""
    doubtful = Bounce(recipients=(failed(),), message_ids=("<ours@helpdesk.test>",), certain=False)
    held = thought(mail(bounce=doubtful), bounced=(LETTER,)).decision
    assert (held.outcome, held.changes) == (LedgerOutcome.QUARANTINE, ())
    assert "nothing shows that a mail server wrote it" in held.reason
    opened = thought(mail(bounce=doubtful), bounced=(LETTER,), released=True).decision
    reply = mail(to=at_token(tokens.customer(1042)), bounce=doubtful)
    appended = thought(reply, ticket(), bounced=(LETTER,), released=True).decision
    assert (opened.outcome, appended.outcome) == (LedgerOutcome.TICKET, LedgerOutcome.APPENDED)
    assert of_kind((*opened.changes, *appended.changes), MarkBounced) == []
