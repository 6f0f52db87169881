"""A mail by somebody who is not staff: a ticket of his own, or one more message on his own ticket."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from helpdesk.config import Department, Staff
from helpdesk.desk import decide, tokens
from helpdesk.desk.changes import AddParticipant, KeepMessage, LedgerOutcome, NoticeKind, OpenTicket, SetStatus
from helpdesk.desk.people import Contact
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.desk.verdict import Authentication, Outcome, Verdict
from helpdesk.mail.message import Address, Mail
from tests.builders import (
    ANNA,
    EVA,
    JANOS,
    NOW,
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

CUSTOMER = at_token(tokens.customer(1042))
SUPPORT = Address(name=None, address="support@helpdesk.test")
PASS, NONE, FAIL = Authentication.PASS, Authentication.NONE, Authentication.FAIL
ACKNOWLEDGEMENTS = {NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT}


def acknowledged(message: Mail, **values: Any) -> list[tuple[NoticeKind, str]]:
    letters = notices(thought(message, **values).decision.changes)
    return [(letter.kind, letter.recipient.address) for letter in letters if letter.kind in ACKNOWLEDGEMENTS]


def test_a_new_ticket_is_confirmed_and_told_to_the_department() -> None:
    """The customer gets one letter, each active member one."""
    decision = thought(mail()).decision
    letters = [(letter.kind.value, letter.recipient.address) for letter in notices(decision.changes)]
    assert decision.outcome is LedgerOutcome.TICKET
    assert letters == [
        ("acknowledgement", "eva@customer.test"),
        ("new_ticket", "anna@helpdesk.test"),
        ("new_ticket", "bela@helpdesk.test"),
    ]
    assert len({letter.key for letter in notices(decision.changes)}) == 3


@pytest.mark.parametrize(
    ("authentication", "sent"),
    [
        (Authentication.UNKNOWN, [(NoticeKind.ACKNOWLEDGEMENT, EVA.address)]),
        (PASS, [(NoticeKind.ACKNOWLEDGEMENT, EVA.address)]),
        (NONE, [(NoticeKind.NEUTRAL_ACKNOWLEDGEMENT, EVA.address)]),
        (FAIL, []),
    ],
)
def test_how_much_is_confirmed_follows_from_what_the_server_says(
    authentication: Authentication, sent: list[tuple[NoticeKind, str]]
) -> None:
    """Full, neutral, or nothing at all."""
    assert acknowledged(mail(), authentication=authentication) == sent


@pytest.mark.parametrize(
    ("message", "why"),
    [
        (mail(from_=(EVA, JANOS)), "C35: two authors"),
        (mail(from_fields=2), "C35: two From fields"),
        (mail(None, reply_to=(EVA,)), "C69: no From"),
        (mail(None), "C69: nobody"),
        (mail(Address(name=None, address="local")), "no address"),
        (mail(Address(name=None, address="support+x@helpdesk.test")), "ourselves"),
    ],
)
def test_nobody_is_written_to_who_is_not_surely_the_author(message: Mail, why: str) -> None:
    """The ticket is there all the same."""
    changes = decided(thought(message), Verdict()).changes
    assert ACKNOWLEDGEMENTS.isdisjoint(letter.kind for letter in notices(changes)), why
    assert len(of_kind(changes, OpenTicket)) == 1


@pytest.mark.parametrize("reply_to", [JANOS, SUPPORT])
def test_reply_to_is_shown_and_never_written_to(reply_to: Address) -> None:
    """C38 and C39: a victim, or our own mailbox."""
    message = mail(reply_to=(reply_to,))
    assert acknowledged(message) == [(NoticeKind.ACKNOWLEDGEMENT, EVA.address)]
    told = notices(thought(message).decision.changes)[-1]
    assert told.lines == (("reply_to: janos@customer.test",) if reply_to is JANOS else ())


@pytest.mark.parametrize(("authentication", "joins"), [(PASS, True), (Authentication.UNKNOWN, False), (NONE, False)])
def test_only_an_authenticated_sender_brings_people_in(authentication: Authentication, joins: bool) -> None:
    """C42: of everybody else's copies staff is told, and no more."""
    message = mail(cc=(JANOS, EVA, ANNA, SUPPORT, Address(name=None, address="local")))
    changes = thought(message, authentication=authentication).decision.changes
    (opened,) = of_kind(changes, OpenTicket)
    assert opened.participants == ((JANOS,) if joins else ())
    assert notices(changes)[-1].lines == ("copied: janos@customer.test",)


@pytest.mark.parametrize(("authentication", "joins"), [(PASS, [JANOS]), (Authentication.UNKNOWN, [])])
def test_people_copied_later_join_too(authentication: Authentication, joins: list[Address]) -> None:
    """Once: who is there already does not join again."""
    other = Address(name=None, address="third@customer.test")
    shared = ticket(participants=(EVA, other))
    changes = thought(mail(to=CUSTOMER, cc=(JANOS, other)), shared, authentication=authentication).decision.changes
    assert [change.person for change in of_kind(changes, AddParticipant)] == joins


def test_a_stranger_with_the_reply_address_is_a_note_for_staff() -> None:
    """No participant, nothing to him, not a word of the ticket to anybody outside; the ticket does not wake up."""
    closed = ticket(status=Status.PENDING)
    decision = thought(mail(JANOS, to=CUSTOMER, cc=(EVA,)), closed, authentication=PASS).decision
    (kept,) = of_kind(decision.changes, KeepMessage)
    assert (kept.kind, kept.flags, kept.ticket) == (MessageKind.STRANGER, ("new person",), 1042)
    assert of_kind(decision.changes, AddParticipant) == of_kind(decision.changes, SetStatus) == []
    assert {letter.recipient.domain for letter in notices(decision.changes)} == {"helpdesk.test"}


@pytest.mark.parametrize("values", [{"subject": "Re: [HD-1042]"}, {"references": ("<known@customer.test>",)}])
def test_a_stranger_quoting_a_number_or_an_id_gets_his_own_ticket(values: dict[str, Any]) -> None:
    """C40, C41, C44: flagged; nothing on the old ticket changes."""
    message = mail(JANOS, "#close", **values)
    decision = thought(message, ticket(), by_id={"<known@customer.test>": (1042,)}).decision
    (opened,) = of_kind(decision.changes, OpenTicket)
    assert (opened.contact, opened.flags) == (JANOS, ("claims: HD-1042",))
    assert {change.ticket for change in decision.changes if not isinstance(change, OpenTicket)} == {None}


@pytest.mark.parametrize(
    ("status", "after"),
    [
        (Status.NEW, None),
        (Status.OPEN, None),
        (Status.PENDING, Status.OPEN),
        (Status.ON_HOLD, Status.OPEN),
        (Status.CLOSED, Status.OPEN),
    ],
)
def test_the_customers_word_makes_it_our_turn(status: Status, after: Status | None) -> None:
    """A ticket that waited or was closed is open again, and staff read that it was closed."""
    asleep = ticket(status=status, closed=NOW if status is Status.CLOSED else None)
    changes = thought(mail(to=CUSTOMER), asleep).decision.changes
    assert [change.status for change in of_kind(changes, SetStatus)] == ([after] if after else [])
    assert notices(changes)[0].lines == (("reopened",) if status is Status.CLOSED else ())


def test_a_reply_is_told_to_the_owner_alone() -> None:
    """And is not confirmed to the customer."""
    letters = notices(thought(mail(to=CUSTOMER), ticket(owner="bela")).decision.changes)
    assert [(letter.kind, letter.staff) for letter in letters] == [(NoticeKind.CUSTOMER_REPLY, "bela")]


def test_a_customers_command_is_words() -> None:
    """C53."""
    changes = thought(mail(to=CUSTOMER, text="#close"), ticket()).decision.changes
    assert of_kind(changes, SetStatus) == []
    assert notices(changes)[0].text == "#close"


def test_what_staff_should_know_is_flagged() -> None:
    """The sender's check failed, the address bounced before, the Message-ID was used twice."""
    contact = Contact(address=EVA.address, suspended=True)
    found = thought(mail(), contact=contact, authentication=FAIL)
    (opened,) = of_kind(decided(found, judged(Outcome.ACCEPT, by="id_taken")).changes, OpenTicket)
    assert opened.flags == ("sender_not_proven", "id_taken: it has a reason", "bounced_before")


def test_a_sender_in_disguise_is_flagged_on_a_new_ticket_and_in_a_reply() -> None:
    """C36, C37: an answer goes to the address, not to whom one takes it for."""
    for found in (thought(mail()), thought(mail(to=CUSTOMER), ticket())):
        (kept,) = of_kind(decided(found, judged(Outcome.MUTE, by="unclear_sender")).changes, KeepMessage)
        assert kept.flags == ("unclear_sender: it has a reason",)


def test_old_mail_of_a_first_import_is_never_confirmed() -> None:
    """Nobody wants an answer of today to a mail of last year."""
    letters = notices(decide.decide(replace(thought(mail()).situation, acknowledge=False)).changes)
    assert {letter.kind for letter in letters} == {NoticeKind.NEW_TICKET}


def test_a_colleagues_own_request_is_a_ticket_once_a_person_releases_it() -> None:
    """Held first, for it could be anybody; then it is his, and he is not told of his own mail."""
    message = from_staff("A monitorom sötét.", to=(SUPPORT,), subject="monitor")
    decision = thought(message, released=True).decision
    (opened,) = of_kind(decision.changes, OpenTicket)
    assert opened.contact == ANNA
    assert [letter.recipient.address for letter in notices(decision.changes)] == ["bela@helpdesk.test"]


def test_a_mail_without_any_address_still_gets_a_ticket_when_released() -> None:
    """Nothing is lost."""
    (opened,) = of_kind(thought(mail(None), released=True).decision.changes, OpenTicket)
    assert opened.contact.address == "unknown"


@pytest.mark.parametrize(("members", "told"), [(("anna", "bela"), ["anna"]), (("bela",), ["anna"]), ((), ["anna"])])
def test_somebody_is_always_told(members: tuple[str, ...], told: list[str]) -> None:
    """Who has left is not; when nobody of the department is there, the admin is."""
    gone = Staff(key="bela", id=2, name="Béla", addresses=("bela@helpdesk.test",), active=False)
    site = config(
        staff={**config().staff, "bela": gone}, departments={"support": Department(name="Support", members=members)}
    )
    letters = notices(thought(mail(), site=site).decision.changes)
    assert [letter.staff for letter in letters if letter.kind is NoticeKind.NEW_TICKET] == told


@pytest.mark.parametrize(
    ("contact", "written", "mailbox", "language"),
    [("pl", "ru", "hu", "pl"), (None, "ru", "hu", "ru"), (None, None, "bs", "bs"), (None, None, None, "hu")],
)
def test_the_language_of_a_ticket(contact: str | None, written: str | None, mailbox: str | None, language: str) -> None:
    """The contact's, what he wrote in, the mailbox's, the company's."""
    known = Contact(address=EVA.address, language=contact)
    changes = thought(
        mail(language=written), site=config(mailbox={"language": mailbox}), contact=known
    ).decision.changes
    assert of_kind(changes, OpenTicket)[0].language == language


OURS = "##- Kérjük, a választ e fölé a sor fölé írja -##\n\n" + "Jegy: HD-1042\n" * 50
MARKED = "2026. 03. 02. 9:00 keltezéssel, Anna írta:\n" + "> Próbálja újra.\n" * 50
UNMARKED = "From: Anna <anna@x.test>\nSent: Monday\nTo: Éva\nSubject: x\n\n" + "Próbálja újra.\n" * 50
SIGNED = "-- \nNagy Éva\n" + "Titoktartási nyilatkozat: csak a címzettnek szól.\n" * 5


@pytest.mark.parametrize(
    ("below", "cut"),
    [("", False), (OURS, False), (MARKED, False), (SIGNED, False), (UNMARKED, True), ("Nem megy.\n" * 50, True)],
)
def test_staff_read_that_much_was_cut(below: str, cut: bool) -> None:
    """When less than half of what may be the customer's own words is shown; quote marks say that it is not."""
    found = thought(mail(text="Nem megy.", full_text=f"Nem megy.\n\n{below}"))
    assert notices(found.decision.changes)[-1].history_cut is cut


def test_a_reply_that_quotes_what_we_know_is_no_reason_to_warn() -> None:
    """It came to the ticket's own address: what it quotes is on the ticket."""
    reply = mail(text="Jó.", full_text=f"Jó.\n\n{UNMARKED}", to=at_token(tokens.customer(1042)))
    assert not notices(thought(reply, ticket()).decision.changes)[-1].history_cut
