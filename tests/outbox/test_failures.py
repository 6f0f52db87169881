"""Whoever is concerned hears of a letter that failed, once, however the database is meanwhile."""

from __future__ import annotations

import pytest

from helpdesk.errors import StoreFull, TemplateError
from helpdesk.outbox.failures import TRIES, Failures
from helpdesk.outbox.ledger import Ledger


class Untold(Ledger):
    """One letter waits to be told of."""

    def __init__(self) -> None:
        self.letters = [7]

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
