"""The database commits and its answer is lost: no letter waits for ever, none leaves twice."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.errors import StoreGone
from helpdesk.store import migrate
from helpdesk.store.queues import Ending
from helpdesk.store.tables import OutgoingState
from tests.outbox.post import Post
from tests.store.lost import LostAnswers


@pytest.fixture
def store(both_databases: str, tmp_path: Path) -> Iterator[LostAnswers]:
    """A database of each kind that may lose its answers."""
    store = LostAnswers(both_databases, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    yield store
    store.close()


async def test_letters_claimed_without_our_knowing_are_sent_all_the_same(post: Post, store: LostAnswers) -> None:
    """At once and once, when the database is back; what was in hand stays there."""
    numbers = [post.put(1), post.put(2), post.put(3)]
    sender = post.sender()
    ledger = sender.means.ledger
    (held,) = ledger.claim(1)
    with store.losing(), pytest.raises(StoreGone):
        ledger.claim(1)
    rest = ledger.claim(10, in_hand={held.id})
    assert [(letter.id, letter.attempts) for letter in rest] == [(number, 1) for number in numbers[1:]]


async def test_what_was_settled_without_our_knowing_is_settled_once(post: Post, store: LostAnswers) -> None:
    """The writer says it again, and that changes nothing: the letter is put off once."""
    number = post.put()
    ledger, again = post.sender().means.ledger, post.time + timedelta(minutes=1)
    ledger.claim(1)
    later = [Ending(id=number, state=OutgoingState.RETRY, words="451 later", next_try=again)]
    with store.losing(), pytest.raises(StoreGone):
        ledger.write([number], later)
    assert ledger.write([], later) == frozenset()
    letter = post.letter(number)
    assert (letter.state, letter.attempts, letter.next_try) == ("retry", 1, again)
