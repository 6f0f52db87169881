"""Whose word counts: staff without proof are held, machines are not answered, what comes back is told."""

from __future__ import annotations

import pytest

from helpdesk.desk.ticket import Status
from tests.flows.house import House, new_mail, number, reply

pytestmark = [pytest.mark.postfix, pytest.mark.xdist_group("trust")]


def test_staff_mail_without_proof_is_held_and_the_real_person_told(house: House) -> None:
    """At the stored address; nothing of it is carried out or sent."""
    house.customer_writes("eva+held@customer.test", "Kérdés a zárolásról")
    letter = house.letter("eva@customer.test", lambda m: "zárolás" in m.subject)
    ticket = number(letter)
    forged = new_mail("anna@helpdesk.test", house.address, f"Re: [HD-{ticket}]", "#close\n\nViszlát!")
    house.send(forged, envelope_from="forger@elsewhere.test")
    told = house.letter("anna@helpdesk.test", lambda m: "zárol" not in m.subject and f"HD-{ticket}" in m.text)
    (held,) = house.quarantine()
    assert held.sender == "anna@helpdesk.test"
    assert str(held.id) in told.text
    house.quiet()
    assert house.ticket(ticket)["status"] is Status.NEW
    assert not house.letters("eva@customer.test", lambda m: "Viszlát" in m.text)


def test_a_colleagues_reply_address_proves_nobody_else(house: House) -> None:
    """Béla writes to the address that was made for Anna: held."""
    before = len(house.quarantine())
    house.customer_writes("eva+other@customer.test", "Kérdés a címről")
    for_anna = house.letter("anna@helpdesk.test", lambda m: "címről" in m.subject)
    house.send(reply(for_anna, "bela@helpdesk.test", "Kedves ügyfél, itt Béla."))
    house.until(lambda: len(house.quarantine()) == before + 1)
    house.quiet()
    assert not house.letters("eva@customer.test", lambda m: "itt Béla" in m.text)


def test_an_out_of_office_of_staff_never_reaches_a_customer(house: House) -> None:
    """It is noted on the ticket only."""
    house.customer_writes("eva+ooo@customer.test", "Kérdés szabadságról")
    for_bela = house.letter("bela@helpdesk.test", lambda m: "szabadságról" in m.subject)
    away = reply(for_bela, "bela@helpdesk.test", "Szabadságon vagyok. #close")
    away["Auto-Submitted"] = "auto-replied"
    house.send(away, envelope_from="")
    house.until(lambda: len(house.ticket(number(for_bela))["messages"]) == 2)
    house.quiet()
    ticket = house.ticket(number(for_bela))
    assert ticket["status"] is Status.NEW
    assert not house.letters("eva@customer.test", lambda m: "Szabadságon vagyok" in m.text)


def test_a_customers_out_of_office_is_kept_quiet(house: House) -> None:
    """A note on his ticket; not reopened, nobody is told, nothing is sent."""
    house.customer_writes("eva+away@customer.test", "Kérdés a távollétről")
    letter = house.letter("eva@customer.test", lambda m: "távollétről" in m.subject)
    away = reply(letter, "eva+away@customer.test", "Nem vagyok itt.")
    away["Auto-Submitted"] = "auto-replied (vacation)"
    house.send(away, envelope_from="")
    house.until(lambda: len(house.ticket(number(letter))["messages"]) == 2)
    house.quiet()
    assert house.ticket(number(letter))["messages"][1]["kind"].value == "automatic"
    assert len(house.letters("eva@customer.test", lambda m: "távollétről" in m.subject)) == 1
    assert not house.letters("anna@helpdesk.test", lambda m: "Nem vagyok itt" in m.text)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("monitoring", {"Auto-Submitted": "auto-generated"}),
        ("list", {"List-Id": "<all.customer.test>"}),
        ("bulk", {"Precedence": "bulk"}),
        ("suppressed", {"X-Auto-Response-Suppress": "All"}),
    ],
)
def test_machines_get_a_ticket_but_no_answer(house: House, name: str, fields: dict[str, str]) -> None:
    """Staff see them; nothing goes back."""
    subject = f"Riasztás {name}"
    house.customer_writes(
        f"eva+{name}@customer.test", subject, **{key.replace("-", "_"): v for key, v in fields.items()}
    )
    house.new_ticket(subject)
    house.letter("anna@helpdesk.test", lambda m: subject in m.subject)
    house.quiet()
    assert not house.letters("eva@customer.test", lambda m: subject in m.subject)


def test_a_bounce_by_the_real_server_is_noted_on_its_ticket(house: House) -> None:
    """The customer's address does not exist: Postfix reports it, staff are told, no ticket of its own."""
    subject = "Hibás cím"
    house.customer_writes("elgepelt@customer.test", subject, "Elgépeltem a címemet.")
    ticket = house.new_ticket(subject)["number"]
    told = house.letter(
        "anna@helpdesk.test",
        lambda m: (
            number_or_0(m.subject) == ticket
            and "elgepelt@customer.test" in m.text
            and m.field("Auto-Submitted") != ""
            and "5.1.1" in m.text
        ),
    )
    house.quiet()
    assert number(told) == ticket
    assert [message["kind"].value for message in house.ticket(ticket)["messages"]] == ["customer", "bounce"]
    with house.opened() as app, app.store.reading() as session:
        from helpdesk.store import browse

        assert [row["contact"] for row in browse.tickets(session, words="Undelivered")] == []


def number_or_0(subject: str) -> int:
    digits = subject.partition("[HD-")[2].partition("]")[0]
    return int(digits) if digits.isdigit() else 0


def test_what_came_is_moved_only_after_it_is_kept(house: House) -> None:
    """The watched folder is empty, the other one holds every mail of the ledger, none was marked as seen."""
    house.customer_writes("eva@customer.test", "Ez is")
    house.new_ticket("Ez is")
    house.quiet()
    assert house.stack.inbox(house.address) == []
    done = house.stack.inbox(house.address, "Done")
    with house.opened() as app, app.store.reading() as session:
        from helpdesk.store import browse

        assert sum(browse.depths(session)["incoming"].values()) == len(done)
    with house.stack.session(house.address, "Done") as client:
        assert client.uid("SEARCH", "SEEN")[1] == [b""]
