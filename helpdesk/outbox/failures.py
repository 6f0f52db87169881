"""Tells of letters that failed for good, also when the sender that noted it died before it could tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

from helpdesk import console
from helpdesk.errors import TROUBLE, HelpdeskError
from helpdesk.outbox.ledger import Ledger

TRIES = 3  # then the log has to do


class Failures:
    """Hands each failed letter to ``tell``, once if that goes well."""

    def __init__(self, ledger: Ledger, tell: Callable[[int], None]) -> None:
        self._ledger = ledger
        self._tell = tell
        self._tries: Counter[int] = Counter()
        self._troubled: Counter[int] = Counter()

    def report(self) -> None:
        """Tell of all that nobody has been told of; an error is logged, and the letter tried again the next time."""
        try:
            waiting = self._ledger.unreported()
        except HelpdeskError as error:
            console.problem("failure not told", reason=str(error))
            return
        # What looks like trouble of the database may be one letter's: after it the others have their turn first.
        for letter in sorted(waiting, key=lambda number: self._troubled[number]):
            try:
                self._report(letter)
            except HelpdeskError as error:
                console.problem("failure not told", letter=letter, reason=str(error))
                if isinstance(error, TROUBLE):
                    # Each of the others would wait for the database as long as this one did.
                    return

    def _report(self, letter: int) -> None:
        # Counted first: an unknown error ends this run, and must not end every one after it.
        self._tries[letter] += 1
        try:
            if self._tries[letter] <= TRIES:
                self._tell(letter)
            self._ledger.reported(letter)
        except TROUBLE:
            # No fault of the letter: it is told of when all is well again.
            self._tries[letter] -= 1
            self._troubled[letter] += 1
            raise
        del self._tries[letter], self._troubled[letter]
