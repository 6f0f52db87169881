"""What happened to letters is written in batches, and not given up when the database fails."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
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


@contextmanager
def writing(ledger: Ledger, faults: list[StoreError]) -> Iterator[Writer]:
    writer = Writer(ledger, written=lambda _: None, fails=faults.append)
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
    with writing(Shaky(store), []) as writer:
        assert writer.begun(1).result(10) is True
        assert writer.begun(101).result(10) is False


def test_what_comes_while_one_transaction_runs_is_one_more(store: Store) -> None:
    """Hundreds of letters do not need hundreds of commits."""
    ledger = Shaky(store)
    ledger.open.clear()
    with writing(ledger, []) as writer:
        first = writer.begun(1)
        assert ledger.entered.wait(10)
        for _ in range(50):
            writer.settle(SENT)
        second = writer.begun(2)
        ledger.open.set()
        assert first.result(10) and second.result(10)
    assert [(begun, len(endings)) for begun, endings in ledger.batches] == [([1], 0), ([2], 50)]


@pytest.mark.parametrize(("failures", "written"), [(1, True), (99, False)])
def test_a_failing_database_is_tried_once_more_at_the_end(
    store: Store, failures: int, written: bool, caplog: pytest.LogCaptureFixture
) -> None:
    """What is known is kept until then; what cannot be written is told, and no letter leaves on it."""
    ledger, faults = Shaky(store, failures=failures), list[StoreError]()
    with writing(ledger, faults) as writer:
        writer.settle(SENT)
        assert ledger.entered.wait(10)
        begun = writer.begun(1)
    assert faults
    assert [SENT] in [endings for _, endings in ledger.batches] or not written
    assert begun.result(10) is written
    assert any(record.message == "letters not settled" for record in caplog.records) is not written
