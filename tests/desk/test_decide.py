"""The table of verdicts: what each kind of mail leads to, who wrote it notwithstanding."""

from __future__ import annotations

import pytest

from helpdesk.desk import decide, tokens
from helpdesk.desk.changes import AddParticipant, LedgerOutcome, Notice, NoticeKind, OpenTicket, SetStatus
from helpdesk.desk.ticket import Status
from helpdesk.desk.verdict import Kind, Outcome, Verdict
from helpdesk.mail.message import Address
from helpdesk.thinking import Thought
from tests.builders import (
    ANNA,
    BELA,
    JANOS,
    at_token,
    config,
    decided,
    from_staff,
    judged,
    mail,
    notices,
    of_kind,
    thought,
    ticket,
)

ACCEPT, MUTE, HOLD, DROP = Outcome.ACCEPT, Outcome.MUTE, Outcome.HOLD, Outcome.DROP
STAFF = {NoticeKind.NEW_TICKET, NoticeKind.CUSTOMER_REPLY, NoticeKind.STAFF_NOTE}


def new() -> Thought:
    return thought(mail())


def reply() -> Thought:
    return thought(mail(to=at_token(tokens.customer(1042))), ticket())


def outside(letters: list[Notice]) -> set[NoticeKind]:
    """Kinds of the letters that would leave the house."""
    return {letter.kind for letter in letters} - STAFF


@pytest.mark.parametrize(
    ("verdict", "of_new", "of_reply", "acknowledged"),
    [
        (Verdict(), LedgerOutcome.TICKET, LedgerOutcome.APPENDED, True),
        (judged(ACCEPT), LedgerOutcome.TICKET, LedgerOutcome.APPENDED, True),
        (judged(MUTE, Kind.AUTO_GENERATED), LedgerOutcome.TICKET, LedgerOutcome.APPENDED, False),
        (judged(MUTE, Kind.LIST), LedgerOutcome.TICKET, LedgerOutcome.APPENDED, False),
        (judged(MUTE, Kind.AUTO_REPLY), LedgerOutcome.AUTOMATIC, LedgerOutcome.AUTOMATIC, False),
        (judged(MUTE, Kind.BOUNCE), LedgerOutcome.BOUNCE, LedgerOutcome.BOUNCE, False),
        (judged(DROP, Kind.OWN), LedgerOutcome.OWN, LedgerOutcome.OWN, False),
        (judged(DROP, Kind.DUPLICATE), LedgerOutcome.DUPLICATE, LedgerOutcome.DUPLICATE, False),
        (judged(DROP, Kind.BLOCKED), LedgerOutcome.BLOCKED, LedgerOutcome.BLOCKED, False),
        (judged(DROP), LedgerOutcome.DROPPED, LedgerOutcome.DROPPED, False),
        (judged(DROP, Kind.LIST), LedgerOutcome.DROPPED, LedgerOutcome.DROPPED, False),
        (judged(HOLD), LedgerOutcome.QUARANTINE, LedgerOutcome.QUARANTINE, False),
        (judged(HOLD, Kind.INVALID), LedgerOutcome.QUARANTINE, LedgerOutcome.QUARANTINE, False),
        (judged(HOLD, Kind.BOUNCE), LedgerOutcome.QUARANTINE, LedgerOutcome.QUARANTINE, False),
    ],
)
def test_each_kind_has_its_outcome_and_only_people_are_answered(
    verdict: Verdict, of_new: LedgerOutcome, of_reply: LedgerOutcome, acknowledged: bool
) -> None:
    """Row by row."""
    opened, appended = decided(new(), verdict), decided(reply(), verdict)
    assert (opened.outcome, appended.outcome) == (of_new, of_reply)
    assert outside(notices(opened.changes)) == ({NoticeKind.ACKNOWLEDGEMENT} if acknowledged else set())
    assert outside(notices(appended.changes)) == set()
    assert opened.reason
    assert appended.reason


@pytest.mark.parametrize("kind", [Kind.OWN, Kind.DUPLICATE, Kind.BLOCKED])
def test_what_is_dropped_changes_nothing(kind: Kind) -> None:
    """It is recorded, with the reason."""
    decision = decided(reply(), judged(DROP, kind))
    assert (decision.changes, decision.reason) == ((), "a_filter: it has a reason")


@pytest.mark.parametrize("kind", [Kind.AUTO_REPLY, Kind.AUTO_GENERATED, Kind.LIST, Kind.BOUNCE])
def test_an_automatic_mail_of_a_colleague_never_reaches_a_customer(kind: Kind) -> None:
    """An out-of-office to a letter of ours comes with a valid token; not all of them say what they are."""
    found = thought(from_staff("Szabadságon vagyok.\n\n#close"), ticket())
    decision = decided(found, judged(MUTE, kind))
    assert notices(decision.changes) == []
    assert of_kind(decision.changes, SetStatus) == []
    assert decision.outcome is not LedgerOutcome.APPENDED


def test_a_colleagues_answer_taken_for_a_machines_waits_for_a_person() -> None:
    """It is not lost: it is on the list of the quarantine, and released it goes out."""
    verdict = judged(MUTE, Kind.AUTO_GENERATED)
    assert decided(thought(from_staff(), ticket()), verdict).outcome is LedgerOutcome.QUARANTINE
    released = decided(thought(from_staff(), ticket(), released=True), verdict)
    assert [letter.kind for letter in notices(released.changes)] == [NoticeKind.ANSWER]


@pytest.mark.parametrize(
    ("verdict", "told"),
    [(judged(ACCEPT), 1), (judged(HOLD), 1), (judged(MUTE), 1), (judged(MUTE, Kind.LIST), 0), (Verdict(), 1)],
)
def test_the_real_person_is_told_of_a_person_but_not_of_a_machine(verdict: Verdict, told: int) -> None:
    """C29: a forged mail is held, whatever else is said of it; telling of a machine's mail might loop."""
    forged = thought(from_staff(to=(Address(name=None, address="support@helpdesk.test"),)), ticket())
    decision = decided(forged, verdict)
    assert decision.outcome is LedgerOutcome.QUARANTINE
    assert len(notices(decision.changes)) == told
    assert "without a reply address" in decision.reason


def test_all_reasons_of_holding_are_kept() -> None:
    """The doubt about the person and what the filter said."""
    forged = thought(from_staff(sender=JANOS), ticket())
    reason = decided(forged, judged(HOLD)).reason
    assert reason == "a staff reply address used by somebody else; a_filter: it has a reason"


def test_a_released_mail_is_handled_but_not_acknowledged() -> None:
    """A person let it in; HOLD no longer counts, and nothing automatic follows."""
    decision = decided(thought(mail(), released=True), judged(HOLD))
    assert decision.outcome is LedgerOutcome.TICKET
    assert outside(notices(decision.changes)) == set()


def test_a_released_bounce_that_made_no_sense_is_a_ticket() -> None:
    """A person wants it to be seen."""
    decision = decided(thought(mail(), released=True), judged(HOLD, Kind.BOUNCE))
    assert len(of_kind(decision.changes, OpenTicket)) == 1
    assert of_kind(decision.changes, AddParticipant) == []


def test_the_kind_of_a_persons_mail_is_ticket_or_reply() -> None:
    """What the filters recognised comes first."""
    assert (new().kind, reply().kind, thought(from_staff(), ticket()).kind) == (Kind.TICKET, Kind.REPLY, Kind.REPLY)
    assert thought(mail(), site=config()).kind is Kind.TICKET
    assert decide.kind_of(reply().situation) is Kind.REPLY


def test_an_automatic_reply_does_not_reopen() -> None:
    """C04: it is a silent note."""
    closed = thought(mail(to=at_token(tokens.customer(1042))), ticket(status=Status.PENDING))
    assert of_kind(decided(closed, judged(MUTE, Kind.AUTO_REPLY)).changes, SetStatus) == []


@pytest.mark.parametrize(("sender", "line"), [(ANNA, "quarantine: 7"), (BELA, "in_quarantine_as: 7")])
def test_only_who_runs_it_is_told_a_shell_command(sender: Address, line: str) -> None:
    """Anna is the admin; Béla reads who can help him."""
    forged = from_staff(sender=sender, to=(Address(name=None, address="support@helpdesk.test"),))
    (letter,) = notices(thought(forged, ticket()).decision.changes)
    assert letter.lines[-1] == line
