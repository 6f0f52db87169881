"""Tells of letters that failed for good, also when the sender that noted it died before it could tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from helpdesk import console
from helpdesk.errors import HelpdeskError, StoreError
from helpdesk.outbox.ledger import Ledger

TRIES = 3  # then the log has to do, and the other letters have their turn


class Failures:
    """Hands each failed letter to ``tell``, once if that goes well."""

    def __init__(self, ledger: Ledger, tell: Callable[[int], None]) -> None:
        self._ledger = ledger
        self._tell = tell
        self._tries: Counter[int] = Counter()

    def report(self) -> None:
        """Tell of all that nobody has been told of; an error is logged, and the letter tried again the next time."""
        try:
            for letter in self._ledger.unreported():
                self._report(letter)
        except HelpdeskError as error:
            console.problem("failure not told", reason=str(error))

    def _report(self, letter: int) -> None:
        # Counted first: an unknown error ends this run, and must not end every one after it.
        self._tries[letter] += 1
        try:
            if self._tries[letter] <= TRIES:
                self._tell(letter)
            self._ledger.reported(letter)
        except StoreError:
            # The database is in trouble, which is no fault of the letter: it is told of when all is well again.
            self._tries[letter] -= 1
            raise
        del self._tries[letter]
