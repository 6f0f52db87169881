"""The table of staff proof: a token of one's own on this ticket, DMARC where it is known, and nothing less."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.config import Config, Staff
from helpdesk.desk import identity, matching, tokens
from helpdesk.desk.changes import LedgerOutcome, NoticeKind
from helpdesk.desk.identity import Proof
from helpdesk.desk.situation import HeldLetter
from helpdesk.desk.ticket import Status
from helpdesk.desk.verdict import Authentication
from helpdesk.mail.message import Address, Mail
from tests.builders import (
    ANNA,
    BELA,
    EVA,
    JANOS,
    KEYS,
    NOW,
    at_token,
    config,
    from_staff,
    mail,
    notices,
    thought,
    ticket,
)

WITHOUT_TOKEN = (Address(name=None, address="support@helpdesk.test"),)
BROKEN = (Address(name=None, address=f"support+{tokens.write(tokens.agent(1042, 1), KEYS)[:-1]}@helpdesk.test"),)
OTHER_ID = tokens.message_id(ticket=7, agent=1, unique="abcd", domain="helpdesk.test", keys=KEYS)


def with_dmarc() -> Config:
    return config(mailbox={"authserv_id": "mx.helpdesk.test"})


def without_reply_addresses() -> Config:
    return config(mailbox={"reply_address": "none"})


def test_token_and_from_prove_a_staff_member_on_a_fresh_site() -> None:
    """Row 1: no ``authserv_id``."""
    sender = thought(from_staff(), ticket()).situation.sender
    assert (sender.proof, sender.doubt) == (Proof.TOKEN_FROM, None)


@pytest.mark.parametrize(
    ("result", "proof"),
    [
        (Authentication.PASS, Proof.TOKEN_DMARC),
        (Authentication.NONE, Proof.NONE),
        (Authentication.FAIL, Proof.NONE),
        (Authentication.UNKNOWN, Proof.NONE),
    ],
)
def test_with_an_authserv_id_the_server_must_have_said_pass(result: Authentication, proof: Proof) -> None:
    """Row 2; C29 and C30: nothing but pass counts, least of all silence."""
    found = thought(from_staff("#close"), ticket(), site=with_dmarc(), authentication=result)
    assert found.situation.sender.proof is proof
    assert (found.decision.outcome is LedgerOutcome.QUARANTINE) is (proof is Proof.NONE)


DOUBTS: dict[str, Mail] = {
    "a staff address without a reply address of its own": from_staff("#close", to=WITHOUT_TOKEN),
    "a staff address among several senders": from_staff("#close", from_=(ANNA, EVA)),
    "the header block was tampered with": from_staff("#close", tampered=True),
    "the reply address is of a ticket that does not exist": from_staff("#close", to=at_token(tokens.agent(99, 1))),
    "it was sent to reply addresses of several tickets": from_staff(
        "#close", to=at_token(tokens.agent(1042, 1)) + at_token(tokens.agent(7, 1))
    ),
    "the reply address is of another ticket than the letter that it answers": from_staff(
        "#close", in_reply_to=(OTHER_ID,), subject="Re: x"
    ),
    "a staff reply address used by somebody else": from_staff("#close", sender=JANOS),
    "a staff reply address that was never given out": from_staff("#close", sender=JANOS, to=BROKEN),
}


@pytest.mark.parametrize("doubt", DOUBTS)
def test_without_proof_the_mail_is_held_and_nothing_is_done(doubt: str) -> None:
    """Row 3: no command, no message on the ticket; a person looks first."""
    found = thought(DOUBTS[doubt], ticket(), ticket(7))
    assert found.decision.outcome is LedgerOutcome.QUARANTINE
    assert found.decision.reason.startswith(doubt)
    assert {notice.kind for notice in notices(found.decision.changes)} <= {NoticeKind.UNPROVEN}
    assert len(found.decision.changes) <= 1


@pytest.mark.parametrize(
    "values",
    [
        {"to": BROKEN},
        {"from_": (ANNA,), "from_fields": 2},
        {"to": at_token(tokens.agent(1042, 2))},
        {"to": at_token(tokens.customer(1042))},
        {"subject": "Re: [HD-7] x"},
        {"to": WITHOUT_TOKEN, "in_reply_to": (tokens.message_id(
            ticket=1042, agent=1, unique="abcd", domain="helpdesk.test", keys=KEYS),)},
    ],
    ids=["truncated", "two From fields", "Béla's", "a customer's", "another tag", "an id where addresses work"],
)  # fmt: skip
def test_what_is_nearly_a_proof_is_none(values: dict[str, Any]) -> None:
    """C35 and C54: somebody else's, damaged, for another ticket, or of the wrong sort."""
    found = thought(from_staff("#close", **values), ticket(), ticket(7))
    assert found.decision.outcome is LedgerOutcome.QUARANTINE


def test_the_real_person_is_told_at_the_stored_address() -> None:
    """Never at an address that stands in the mail."""
    found = thought(from_staff(to=WITHOUT_TOKEN, reply_to=(JANOS,)), ticket())
    (told,) = notices(found.decision.changes)
    assert (told.kind, told.recipient.address, told.ticket) == (NoticeKind.UNPROVEN, "anna@helpdesk.test", None)
    assert told.text == ""
    assert "doubt: a staff address without a reply address of its own" in told.lines


def test_the_owner_of_a_reply_address_is_told_when_another_address_uses_it() -> None:
    """He wrote from a private address, or somebody has got hold of his reply address; he must know in both cases."""
    (told,) = notices(thought(from_staff(sender=JANOS), ticket()).decision.changes)
    assert told.recipient.address == "anna@helpdesk.test"
    assert "written_from: janos@customer.test" in told.lines


@pytest.mark.parametrize(
    "message",
    [from_staff(sender=JANOS, to=BROKEN), from_staff(sender=JANOS, to=at_token(tokens.agent(1042, 77)))],
    ids=["nobody's", "of somebody unknown"],
)
def test_nobody_is_told_where_nobody_is_meant(message: Mail) -> None:
    """It is on the list of the quarantine all the same."""
    assert thought(message, ticket()).decision.changes == ()


def test_a_customer_of_the_ticket_may_answer_to_a_staff_reply_address() -> None:
    """A colleague has copied him; he joins as the customer that he is, and his #close is words (C53)."""
    found = thought(from_staff("#close", sender=EVA), ticket())
    assert found.decision.outcome is LedgerOutcome.APPENDED
    assert not found.situation.sender.proven


def test_somebody_who_has_left_has_no_rights() -> None:
    """C54: neither the token nor the address; and no letter goes to him any more."""
    gone = Staff(key="anna", id=1, name="Anna", addresses=("anna@helpdesk.test",), active=False)
    site = config(staff={**config().staff, "anna": gone})
    decision = thought(from_staff(), ticket(), site=site).decision
    assert (decision.reason, decision.changes) == ("a staff member who has left", ())


@pytest.mark.parametrize(("days", "held"), [(30, False), (31, True)])
def test_a_token_dies_some_days_after_the_ticket_closed(days: int, held: bool) -> None:
    """A fact of the ticket, not of the token."""
    closed = ticket(status=Status.CLOSED, closed=NOW - timedelta(days=days))
    decision = thought(from_staff(), closed).decision
    assert (decision.outcome is LedgerOutcome.QUARANTINE) is held
    assert ("died" in decision.reason) is held


@pytest.mark.parametrize(("days", "held"), [(30, False), (31, True)])
def test_a_held_letter_cannot_be_sent_when_its_ticket_is_long_closed(days: int, held: bool) -> None:
    """The same rule for the reply address by which it is decided about."""
    closed = ticket(status=Status.CLOSED, closed=NOW - timedelta(days=days))
    letter = HeldLetter(number=5, staff="anna", ticket=closed, waiting=True)
    decision = thought(from_staff("send", to=at_token(tokens.held(5, 1))), closed, held=letter).decision
    assert (decision.outcome is LedgerOutcome.QUARANTINE) is held


def test_the_older_of_two_live_keys_still_proves() -> None:
    """After a change of keys the letters of the last weeks can be answered."""
    old = tokens.Keys(secrets=KEYS.secrets[1:])
    address = Address(name=None, address=f"support+{tokens.write(tokens.agent(1042, 1), old)}@helpdesk.test")
    assert thought(from_staff(to=(address,)), ticket()).situation.sender.proof is Proof.TOKEN_FROM


@pytest.mark.parametrize(("agent", "proof"), [(1, Proof.TOKEN_FROM), (2, Proof.NONE), (None, Proof.NONE)])
def test_without_reply_addresses_our_message_id_is_the_token(agent: int | None, proof: Proof) -> None:
    """Bound to agent and ticket; a customer's, or a colleague's, proves nothing."""
    own = tokens.message_id(ticket=1042, agent=agent, unique="abcd", domain="helpdesk.test", keys=KEYS)
    message = from_staff(to=WITHOUT_TOKEN, references=(own,))
    assert thought(message, ticket(), site=without_reply_addresses()).situation.sender.proof is proof


def test_the_same_mail_under_another_message_id_is_held() -> None:
    """C55: somebody may have copied it."""
    decision = thought(from_staff(), ticket(), more={"repeated": True}).decision
    assert decision.reason == "the same mail came before under another Message-ID"


@pytest.mark.parametrize("message", [from_staff(to=WITHOUT_TOKEN), from_staff(sender=JANOS), from_staff(to=BROKEN)])
def test_what_a_person_releases_is_not_held_again(message: Mail) -> None:
    """His word stands for the proof."""
    found = thought(message, ticket(), released=True)
    assert found.decision.outcome is not LedgerOutcome.QUARANTINE
    assert found.situation.sender.doubt is None


@pytest.mark.parametrize("name", ["anna@helpdesk.test", "Kovács Anna <anna@helpdesk.test>"])
def test_a_display_name_is_nobody(name: str) -> None:
    """C36: identity is the address, never what is shown."""
    found = thought(mail(Address(name=name, address="evil@customer.test")), ticket())
    assert found.situation.sender.staff is None


@pytest.mark.parametrize(
    ("message", "number"),
    [
        (from_staff(), 1042),
        (from_staff(to=at_token(tokens.agent(7, 2)) + at_token(tokens.agent(1042, 1))), 1042),
        (from_staff(to=at_token(tokens.held(5, 1))), None),
        (from_staff(to=WITHOUT_TOKEN), None),
        (mail(to=at_token(tokens.agent(1042, 1))), None),
    ],
    ids=["his", "beside a colleague's", "of a held letter", "none", "not staff"],
)
def test_the_notes_that_are_looked_up_are_those_of_the_ticket_he_answers(message: Mail, number: int | None) -> None:
    """Or the guard against quoted notes would compare with another ticket's."""
    claims = matching.claims(message, config(), KEYS)
    assert identity.bound_ticket(message, claims, config().mailboxes["support"], config()) == number


def test_a_token_is_for_one_person() -> None:
    """Béla's reply to Anna's letter is held, and Béla is told."""
    (told,) = notices(thought(from_staff(sender=BELA), ticket()).decision.changes)
    assert told.recipient.address == "bela@helpdesk.test"


@pytest.mark.parametrize(
    "values",
    [
        {"to": (*at_token(tokens.agent(1042, 1)), *at_token(tokens.agent(7, 1)))},
        {"in_reply_to": (OTHER_ID,)},
    ],
)
def test_a_release_vouches_for_the_writer_not_for_the_ticket(values: dict[str, Any]) -> None:
    """Words for one customer must never go to another, whoever lets them through."""
    found = thought(from_staff(**values), ticket(), ticket(7), released=True)
    assert found.decision.outcome is LedgerOutcome.QUARANTINE
    assert not found.situation.sender.proven
