"""What the sender reads and writes in the store: short transactions, many letters in each; run in a thread."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from helpdesk.store import parts, queues
from helpdesk.store.queues import Ending, ToSend
from helpdesk.store.session import Store

PART = "outbox"  # its name in `helpdesk status`
# Longer than the longest time that a letter can be in hand; renewed with every heartbeat.
LEASE_SECONDS = 900


class Ledger:
    """The rows of `outgoing` as one sender sees them. Every method raises StoreError."""

    def __init__(self, store: Store, *, owner: str, process: str, now: Callable[[], datetime]) -> None:
        """``owner`` names this sender in its claims and must never have been used before."""
        self._store = store
        self._owner = owner
        self._process = process
        self._now = now
        self._doubtful = False  # whether a claim may have been committed without our knowing it

    def claim(self, limit: int, *, in_hand: Collection[int] = frozenset()) -> list[ToSend]:
        """Letters whose time has come, now ours; ``in_hand`` are those that we have already."""
        with self._store.reading() as session:
            # Without a look first an idle sender would take SQLite's lock every few seconds.
            if not self._doubtful and not queues.letters_due(session, self._now()):
                return []
        doubtful, self._doubtful = self._doubtful, True
        with self._store.writing() as session:
            if doubtful:
                queues.hand_back_others(session, in_hand, owner=self._owner)
            claimed = queues.claim_letters(
                session, owner=self._owner, now=self._now(), limit=limit, lease_seconds=LEASE_SECONDS
            )
        self._doubtful = False
        return claimed

    def write(self, begun: Sequence[int], endings: Sequence[Ending]) -> frozenset[int]:
        """Settle letters and mark others as handed over; those of ``begun`` that are still ours."""
        with self._store.writing() as session:
            now = self._now()
            queues.settle(session, endings, owner=self._owner, now=now)
            return queues.data_started(session, begun, owner=self._owner, now=now, lease_seconds=LEASE_SECONDS)

    def beat(self, state: str, error: str | None, *, in_hand: Collection[int] = frozenset()) -> None:
        """Say how the way out is, and keep the claims on what is in hand."""
        with self._store.writing() as session:
            now = self._now()
            parts.beat(session, PART, process=self._process, state=state, now=now, error=error)
            queues.renew_claims(session, in_hand, owner=self._owner, now=now, lease_seconds=LEASE_SECONDS)

    def unreported(self) -> list[int]:
        """Letters that failed and of which nobody has been told."""
        with self._store.reading() as session:
            return queues.unreported(session, owner=self._owner, now=self._now())

    def reported(self, letter: int) -> None:
        """Somebody has been told."""
        with self._store.writing() as session:
            queues.reported(session, letter)
