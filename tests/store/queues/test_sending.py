"""Letters on their way: claimed once, marked before their bytes leave, settled only by whoever holds the claim."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest

from helpdesk.store import queues
from helpdesk.store.queues import Ending, ToSend
from helpdesk.store.session import Store
from helpdesk.store.tables import Outgoing, OutgoingState
from tests.builders import NOW
from tests.store.rows import OWNER, answer, one, put

LEASE = 600


def queued(store: Store, count: int = 1) -> list[int]:
    """Answers that wait, the first one the longest."""
    puts = [put(store, answer(), now=NOW + timedelta(seconds=number))[0] for number in range(count)]
    return [each.id for each in puts if each.id is not None]


def claim(store: Store, *, owner: str = OWNER, minutes: float = 1, limit: int = 100) -> list[ToSend]:
    now = NOW + timedelta(minutes=minutes)
    with store.writing() as session:
        return queues.claim_letters(session, owner=owner, now=now, limit=limit, lease_seconds=LEASE)


def settle(store: Store, *endings: Ending, owner: str = OWNER) -> None:
    with store.writing() as session:
        queues.settle(session, endings, owner=owner, now=NOW)


def begin(store: Store, *numbers: int, owner: str = OWNER) -> frozenset[int]:
    with store.writing() as session:
        return queues.data_started(session, numbers, owner=owner, now=NOW, lease_seconds=LEASE)


def test_letters_are_claimed_in_the_order_of_waiting(store: Store) -> None:
    """As they were written, each attempt counted; what is claimed is not handed out again."""
    numbers = queued(store, 3)
    first = claim(store, limit=2)
    assert [letter.id for letter in first] == numbers[:2]
    assert {letter.attempts for letter in first} == {1}
    assert first[0].raw == b"To: you\r\n\r\n"
    assert [letter.id for letter in claim(store, owner="other")] == numbers[2:]


def test_nothing_is_due_before_its_time(store: Store) -> None:
    """The look before the claim says the same."""
    queued(store)
    early = NOW - timedelta(seconds=1)
    with store.reading() as session:
        assert not queues.letters_due(session, early)
        assert queues.letters_due(session, NOW)
    assert claim(store, minutes=-1) == []


def test_two_senders_never_get_the_same_letter(store: Store) -> None:
    """Also when they ask at the same time."""
    numbers = queued(store, 40)
    got: list[int] = []

    def work(owner: str) -> None:
        while letters := claim(store, owner=owner, limit=3):
            got.extend(letter.id for letter in letters)

    threads = [threading.Thread(target=work, args=(owner,)) for owner in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == numbers


def test_a_letter_is_begun_only_by_its_owner(store: Store) -> None:
    """Whoever slept past the end of the claim finds the letter taken."""
    first, second = queued(store, 2)
    claim(store)
    assert begin(store, first, second, owner="other") == frozenset()
    assert begin(store, first) == {first}
    assert one(store, Outgoing, first).data_started == NOW
    assert one(store, Outgoing, second).data_started is None
    assert begin(store) == frozenset()


AGAIN = NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (("sent", "250 ok", None), ("sent", None, "250 ok", None, NOW, False, 1)),
        (("retry", "450 later", AGAIN), ("retry", "450 later", "450 later", AGAIN, None, False, 1)),
        (("failed", "550 no", None), ("failed", "550 no", "550 no", None, NOW, False, 1)),
        (("unknown", "cut", None), ("unknown", "cut", None, None, NOW, False, 1)),
        (("unknown", "cut", AGAIN), ("unknown", "cut", None, AGAIN, None, True, 1)),
        (("queued", None, None), ("queued", None, None, NOW, None, False, 0)),
        (("queued", "busy", AGAIN), ("queued", "busy", None, AGAIN, None, False, 0)),
    ],
)
def test_what_became_of_a_letter_is_written(store: Store, ending: tuple, expected: tuple) -> None:  # type: ignore[type-arg]
    """State, reason, answer, next try, end, whether it is sent twice, attempts; the claim is let go."""
    (number,) = queued(store)
    claim(store)
    state, words, again = ending
    settle(store, Ending(id=number, state=OutgoingState(state), words=words, next_try=again))
    row = one(store, Outgoing, number)
    found = (row.state.value, row.reason, row.response, row.next_try, row.done, row.resent, row.attempts)
    assert found == expected
    assert (row.claimed_by is None) == (state != "failed")


def test_many_letters_are_settled_at_once(store: Store) -> None:
    """Each with its own words, whatever became of it."""
    numbers = queued(store, 4)
    claim(store)
    states = (OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.SENT, OutgoingState.UNKNOWN)
    settle(store, *(Ending(id=n, state=state, words=f"words {n}") for n, state in zip(numbers, states, strict=True)))
    rows = [one(store, Outgoing, number) for number in numbers]
    assert tuple(row.state for row in rows) == states
    assert [row.response or row.reason for row in rows] == [f"words {number}" for number in numbers]


def test_what_is_sent_is_sent_and_nothing_else_is_said_of_foreign_letters(store: Store) -> None:
    """A claim that was lost meanwhile does not undo what happened; it allows no other word."""
    first, second = queued(store, 2)
    claim(store, owner="other")
    settle(store, Ending(id=first, state=OutgoingState.SENT), Ending(id=second, state=OutgoingState.FAILED, words="x"))
    assert one(store, Outgoing, first).state is OutgoingState.SENT
    assert one(store, Outgoing, second).state is OutgoingState.SENDING


def test_a_claim_is_renewed_by_its_owner_alone(store: Store) -> None:
    """A living sender is not taken for dead; what it does not know that it has runs out."""
    number, lost = queued(store, 2)
    claim(store)
    later = NOW + timedelta(hours=1)
    with store.writing() as session:
        queues.renew_claims(session, [number], owner="other", now=later, lease_seconds=LEASE)
    assert one(store, Outgoing, number).claimed_until == NOW + timedelta(seconds=60 + LEASE)
    with store.writing() as session:
        queues.renew_claims(session, [number], owner=OWNER, now=later, lease_seconds=LEASE)
    assert one(store, Outgoing, number).claimed_until == later + timedelta(seconds=LEASE)
    assert one(store, Outgoing, lost).claimed_until == NOW + timedelta(seconds=60 + LEASE)


def test_a_failure_waits_until_it_is_told(store: Store) -> None:
    """For its sender at once, for others when that one has gone; then for nobody."""
    (number,) = queued(store)
    claim(store)
    settle(store, Ending(id=number, state=OutgoingState.FAILED, words="550 no"))

    def waits(owner: str, **later: float) -> list[int]:
        with store.reading() as session:
            return queues.unreported(session, owner=owner, now=NOW + timedelta(**later))

    assert (waits(OWNER), waits("other"), waits("other", hours=1)) == ([number], [], [number])
    with store.writing() as session:
        queues.reported(session, number)
    assert waits(OWNER) == waits("other", hours=1) == []


def test_an_answer_of_unknown_fate_is_claimed_once_more(store: Store) -> None:
    """At its time; the letter knows that it is the second time."""
    (number,) = queued(store)
    claim(store)
    settle(store, Ending(id=number, state=OutgoingState.UNKNOWN, words="cut", next_try=AGAIN))
    assert claim(store, minutes=29) == []
    (letter,) = claim(store, minutes=30)
    assert letter.resent


def test_one_letter_with_damaged_bytes_stops_no_other(store: Store) -> None:
    """A bad bit on the disk: it has failed, which is told of; the others go out."""
    first, second = queued(store, 2)
    with store.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE outgoing SET raw = substr(raw, 3) WHERE id = {first}")
    assert [letter.id for letter in claim(store)] == [second]
    assert one(store, Outgoing, first).state is OutgoingState.FAILED
    with store.reading() as session:
        assert queues.unreported(session, owner=OWNER, now=NOW) == [first]
