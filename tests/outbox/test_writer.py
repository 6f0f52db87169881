"""What happened to letters is written in batches, and not given up when the database fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from helpdesk.errors import StoreBusy, StoreError
from helpdesk.outbox.ledger import Ledger
from helpdesk.outbox.writer import Writer
from helpdesk.store.queues import Ending
from helpdesk.store.session import Store
from helpdesk.store.tables import OutgoingState
from tests.builders import NOW

SENT = Ending(id=7, state=OutgoingState.SENT, words="250 ok")


class Shaky(Ledger):
    """Fails some times; letters above 100 are not ours."""

    def __init__(self, store: Store, *, failures: int = 0) -> None:
        super().__init__(store, owner="x", process="x", now=lambda: NOW)
        self.failures = failures
        self.batches: list[tuple[list[int], list[Ending]]] = []
        self.entered = threading.Event()
        self.open = threading.Event()
        self.open.set()

    def write(self, begun: Sequence[int], endings: Sequence[Ending]) -> frozenset[int]:
        self.entered.set()
        self.open.wait(10)
        if self.failures:
            self.failures -= 1
            raise StoreBusy
        self.batches.append((list(begun), list(endings)))
        return frozenset(number for number in begun if number <= 100)


class Told(dict[int, bool]):
    """Letters that were begun and what the writer said of each."""

    def __init__(self) -> None:
        super().__init__()
        self._news = threading.Condition()

    def note(self, begun: Mapping[int, bool], _: Sequence[Ending]) -> None:
        with self._news:
            self.update(begun)
            self._news.notify()

    def of(self, letter: int) -> bool:
        """Waits for it."""
        with self._news:
            assert self._news.wait_for(lambda: letter in self, 10)
        return self[letter]


@contextmanager
def writing(
    ledger: Ledger, faults: list[StoreError], told: Told | None = None, *, gather_seconds: float = 0
) -> Iterator[Writer]:
    writer = Writer(
        ledger, written=(told if told is not None else Told()).note, fails=faults.append, gather_seconds=gather_seconds
    )
    thread = threading.Thread(target=writer.run)
    thread.start()
    try:
        yield writer
    finally:
        writer.close()
        thread.join(10)
        assert not thread.is_alive()


def test_a_letter_is_begun_when_it_is_written_and_ours(store: Store) -> None:
    """The answer comes after the commit."""
    told = Told()
    with writing(Shaky(store), [], told) as writer:
        writer.begun(1)
        writer.begun(101)
        assert (told.of(1), told.of(101)) == (True, False)


def test_what_comes_while_one_transaction_runs_is_one_more(store: Store) -> None:
    """Hundreds of letters do not need hundreds of commits."""
    ledger, told = Shaky(store), Told()
    ledger.open.clear()
    with writing(ledger, [], told) as writer:
        writer.begun(1)
        assert ledger.entered.wait(10)
        for _ in range(50):
            writer.settle(SENT)
        writer.begun(2)
        ledger.open.set()
        assert told.of(1) and told.of(2)
    assert [(begun, len(endings)) for begun, endings in ledger.batches] == [([1], 0), ([2], 50)]


def test_others_may_join_the_first_but_not_hold_up_the_end(store: Store) -> None:
    """What is noted in that time is one transaction, and a stop does not wait for the rest of it."""
    ledger, began = Shaky(store), time.monotonic()
    with writing(ledger, [], gather_seconds=1000) as writer:
        writer.begun(1)
        time.sleep(0.05)
        writer.begun(2)
    assert ledger.batches == [([1, 2], [])]
    assert time.monotonic() - began < 100


@pytest.mark.parametrize(("failures", "written"), [(1, True), (99, False)])
def test_a_failing_database_is_tried_once_more_at_the_end(
    store: Store, failures: int, written: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """What is known is kept until then; what cannot be written is told, and no letter leaves on it."""
    ledger, faults, told = Shaky(store, failures=failures), list[StoreError](), Told()
    with writing(ledger, faults, told) as writer:
        writer.settle(SENT)
        assert ledger.entered.wait(10)
        writer.begun(1)
    assert faults
    assert [SENT] in [endings for _, endings in ledger.batches] or not written
    assert told.of(1) is written
    assert any(record.message == "letters not settled" for record in caplog.records) is not written
