"""Writes what happens to letters, many at once: while one transaction runs, the next one gathers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

from helpdesk import console
from helpdesk.errors import StoreError
from helpdesk.outbox.ledger import Ledger
from helpdesk.store.queues import Ending

STORE_SECONDS = 15  # the longest time until the next try after the database failed
FIRST_STORE_SECONDS = 1.0  # the first: a database that only was restarted is back; doubled each time


class Writer:
    """Works in a thread of its own (`run`); the other methods only leave a note there and may be called from any."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        written: Callable[[Mapping[int, bool], Sequence[Ending]], None],
        fails: Callable[[StoreError], None],
        gather_seconds: float = 0,
    ) -> None:
        """``written`` and ``fails`` are called in the writer's thread after each transaction.

        ``written`` gets the letters that were `begun`, with False for those that must not be handed over, and what was
        settled. It is one call for many letters, as to wake another thread costs more than to write a letter down.
        For ``gather_seconds`` others may join the first: a transaction costs as much as many letters in it.
        """
        self._ledger = ledger
        self._on_written = written
        self._on_fails = fails
        self._gather_seconds = gather_seconds
        self._news = threading.Condition()
        self._closing = threading.Event()
        self._begun: list[int] = []
        self._endings: list[Ending] = []

    def begun(self, letter: int) -> None:
        """Note that a letter is being handed over; whether it may be is told after the commit."""
        with self._news:
            self._begun.append(letter)
            self._news.notify()

    def settle(self, end: Ending) -> None:
        """Note what became of a letter, soon."""
        with self._news:
            self._endings.append(end)
            self._news.notify()

    def close(self) -> None:
        """Write what there is, then end `run`."""
        with self._news:
            self._closing.set()
            self._news.notify()

    def run(self) -> None:
        """Write until `close`."""
        while True:
            begun, endings = self._gathered()
            if not begun and not endings:
                return
            self._write(begun, endings)

    def _gathered(self) -> tuple[list[int], list[Ending]]:
        """What has been noted since the last time; nothing only after `close`."""
        with self._news:
            self._news.wait_for(lambda: self._begun or self._endings or self._closing.is_set())
        if self._gather_seconds:
            self._closing.wait(self._gather_seconds)
        with self._news:
            begun, self._begun = self._begun, []
            endings, self._endings = self._endings, []
        return begun, endings

    def _write(self, begun: list[int], endings: list[Ending]) -> None:
        """Until it is written, or until the end: what is known is not given up before."""
        pause = FIRST_STORE_SECONDS
        while True:
            try:
                ours = self._ledger.write(begun, endings)
            except StoreError as error:
                given_up = self._closing.is_set()
                if given_up:
                    # Their claims run out; what had been begun is then of unknown fate.
                    console.problem("letters not settled", letters=len(endings), reason=str(error))
                    self._on_written(dict.fromkeys(begun, False), [])
                self._on_fails(error)
                if given_up:
                    return
                self._closing.wait(pause)
                pause = min(pause * 2, STORE_SECONDS)
            else:
                self._on_written({letter: letter in ours for letter in begun}, endings)
                return
