"""The table of matching: what the mail carries, and whether its sender is a participant."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.desk import matching, tokens
from helpdesk.desk.matching import Candidates, How, Match
from helpdesk.desk.ticket import Status, TicketView
from helpdesk.mail.message import Address, Mail
from tests.builders import EVA, JANOS, KEYS, NOW, config, mail, ticket

TO_TOKEN = (Address(name=None, address=f"support+{tokens.write(tokens.customer(1042), KEYS)}@helpdesk.test"),)
OWN_ID = (tokens.message_id(ticket=1042, agent=None, unique="abcd", domain="helpdesk.test", keys=KEYS),)
KNOWN = ("<known@customer.test>",)

CARRIES: dict[How, dict[str, Any]] = {
    How.REPLY_ADDRESS: {"to": TO_TOKEN},
    How.OWN_ID: {"in_reply_to": OWN_ID},
    How.KNOWN_ID: {"references": KNOWN},
    How.SUBJECT: {"subject": "Re: Nyomtató [hd-1042]"},
}


def found(message: Mail, *tickets: TicketView, children: tuple[int, ...] = ()) -> Match:
    claims = matching.claims(message, config(), KEYS)
    candidates = Candidates(tickets={t.number: t for t in tickets}, by_id={KNOWN[0]: (1042,)}, children=children)
    return matching.match(claims, candidates, message, config(), NOW)


@pytest.mark.parametrize("how", CARRIES)
def test_a_participant_joins(how: How) -> None:
    """The left column of the table."""
    match = found(mail(EVA, **CARRIES[how]), ticket())
    assert match.ticket is not None
    assert (match.how, match.ticket.number, match.as_note) == (how, 1042, False)


def test_a_stranger_with_our_reply_address_joins_for_the_eyes_of_staff() -> None:
    """Somebody to whom a customer forwarded our letter."""
    match = found(mail(JANOS, to=TO_TOKEN), ticket())
    assert match.ticket is not None
    assert match.as_note
    assert match.flags == ("new person",)


@pytest.mark.parametrize("how", [How.OWN_ID, How.KNOWN_ID])
def test_a_stranger_with_a_message_id_gets_a_ticket_of_his_own_linked_and_flagged(how: How) -> None:
    """Quoting an id gives no right to a ticket."""
    match = found(mail(JANOS, **CARRIES[how]), ticket())
    assert (match.ticket, match.linked, match.flags) == (None, 1042, ("claims: HD-1042",))


def test_a_stranger_with_a_number_in_the_subject_is_flagged_and_not_even_linked() -> None:
    """C40: anybody can guess a number."""
    match = found(mail(JANOS, **CARRIES[How.SUBJECT]), ticket())
    assert (match.ticket, match.linked, match.flags) == (None, None, ("claims: HD-1042",))


def test_nothing_is_a_new_ticket() -> None:
    """Five customers who write "help" are five tickets."""
    assert found(mail(EVA), ticket()) == Match()


def test_a_parent_that_comes_late_joins_its_child() -> None:
    """Mail does not arrive in the order in which it was written."""
    match = found(mail(EVA, message_id="<parent@customer.test>"), ticket(), children=(1042,))
    assert match.how is How.LATE_PARENT
    assert match.ticket is not None


def test_a_stranger_cannot_name_himself_the_parent() -> None:
    """A guessed Message-ID opens nothing, and is not even worth a link."""
    assert found(mail(JANOS, message_id="<parent@customer.test>"), ticket(), children=(1042,)) == Match()


@pytest.mark.parametrize(("days", "joins"), [(29, True), (31, False)])
def test_a_late_reply_opens_a_linked_ticket(days: int, joins: bool) -> None:
    """Within reopen_days it reopens, later it is a new matter that remembers the old one."""
    closed = ticket(status=Status.CLOSED, closed=NOW - timedelta(days=days))
    match = found(mail(EVA, to=TO_TOKEN), closed)
    assert (match.ticket is not None) is joins
    assert match.linked == (None if joins else 1042)


def test_the_senders_own_ticket_comes_before_a_foreign_one() -> None:
    """C72: a tag against a reference never leads onto somebody else's ticket."""
    his = ticket(1050, contact=JANOS, participants=(JANOS,))
    message = mail(JANOS, references=KNOWN, subject="Re: x [HD-1050]")
    match = found(message, ticket(), his)
    assert match.ticket is not None
    assert match.ticket.number == 1050


@pytest.mark.parametrize(
    ("subject", "tags"),
    [
        ("[HD-1042]", (1042,)),
        ("Re: [hd-7] x [HD-8]", (7, 8)),
        ("[HD-0]", ()),
        ("[HD--1]", ()),
        ("[HD-99999999999999999999]", ()),
        ("[HD-１０４２]", ()),
        ("HD-1042", ()),
        ("[XX-1042]", ()),
    ],
)
def test_tags_are_read_only_in_our_own_form(subject: str, tags: tuple[int, ...]) -> None:
    """C72: no overflow, no other scripts' digits, no bare numbers."""
    assert matching.subject_tags(subject, "HD") == tags


def test_every_number_that_is_claimed_is_looked_up_once() -> None:
    """From addresses, our own ids and the subject; a held letter's address names no ticket."""
    held = Address(name=None, address=f"support+{tokens.write(tokens.held(9, 1), KEYS)}@helpdesk.test")
    message = mail(EVA, to=(*TO_TOKEN, held), in_reply_to=OWN_ID, subject="[HD-7] [HD-1042]")
    assert matching.claims(message, config(), KEYS).numbers == {1042, 7}


def test_a_dead_reply_address_in_a_strangers_hands_opens_his_own_ticket() -> None:
    """Not even a note on a ticket that was closed long ago."""
    closed = ticket(status=Status.CLOSED, closed=NOW - timedelta(days=31))
    match = found(mail(JANOS, to=TO_TOKEN), closed)
    assert (match.ticket, match.linked, match.flags) == (None, 1042, ("claims: HD-1042",))


def test_the_first_row_that_applies_is_the_reason_that_is_kept() -> None:
    """A mail that carries everything is matched by its reply address."""
    everything: dict[str, Any] = {"to": TO_TOKEN, "in_reply_to": OWN_ID, "references": KNOWN, "subject": "[HD-1042]"}
    assert found(mail(EVA, **everything), ticket()).how is How.REPLY_ADDRESS


def test_no_more_tags_are_looked_up_than_a_person_writes() -> None:
    """A subject of a thousand tags costs no thousand look-ups."""
    assert len(matching.subject_tags(" ".join(f"[HD-{number}]" for number in range(1, 1000)), "HD")) == 5
