"""Letters as a person sees them at the shell, and what the person may do with each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk.errors import UsageError
from helpdesk.store import queues
from helpdesk.store.queues import LetterView
from helpdesk.store.session import Store
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import table
from tests.builders import NOW
from tests.store.rows import answer, letter, put, ticket

LATER = NOW + timedelta(days=1)
ROWS = table(Outgoing)


def in_state(store: Store, state: str, **values: Any) -> int:
    """An answer that has got so far."""
    (done,) = put(store, answer())
    assert done.id is not None
    with store.writing() as session:
        changed = {"state": OutgoingState(state), "reason": "why", "next_try": None} | values
        session.connection().execute(sa.update(ROWS).where(ROWS.c.id == done.id).values(**changed))
    return done.id


def act(store: Store, what: Callable[..., None], number: int) -> LetterView:
    with store.writing() as session:
        what(session, number, by="shell:anna", now=LATER)
        return queues.letter(session, number)


def test_the_newest_open_letters_are_listed_first(store: Store) -> None:
    """Sent and cancelled ones only when asked for."""
    first, _, third = in_state(store, "held"), in_state(store, "sent"), in_state(store, "failed")
    with store.reading() as session:
        assert [each.id for each in queues.letters(session)] == [third, first]
        assert [each.id for each in queues.letters(session, limit=1)] == [third]
        assert len(queues.letters(session, states=frozenset(OutgoingState))) == 3


def test_letters_of_one_ticket_are_listed(store: Store) -> None:
    """A number that can be no ticket's has none."""
    number = ticket(store)
    put(store, answer(ticket=number), answer())
    with store.reading() as session:
        assert [each.ticket for each in queues.letters(session, ticket=number)] == [number]
        assert queues.letters(session, ticket=10**30) == []


def test_the_bytes_of_a_letter_are_as_they_will_be_sent(store: Store) -> None:
    """All of them."""
    (done,) = put(store, letter(raw=b"To: you\r\n\r\n\xff\x00"))
    assert done.id is not None
    with store.reading() as session:
        assert queues.letter_bytes(session, done.id) == b"To: you\r\n\r\n\xff\x00"


@pytest.mark.parametrize("number", [0, -1, 7, 10**30])
def test_a_letter_that_is_not_there_is_said_so(store: Store, number: int) -> None:
    """With where to look."""
    with store.reading() as session, pytest.raises(UsageError, match=f"no letter {number}; .*outbox list"):
        queues.letter(session, number)


@pytest.mark.parametrize("state", list(OutgoingState))
def test_what_may_be_tried_again(store: Store, state: OutgoingState) -> None:
    """It is queued with as much time as it had at first, and says who did it and what was before; else a refusal."""
    number = in_state(store, state.value)
    if state not in ("retry", "failed", "unknown"):
        with pytest.raises(UsageError, match=f"Letter {number} is {state.value}, it cannot be tried again"):
            act(store, queues.retry_letter, number)
        return
    view = act(store, queues.retry_letter, number)
    assert (view.state, view.next_try, view.expires) == ("queued", LATER, LATER + timedelta(days=5))
    assert view.reason == f"tried again by shell:anna; before: {state.value}, why"


@pytest.mark.parametrize("state", list(OutgoingState))
def test_only_what_is_held_can_be_released(store: Store, state: OutgoingState) -> None:
    """Anything else is refused in one sentence."""
    number = in_state(store, state.value)
    with store.reading() as session:
        if state is OutgoingState.HELD:
            assert queues.held_letter(session, number).id == number
            return
        with pytest.raises(UsageError, match=f"Letter {number} is {state.value}, it cannot be released"):
            queues.held_letter(session, number)


@pytest.mark.parametrize("state", list(OutgoingState))
def test_what_may_be_cancelled(store: Store, state: OutgoingState) -> None:
    """All but what is sent, being sent, or cancelled already."""
    number = in_state(store, state.value)
    if state in ("sent", "sending", "cancelled"):
        with pytest.raises(UsageError, match="cannot be cancelled"):
            act(store, queues.cancel_letter, number)
        return
    view = act(store, queues.cancel_letter, number)
    assert (view.state, view.next_try, view.done) == ("cancelled", None, LATER)


def test_a_cancelled_letter_is_not_sent(store: Store) -> None:
    """The sender finds nothing to claim."""
    number = in_state(store, "queued", next_try=NOW)
    act(store, queues.cancel_letter, number)
    with store.writing() as session:
        assert queues.claim_letters(session, owner="x", now=LATER, limit=9, lease_seconds=60) == []
