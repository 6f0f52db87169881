"""Whoever is concerned hears of a letter that failed, once, however the database is meanwhile."""

from __future__ import annotations

import pytest

from helpdesk.errors import HelpdeskError, StoreBusy, StoreError, StoreFull, TemplateError
from helpdesk.outbox.failures import TRIES, Failures
from helpdesk.outbox.ledger import Ledger


class Untold(Ledger):
    """Letters that wait to be told of; one, if nothing is said."""

    def __init__(self, *letters: int) -> None:
        self.letters = list(letters or (7,))

    def unreported(self) -> list[int]:
        return list(self.letters)

    def reported(self, letter: int) -> None:
        self.letters.remove(letter)


def test_a_full_disk_for_minutes_hides_no_failure() -> None:
    """Each heartbeat tries; none of them counts while the database is the trouble."""
    ledger, told, full = Untold(), list[int](), True

    def tell(letter: int) -> None:
        if full:
            raise StoreFull
        told.append(letter)

    failures = Failures(ledger, tell)
    for _ in range(TRIES * 3):
        failures.report()
    full = False
    failures.report()
    assert (told, ledger.letters) == ([7], [])


@pytest.mark.parametrize(("passes", "left"), [(TRIES, [7]), (TRIES + 1, [])])
def test_what_cannot_be_told_gives_way_at_last(passes: int, left: list[int]) -> None:
    """A template that is broken must not keep the other letters from being told of for ever."""
    ledger = Untold()

    def tell(letter: int) -> None:
        message = f"letter {letter} has no template"
        raise TemplateError(message)

    failures = Failures(ledger, tell)
    for _ in range(passes):
        failures.report()
    assert ledger.letters == left


@pytest.mark.parametrize("error", [TemplateError("no template"), StoreError("a constraint"), StoreBusy("a time-out")])
def test_one_letter_that_cannot_be_told_hides_no_other(error: HelpdeskError) -> None:
    """Whatever is wrong with it, and although it comes first: at the second pass the other one is told of."""
    ledger, told = Untold(7, 8), list[int]()

    def tell(letter: int) -> None:
        if letter == 7:
            raise error
        told.append(letter)

    failures = Failures(ledger, tell)
    for _ in range(2):
        failures.report()
    assert (told, ledger.letters) == ([8], [7])


def test_a_fault_of_one_letter_is_counted_although_the_database_tells_it() -> None:
    """A broken constraint does not pass by itself, as a full disk does: the letter gives way at last."""
    ledger, tried = Untold(), list[int]()

    def tell(letter: int) -> None:
        tried.append(letter)
        raise StoreError

    failures = Failures(ledger, tell)
    for _ in range(TRIES + 1):
        failures.report()
    assert (tried, ledger.letters) == ([7] * TRIES, [])


def test_a_database_that_is_down_is_waited_for_once_a_pass() -> None:
    """Not once for each letter: a wait of a minute each would keep the sender from its signs of life."""
    ledger, tried = Untold(7, 8, 9), list[int]()

    def tell(letter: int) -> None:
        tried.append(letter)
        raise StoreBusy

    failures = Failures(ledger, tell)
    for _ in range(4):
        failures.report()
    assert (tried, ledger.letters) == ([7, 8, 9, 7], [7, 8, 9])
