"""A held answer is let go or called back by its author, with its copies, once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.desk.changes import CancelHeld, KeepMessage, ReleaseHeld
from helpdesk.desk.ticket import MessageKind
from helpdesk.store.session import Store
from helpdesk.store.tables import Event, Message, Outgoing, OutgoingState
from tests.builders import NOW, mail
from tests.store.rows import all_of, change, fetched, held, keep, kinds, one, ticket

WHY = "because"


def last(store: Store) -> Event:
    """The newest line of history."""
    return all_of(store, Event)[-1]


def test_a_held_answer_is_let_go_with_its_copies(store: Store) -> None:
    """All of one mail, no other held letter; what was a draft has now been said."""
    number = ticket(store)
    mine, other = keep(store, fetched(1), fetched(2))
    keeps = KeepMessage(kind=MessageKind.DRAFT, reason=WHY, ticket=number, staff="anna")
    change(store, keeps, mail=mail(), incoming=mine)
    first, copy = held(store, number, "eva@customer.test", "janos@customer.test", incoming=mine)
    (stays,) = held(store, number, "eva@customer.test", incoming=other)
    change(store, ReleaseHeld(outgoing=first, reason=WHY, ticket=number))
    assert [one(store, Outgoing, each).state for each in (first, copy, stays)] == [
        OutgoingState.QUEUED,
        OutgoingState.QUEUED,
        OutgoingState.HELD,
    ]
    assert [row.kind for row in all_of(store, Message)] == [MessageKind.ANSWER]
    assert (last(store).kind, last(store).data) == ("released", {"outgoing": first, "letters": 2})


def test_a_letter_that_was_held_for_long_gets_its_time(store: Store) -> None:
    """Otherwise it would be given up at the moment when its author lets it go."""
    number = ticket(store)
    (waiting,) = held(store, number, "eva@customer.test")
    week = NOW + timedelta(days=7)
    change(store, ReleaseHeld(outgoing=waiting, reason=WHY), now=week)
    row = one(store, Outgoing, waiting)
    assert (row.next_try, row.expires) == (week, week + timedelta(days=5))
    assert last(store).ticket == number


def test_a_held_answer_is_called_back_with_its_copies(store: Store) -> None:
    """They are never sent, and use up no limit."""
    number = ticket(store)
    (mine,) = keep(store, fetched(1))
    first, copy = held(store, number, "eva@customer.test", "janos@customer.test", incoming=mine)
    change(store, CancelHeld(outgoing=first, reason=WHY, ticket=number))
    found = [one(store, Outgoing, each) for each in (first, copy)]
    assert [(row.state, row.reason, row.counted, row.done) for row in found] == [
        (OutgoingState.CANCELLED, WHY, False, NOW)
    ] * 2
    assert last(store).kind == "cancelled"


@pytest.mark.parametrize("kind", [ReleaseHeld, CancelHeld])
def test_a_letter_that_is_not_held_any_more_stays_as_it_is(store: Store, kind: Any) -> None:
    """Said `send` twice, or too late: nothing is sent twice, and the history does not claim it was."""
    number = ticket(store)
    (waiting,) = held(store, number, "eva@customer.test")
    change(store, CancelHeld(outgoing=waiting, reason="first", ticket=number))
    change(store, kind(outgoing=waiting, reason="second", ticket=number), kind(outgoing=999, reason="none"))
    assert one(store, Outgoing, waiting).state is OutgoingState.CANCELLED
    assert kinds(store, number)[-2:] == ["participant", "cancelled"]
