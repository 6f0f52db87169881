"""Tickets as thinking sees them, loaded with a fixed number of queries however many and however long they are."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.desk.changes import AddParticipant, FirstResponse, KeepMessage, SetStatus
from helpdesk.desk.ticket import MessageKind, Status, TicketView
from helpdesk.store.session import Store
from helpdesk.store.threads import remember_letter
from helpdesk.store.views import THREAD_IDS, notes, view, views
from tests.builders import EVA, JANOS, NOW, mail
from tests.store.queries import counted
from tests.store.rows import change, fetched, keep, ticket


def seen(store: Store, number: int) -> TicketView:
    """The ticket, which exists."""
    with store.reading() as session:
        found = view(session, number)
    assert found is not None
    return found


def say(store: Store, number: int, text: str, kind: MessageKind = MessageKind.CUSTOMER, name: str = "") -> None:
    """One more message."""
    message_id = f"<{name or text}@x>"
    change(store, KeepMessage(kind=kind, reason="", ticket=number), mail=mail(text=text, message_id=message_id))


def test_a_ticket_is_shown_whole(store: Store) -> None:
    """Its customer, people in the order in which they came, and what happened to it."""
    number = ticket(store, owner="anna", priority="high")
    change(
        store,
        AddParticipant(person=JANOS, reason="", ticket=number),
        FirstResponse(at=NOW, staff="anna", reason="", ticket=number),
        SetStatus(status=Status.CLOSED, reason="", ticket=number),
    )
    assert seen(store, number) == TicketView(
        number=number,
        status=Status.CLOSED,
        subject="Nyomtató",
        department="support",
        mailbox="support",
        contact=EVA,
        language="hu",
        opened=NOW,
        owner="anna",
        priority="high",
        participants=(EVA, JANOS),
        closed=NOW,
        first_response=NOW,
    )


def test_only_tickets_that_exist_are_found(store: Store) -> None:
    """A number in a subject may be anything."""
    number = ticket(store)
    with store.reading() as session:
        assert set(views(session, {number, 999_999_999, 7})) == {number}
        assert views(session, ()) == {}
        assert view(session, 7) is None


def test_the_thread_has_the_first_and_the_newest_ids(store: Store) -> None:
    """Oldest first, for References: mail programs look at the first and the last ones."""
    number = ticket(store)
    with store.writing() as session:
        for step in range(THREAD_IDS + 10):
            remember_letter(session, f"<{step}@x>", number, outside=True)
    newest = [f"<{step}@x>" for step in range(10, THREAD_IDS + 10)]
    assert list(seen(store, number).thread) == ["<0@x>", *newest]


def test_each_ticket_has_its_own_thread(store: Store) -> None:
    """Staff's ids and mere references are in none."""
    first, second = ticket(store), ticket(store)
    say(store, first, "a")
    say(store, second, "b")
    say(store, first, "c", MessageKind.NOTE)
    with store.writing() as session:
        remember_letter(session, "<to-customer@x>", first, outside=True)
        remember_letter(session, "<to-staff@x>", first, outside=False)
    assert seen(store, first).thread == ("<a@x>", "<to-customer@x>")
    assert seen(store, second).thread == ("<b@x>",)


def test_many_tickets_cost_as_many_queries_as_one(store: Store) -> None:
    """A mail may name a hundred."""
    numbers = [ticket(store) for _ in range(20)]
    for number in numbers:
        say(store, number, "words", name=str(number))
    with store.reading() as session:
        with counted() as one:
            views(session, numbers[:1])
        with counted() as many:
            found = views(session, numbers)
    assert len(found) == 20
    assert len(one) == len(many) == 3


def test_only_notes_are_notes(store: Store) -> None:
    """They are what must not reach a customer."""
    number = ticket(store)
    for text, kind in (("first", MessageKind.CUSTOMER), ("psst", MessageKind.NOTE)):
        say(store, number, text, kind)
    with store.reading() as session:
        assert notes(session, number) == ("psst",)


def test_times_are_aware_on_both_databases(store: Store) -> None:
    """UTC in, UTC out; a local time of elsewhere is the same instant."""
    keep(store, fetched(1, received=NOW))
    number = ticket(store)
    assert seen(store, number).opened.utcoffset() == timedelta(0)
