"""Tickets as a person reads them: lists, a search that knows every alphabet, one ticket whole, the depths of queues."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.desk.changes import KeepMessage, SetStatus
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.mail.message import Address
from helpdesk.store import browse, queues
from helpdesk.store.session import Store
from tests.builders import JANOS, NOW, mail
from tests.store.rows import change, claim, fetched, finish, keep, letter, put, ticket


def found(store: Store, **asked: Any) -> list[int]:
    """The numbers in the list."""
    with store.reading() as session:
        return [row["number"] for row in browse.tickets(session, **asked)]


def say(store: Store, number: int, text: str, minutes: int = 1) -> None:
    """One more message of the customer."""
    about = KeepMessage(kind=MessageKind.CUSTOMER, reason="", ticket=number)
    change(store, about, mail=mail(text=text), now=NOW + timedelta(minutes=minutes))


def test_the_latest_changed_come_first(store: Store) -> None:
    """A reply that changes nothing else moves its ticket up."""
    first, second, third = ticket(store), ticket(store), ticket(store)
    say(store, first, "again")
    assert found(store) == [first, third, second]
    assert found(store, limit=2) == [first, third]


def test_a_list_can_be_narrowed(store: Store) -> None:
    """By status, department and owner, together too."""
    mine = ticket(store, owner="anna")
    closed = ticket(store, owner="anna", department="sales")
    ticket(store)
    change(store, SetStatus(status=Status.CLOSED, reason="", ticket=closed))
    assert found(store, owner="anna") == [closed, mine]
    assert found(store, department="sales") == [closed]
    assert found(store, statuses=(Status.NEW,), owner="anna") == [mine]
    assert found(store, statuses=(Status.PENDING, Status.ON_HOLD)) == []


@pytest.mark.parametrize(
    "words", ["принтер", "ПРИНТЕР", "ne MEGY", "ŐRÜLT", "eva@customer", "nagy éva", "NAGY ÉVA", "принтер megy"]
)
def test_search_knows_every_alphabet(store: Store, words: str) -> None:
    """In any case, in subject, people and messages; every word must be there."""
    number = ticket(store, subject="Őrült dolog")
    say(store, number, "Принтер ne megy")
    ticket(store, contact=JANOS, subject="Other")
    assert found(store, words=words) == [number]


@pytest.mark.parametrize("words", ["принтер absent", "100%", "a_c", "\\", "x\0"])
def test_search_finds_nothing_else(store: Store, words: str) -> None:
    """LIKE's own signs are text; a word that is missing is missing."""
    number = ticket(store, subject="1000 abc принтер")
    assert found(store, words=words) == []
    assert found(store, words="") == [number]


def test_signs_of_like_can_be_searched(store: Store) -> None:
    """They stand for themselves."""
    number = ticket(store, subject="50% off_set")
    ticket(store, subject="500 offset")
    assert found(store, words="50% off_") == [number]


def test_a_ticket_is_shown_with_all_that_happened(store: Store) -> None:
    """Messages, letters, links both ways and history, oldest first."""
    number = ticket(store)
    follower = ticket(store, linked=number)
    say(store, number, "one")
    say(store, number, "two", 2)
    put(store, letter(ticket=number, subject="Re: Printer"))
    with store.reading() as session:
        row = browse.ticket(session, number)
    assert row is not None
    assert (row["contact"], row["contact_name"], row["status"]) == ("eva@customer.test", "Nagy Éva", Status.NEW)
    assert [message["text"] for message in row["messages"]] == ["one", "two"]
    assert [each["subject"] for each in row["letters"]] == ["Re: Printer"]
    assert [(link["ticket"], link["other"]) for link in row["links"]] == [(follower, number)]
    assert [event["kind"] for event in row["history"]] == ["opened", "participant", "message", "message"]
    assert "raw" not in row["letters"][0]


@pytest.mark.parametrize("number", [0, 7, -1, 2**31, 10**20])
def test_a_ticket_that_does_not_exist(store: Store, number: int) -> None:
    """None, also for a number that no row can have."""
    with store.reading() as session:
        assert browse.ticket(session, number) is None


def test_the_depths_of_the_queues(store: Store) -> None:
    """Each state that has rows."""
    ticket(store)
    keep(store, fetched(1), fetched(2), fetched(3))
    finish(store, claim(store, limit=1)[0].id)
    put(store, letter(), letter(held="empty"))
    with store.reading() as session:
        assert browse.depths(session) == {
            "incoming": {"done": 1, "waiting": 2},
            "outgoing": {"held": 1, "queued": 1},
            "tickets": {"new": 1},
        }


def test_mails_that_are_still_to_be_moved(store: Store) -> None:
    """Handled ones that lie on the server as before; more and more of them means that filing is broken."""
    numbers = keep(store, fetched(1), fetched(2), fetched(None, filed=True))
    for mail_ in claim(store, limit=3):
        finish(store, mail_.id)
    with store.reading() as session:
        assert browse.unfiled(session) == 2
    with store.writing() as session:
        queues.filed(session, numbers)
    with store.reading() as session:
        assert browse.unfiled(session) == 0


def test_a_customer_without_a_name_is_found_by_address(store: Store) -> None:
    """A missing name is no error to search in."""
    number = ticket(store, contact=Address(name=None, address="Robot@Machine.test"))
    assert found(store, words="robot@machine") == [number]
