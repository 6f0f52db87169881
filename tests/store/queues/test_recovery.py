"""After a crash nothing is lost, and what may have arrived is not sent blindly again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.store import queues
from helpdesk.store.queues import Ending, Letter, Recovered
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState
from tests.builders import NOW
from tests.store.rows import OWNER, all_of, answer, claim, fetched, keep, letter, put

GONE = NOW + timedelta(minutes=11)


def begun(store: Store, asked: Letter, *, data: bool) -> None:
    """A letter whose sender died, before or after the server got the first byte."""
    put(store, asked)
    with store.writing() as session:
        (found,) = queues.claim_letters(session, owner=OWNER, now=NOW, limit=1, lease_seconds=600)
        queues.data_started(session, [found.id] * data, owner=OWNER, now=NOW, lease_seconds=600)


def recover(store: Store) -> Recovered:
    with store.writing() as session:
        return queues.recover_letters(session, GONE)


@pytest.mark.parametrize(
    ("asked", "data", "found", "state", "again"),
    [
        (answer(), False, Recovered(queued=1, again=0, unknown=0), "queued", GONE),
        (letter(), False, Recovered(queued=1, again=0, unknown=0), "queued", GONE),
        (answer(), True, Recovered(queued=0, again=1, unknown=0), "unknown", GONE + timedelta(minutes=30)),
        (letter(), True, Recovered(queued=0, again=0, unknown=1), "unknown", None),
    ],
)
def test_a_letter_of_a_dead_sender(
    store: Store, asked: Letter, data: bool, found: Recovered, state: str, again: object
) -> None:
    """Not begun: queued, the attempt does not count. Begun: an answer goes once more, an automatic letter does not."""
    begun(store, asked, data=data)
    assert recover(store) == found
    (row,) = all_of(store, Outgoing)
    assert (row.state.value, row.next_try, row.attempts, row.claimed_by) == (state, again, int(data), None)
    assert row.resent == (found.again == 1)
    assert recover(store) == Recovered(queued=0, again=0, unknown=0)


def test_an_answer_is_sent_once_more_only_once(store: Store) -> None:
    """A second crash over the same letter leaves it to a person."""
    begun(store, answer(), data=True)
    recover(store)
    with store.writing() as session:
        later = GONE + timedelta(minutes=30)
        (found,) = queues.claim_letters(session, owner=OWNER, now=later, limit=1, lease_seconds=0)
        queues.data_started(session, [found.id], owner=OWNER, now=later, lease_seconds=0)
        done = queues.recover_letters(session, later + timedelta(seconds=1))
    assert done == Recovered(queued=0, again=0, unknown=1)
    assert all_of(store, Outgoing)[0].next_try is None


def test_a_living_sender_keeps_its_letters(store: Store) -> None:
    """Before its claim has run out nobody touches them."""
    begun(store, answer(), data=True)
    with store.writing() as session:
        assert queues.recover_letters(session, NOW + timedelta(minutes=9)) == Recovered(queued=0, again=0, unknown=0)
    assert all_of(store, Outgoing)[0].state is OutgoingState.SENDING


def test_at_the_start_on_a_file_every_claim_is_forgotten(store: Store) -> None:
    """Nobody else can be alive: mails, letters and untold failures are taken up without waiting for their lease."""
    keep(store, fetched())
    claim(store, seconds=600)
    begun(store, letter(), data=False)
    put(store, answer())
    with store.writing() as session:
        (failing,) = queues.claim_letters(session, owner=OWNER, now=NOW, limit=1, lease_seconds=600)
        failed = Ending(id=failing.id, state=OutgoingState.FAILED, words="550")
        queues.settle(session, [failed], owner=OWNER, now=NOW)
        queues.forget_claims(session, NOW)
        assert queues.recover_letters(session, NOW).queued == 1
        assert queues.unreported(session, owner="next", now=NOW) == [failing.id]
    (mail,) = all_of(store, Incoming)
    assert mail.state is IncomingState.WORKING and mail.claimed_until and mail.claimed_until < NOW
