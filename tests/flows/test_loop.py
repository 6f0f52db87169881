"""The whole loop on real servers: a customer writes, is answered, and answers back on the same ticket."""

from __future__ import annotations

import pytest

from helpdesk.demo.received import Received
from helpdesk.desk.ticket import Status
from tests.flows.house import House, number, reply

pytestmark = [pytest.mark.postfix, pytest.mark.xdist_group("loop")]

EVA = "Nagy Éva <eva+loop@customer.test>"
SUBJECT = "Nem megy a nyomtató"


@pytest.fixture(scope="module")
def acknowledgement(house: House) -> Received:
    """Éva has written; this is her confirmation."""
    house.customer_writes(EVA, SUBJECT, "Tegnap óta nem nyomtat.")
    return house.letter("eva@customer.test", lambda m: SUBJECT in m.subject)


@pytest.fixture(scope="module")
def for_anna(house: House, acknowledgement: Received) -> Received:
    """The letter to Anna about it."""
    return house.letter("anna@helpdesk.test", lambda m: number(m) == number(acknowledgement))


@pytest.fixture(scope="module")
def answer(house: House, for_anna: Received) -> Received:
    """What Éva gets when Anna presses reply."""
    mail = reply(
        for_anna, "Kiss Anna <anna@helpdesk.test>", "Kedves Éva!\n\nKicseréltük a tonert.\n\n-- \nAnna, mellék 12"
    )
    house.send(mail)
    return house.letter("eva@customer.test", lambda m: "tonert" in m.text)


def test_the_customer_gets_one_confirmation_in_his_language(house: House, acknowledgement: Received) -> None:
    """With a number, from the department's address, marked as automatic, in the thread of his mail."""
    assert acknowledgement.sender == "support@helpdesk.test"
    assert number(acknowledgement) > 1000
    assert "Köszönjük a levelét" in acknowledgement.text
    assert acknowledgement.field("Auto-Submitted") == "auto-replied"
    assert acknowledgement.field("X-Auto-Response-Suppress") == "All"
    sent = house.ticket(number(acknowledgement))["messages"][0]["message_id"]
    assert acknowledgement.field("In-Reply-To") == sent
    assert sent in acknowledgement.field("References")


def test_every_member_is_told_with_an_address_of_his_own(house: House, for_anna: Received) -> None:
    """The customer's words, and a Reply-To bound to reader and ticket."""
    for_bela = house.letter("bela@helpdesk.test", lambda m: number(m) == number(for_anna))
    assert "Tegnap óta nem nyomtat." in for_anna.text
    assert for_anna.answer_to != for_bela.answer_to
    assert for_anna.answer_to.startswith(f"support+a.{number(for_anna)}.1.")


def test_a_reply_of_staff_reaches_the_customer_and_nothing_else_does(
    answer: Received, acknowledgement: Received
) -> None:
    """Under the department's address, with the agent's name; no own address, signature, quote or token."""
    assert answer.sender == "support@helpdesk.test"
    assert "Anna Kiss" in answer.sender_name
    everything = f"{answer.readable} {answer.parsed.items()}"
    for secret in ("anna@helpdesk.test", "mellék 12", "+a.", "Tegnap óta nem nyomtat", "##-"):
        assert secret not in everything
    assert answer.field("Auto-Submitted") == ""
    first = acknowledgement.field("References").split()[0]
    assert first in answer.field("References").split()
    assert answer.field("In-Reply-To") in answer.field("References")


def test_the_answer_makes_its_author_owner_and_is_the_first_response(house: House, answer: Received) -> None:
    """And the ticket waits for the customer."""
    ticket = house.ticket(number(answer))
    assert (ticket["owner"], ticket["status"]) == ("anna", Status.PENDING)
    assert ticket["first_response"] is not None
    assert [event["actor"] for event in ticket["history"] if event["kind"] == "owner"] == ["staff:anna"]


def test_the_customers_reply_lands_on_the_same_ticket(house: House, answer: Received) -> None:
    """Only the owner is told, nobody gets a confirmation, the ticket is open again."""
    house.send(reply(answer, EVA, "Köszönöm, most jó."))
    got = house.letter("anna@helpdesk.test", lambda m: "most jó" in m.text)
    house.quiet()
    ticket = house.ticket(number(answer))
    assert number(got) == number(answer)
    assert ticket["status"] is Status.OPEN
    assert [message["kind"].value for message in ticket["messages"]] == ["customer", "answer", "customer"]
    assert not house.letters("bela@helpdesk.test", lambda m: "most jó" in m.text)
    assert len(house.letters("eva@customer.test", lambda m: "[HD-" in m.subject)) == 2


def told(house: House, name: str, *, colleague: str = "anna") -> Received:
    """A customer of that name has written; the letter to the colleague about it."""
    house.customer_writes(f"Nagy Éva <eva+{name}@customer.test>", f"Kérdés {name}", f"Ez a kérdésem: {name}.")
    return house.letter(f"{colleague}@helpdesk.test", lambda m: f"Kérdés {name}" in m.subject)


def test_a_note_stays_inside(house: House) -> None:
    """`#note` tells colleagues only, and its author that it is kept."""
    letter = told(house, "note")
    house.send(reply(letter, "anna@helpdesk.test", "#note\nRossz fizető, óvatosan vele kérem."))
    house.letter("bela@helpdesk.test", lambda m: "óvatosan" in m.text)
    house.letter("anna@helpdesk.test", lambda m: m.field("Auto-Submitted") != "" and "megjegyz" in m.text.lower())
    house.quiet()
    assert not house.letters("eva@customer.test", lambda m: "óvatosan" in m.readable)


def test_close_closes_and_a_later_reply_opens_again(house: House) -> None:
    """`#close` with words sends them first."""
    letter = told(house, "close")
    house.send(reply(letter, "anna@helpdesk.test", "#close\n\nÖrülünk, hogy megoldódott."))
    closed = house.letter("eva@customer.test", lambda m: "megoldódott" in m.text)
    assert house.ticket(number(letter))["status"] is Status.CLOSED
    house.send(reply(closed, "eva+close@customer.test", "Mégis rossz."))
    house.until(lambda: house.ticket(number(letter))["status"] is Status.OPEN)


def test_handed_over_with_assign(house: House) -> None:
    """The colleague is told, with the customer's words and an address of his own."""
    letter = told(house, "handover")
    before = house.letter("bela@helpdesk.test", lambda m: number(m) == number(letter))
    house.send(reply(letter, "anna@helpdesk.test", "#assign béla"))
    again = house.letter("bela@helpdesk.test", lambda m: number(m) == number(letter))
    assert house.ticket(number(letter))["owner"] == "bela"
    assert "Ez a kérdésem: handover." in again.text
    assert again.answer_to == before.answer_to


def test_what_a_guard_holds_goes_out_by_send(house: House) -> None:
    """Words of the internal note in an answer: its author is asked, and lets it go with one word."""
    letter = told(house, "guard")
    house.send(reply(letter, "anna@helpdesk.test", "#note\nA főnök sógora, engedjünk neki."))
    house.letter("anna@helpdesk.test", lambda m: number(m) == number(letter) and "megjegyz" in m.text.lower())
    house.send(reply(letter, "anna@helpdesk.test", "Mivel a főnök sógora, engedjünk neki, jó?"))
    asked = house.letter("anna@helpdesk.test", lambda m: "+h." in m.answer_to)
    house.quiet()
    assert not house.letters("eva@customer.test", lambda m: "sógora" in m.text)
    house.send(reply(asked, "anna@helpdesk.test", "send"))
    house.letter("eva@customer.test", lambda m: "sógora" in m.text)
