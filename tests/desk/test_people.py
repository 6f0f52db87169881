"""Who is who: our own addresses in all their forms, and the people beside us."""

from __future__ import annotations

import pytest

from helpdesk.desk import people, tokens
from helpdesk.desk.ticket import MessageKind
from helpdesk.mail.message import Address
from tests.builders import ANNA, EVA, JANOS, KEYS, config, mail, ticket

CATCH_ALL = config(mailbox={"reply_address": "{token}@tickets.helpdesk.test"})
TOKEN = tokens.write(tokens.agent(1042, 1), KEYS)


@pytest.mark.parametrize(
    ("address", "ours"),
    [
        ("SUPPORT@helpdesk.test", True),
        ("info+anything@helpdesk.test", True),
        ("Anna@helpdesk.test", True),
        (f"{TOKEN}@tickets.helpdesk.test", True),
        ("a.1042.1.damaged@tickets.helpdesk.test", True),
        ("sales@tickets.helpdesk.test", False),
        ("eva@customer.test", False),
        ("nonsense", False),
    ],
)
def test_our_own_addresses_are_known_in_every_form(address: str, ours: bool) -> None:
    """Nobody of these is ever written to as a customer."""
    assert people.written_to_us(address, CATCH_ALL) is ours


def test_the_others_are_each_named_once() -> None:
    """Without the author, without us, in any letter case."""
    shouting = Address(name="J", address="JANOS@customer.test")
    found = people.others(mail(EVA, to=(JANOS, EVA), cc=(shouting, ANNA, Address(name=None, address="x"))), config())
    assert [person.key for person in found] == ["janos@customer.test"]


def test_an_owner_who_has_left_is_not_told_of_anything() -> None:
    """His department is."""
    assert [staff.key for staff in people.concerned(ticket(owner="nobody"), config())] == ["anna", "bela"]


def test_a_site_without_staff_tells_nobody() -> None:
    """There is nobody; `helpdesk check` says so."""
    assert people.members("support", config(staff={}, departments={})) == ()


@pytest.mark.parametrize("kind", list(MessageKind))
def test_only_the_words_of_customers_and_answers_are_public(kind: MessageKind) -> None:
    """A draft, a note and a stranger's mail are for staff."""
    assert kind.public is (kind.value in ("customer", "answer"))


def test_managers_and_the_admin_run_it() -> None:
    """To the others a shell command says nothing."""
    base = config().staff
    boss = base["bela"].model_copy(update={"key": "boss", "id": 3, "role": "manager"})
    site = config(staff={**base, "boss": boss}, company=config().company.model_copy(update={"admin": "anna"}))
    assert [key for key, staff in site.staff.items() if people.runs_it(staff, site)] == ["anna", "boss"]
