"""Each row of the matching table on real servers: who may join a ticket, and what becomes of everybody else."""

from __future__ import annotations

from itertools import count

import pytest

from helpdesk.demo.received import Received
from tests.flows.house import House, new_mail, number, reply

pytestmark = [pytest.mark.postfix, pytest.mark.xdist_group("threads")]

STRANGER = "maria@customer.test"
_numbers = count(1)


@pytest.fixture
def case(house: House) -> tuple[str, Received, int]:
    """A customer of his own with an acknowledged ticket: his address, the confirmation, the number."""
    number_ = next(_numbers)
    address, subject = f"eva+t{number_}@customer.test", f"Kérdés {number_}"
    house.customer_writes(address, subject, "Mikor nyitnak?")
    letter = house.letter("eva@customer.test", lambda m: f"{subject} [" in m.subject)
    return address, letter, number(letter)


def kinds(house: House, ticket: int) -> list[str]:
    return [message["kind"].value for message in house.ticket(ticket)["messages"]]


def joins(house: House, ticket: int) -> None:
    """A second message of the customer, and no second confirmation."""
    house.until(lambda: len(kinds(house, ticket)) > 1)
    assert kinds(house, ticket) == ["customer", "customer"]


def own_ticket(house: House, subject: str, claimed: int) -> int:
    """A ticket of his own, flagged; nothing of the claimed one went to him."""
    ticket = house.new_ticket(subject)
    assert ticket["number"] != claimed
    assert f"claims: HD-{claimed}" in ticket["flags"]
    assert kinds(house, claimed) == ["customer"]
    house.quiet()
    assert not house.letters(STRANGER, lambda m: "Mikor nyitnak" in m.readable)
    return int(ticket["number"])


def test_a_participant_joins_by_the_reply_address_alone(house: House, case: tuple[str, Received, int]) -> None:
    """Another subject, no ids."""
    address, letter, ticket = case
    house.send(new_mail(address, letter.answer_to, "Valami más", "És szombaton?"))
    joins(house, ticket)


def test_a_participant_joins_by_our_message_id(house: House, case: tuple[str, Received, int]) -> None:
    """Sent to the plain address, another subject."""
    address, letter, ticket = case
    house.send(new_mail(address, house.address, "Más", "És vasárnap?", In_Reply_To=letter.field("Message-ID")))
    joins(house, ticket)


def test_a_participant_joins_by_his_own_first_mail(house: House, case: tuple[str, Received, int]) -> None:
    """He answers his own mail: nothing of ours is in it."""
    address, letter, ticket = case
    house.send(new_mail(address, house.address, "Más", "Hozzáteszem: délután.", References=letter.field("In-Reply-To")))
    joins(house, ticket)


def test_a_participant_joins_by_the_subject_tag(house: House, case: tuple[str, Received, int]) -> None:
    """All else is lost."""
    address, _, ticket = case
    house.send(new_mail(address, house.address, f"Fwd: [HD-{ticket}] kérdés", "És hétfőn?"))
    joins(house, ticket)


def test_with_nothing_it_is_a_new_ticket(house: House, case: tuple[str, Received, int]) -> None:
    """The same subject alone joins nothing."""
    address, letter, ticket = case
    subject = letter.subject.removeprefix("Re: ").partition(" [")[0]
    house.send(new_mail(address, house.address, subject, "Újra én."))
    house.until(lambda: len([row for row in house.tickets(subject) if row["subject"] == subject]) == 2)
    assert kinds(house, ticket) == ["customer"]


def test_a_stranger_with_the_reply_address_is_a_note_for_staff(house: House, case: tuple[str, Received, int]) -> None:
    """Flagged, no participant, and nothing goes to him."""
    _, letter, ticket = case
    house.send(reply(letter, f"{STRANGER}", "Én is ott voltam."))
    house.until(lambda: kinds(house, ticket) == ["customer", "stranger"])
    house.quiet()
    assert house.ticket(ticket)["messages"][1]["flags"] == ["new person"]
    assert not house.letters(STRANGER, lambda m: f"[HD-{ticket}]" in m.subject)


@pytest.mark.parametrize("by", ["our id", "known id", "subject tag"])
def test_a_stranger_gets_a_ticket_of_his_own(house: House, case: tuple[str, Received, int], by: str) -> None:
    """Ids and numbers are hints, never keys; linked when it was an id."""
    _, letter, ticket = case
    subject = f"Idegen {by} {ticket}"
    fields = {
        "our id": {"In_Reply_To": letter.field("Message-ID")},
        "known id": {"References": letter.field("In-Reply-To")},
    }
    tag = f" [HD-{ticket}]" if by == "subject tag" else ""
    house.send(
        new_mail(
            STRANGER.replace("@", f"+{ticket}@"), house.address, subject + tag, "Kíváncsi vagyok.", **fields.get(by, {})
        )
    )
    own = own_ticket(house, subject, ticket)
    linked = [link["other"] for link in house.ticket(own)["links"]]
    assert linked == ([] if by == "subject tag" else [ticket])


def test_a_parent_that_comes_late_joins_its_child(house: House) -> None:
    """The second mail overtook the first one."""
    first = new_mail("eva+late@customer.test", house.address, "Az első levél", "Kérdezem.")
    second = new_mail(
        "eva+late@customer.test", house.address, "A második levél", "Pótlás.", References=str(first["Message-ID"])
    )
    house.send(second)
    ticket = house.new_ticket("A második levél")
    house.send(first)
    house.until(lambda: kinds(house, ticket["number"]) == ["customer", "customer"])
    assert house.tickets("Az első levél") == []


def test_the_same_mail_twice_is_one_ticket_and_one_confirmation(house: House) -> None:
    """A second copy under another UID has no effect."""
    mail = new_mail("eva+twice@customer.test", house.address, "Kétszer jött", "Ugyanaz.")
    house.send(mail)
    house.new_ticket("Kétszer jött")
    house.send(mail)
    house.quiet()
    assert len(house.tickets("Kétszer jött")) == 1
    assert len(house.letters("eva@customer.test", lambda m: "Kétszer jött" in m.subject)) == 1


def test_a_mail_that_was_passed_over_becomes_a_ticket_beside_the_daemon(house: House) -> None:
    """A shell command of its own process takes it in, the daemon handles it; then all is accounted for."""
    house.quiet()
    with house.opened() as app, app.store.writing() as session:
        session.connection().exec_driver_sql("UPDATE positions SET uid = uid + 1")
    house.customer_writes("eva+over@customer.test", "Elveszett levél")
    house.stack.wait_for(house.address, lambda raw: b"Elveszett" in raw or b"eva+over@" in raw)
    assert house.shell("reconcile", "--json")["mailboxes"][0]["mended"][0]["what"] == "missed"
    house.new_ticket("Elveszett levél")
    found = house.shell("reconcile", "--json")["mailboxes"][0]
    assert (found["arrived"], found["staying"], found["missing"]) == (found["accounted"], [], 0)
