"""How the way to the mail server is: whether it is down and for how long we wait, and whom the fault is to be laid at.

A fault may be the server's, an envelope sender's or one letter's. A letter at which the server breaks off twice,
although it took another one in between, is itself to blame; until then the channel is, and the letter loses nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from helpdesk.errors import ChannelLost, HelpdeskError
from helpdesk.outbox import retry


class _Pause(NamedTuple):
    until: datetime
    failures: int
    words: str


class Channel:
    """What is remembered between letters; pauses are measured by a clock that nobody sets."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds."""
        self._clock = clock
        self._rests_until = clock()
        self.proven = False
        """Whether a connection has been made since the start or the last time when none could be made."""
        self._failures = 0
        self._broken: str | None = None
        self._accepted = 0
        self._doubted: dict[int, int] = {}
        self._senders: dict[str, _Pause] = {}

    @property
    def probing(self) -> bool:
        """Whether it is down, so that only one letter at a time tries it."""
        return self._failures > 0

    @property
    def trouble(self) -> str | None:
        """What ails it, for the status."""
        return self._broken or next((pause.words for pause in self._senders.values()), None)

    @property
    def rest_seconds(self) -> float:
        """How long nothing is to be sent from now on."""
        return max(self._rests_until - self._clock(), 0)

    def fails(self, error: HelpdeskError, *, connecting: bool) -> float:
        """It is down; the seconds to wait before the next try. Connections that break together are one failure."""
        if not self.rest_seconds:
            self._failures += 1
            self._broken = str(error)
            self.proven = not connecting
            pause = retry.pause_seconds(self._failures, mending=not isinstance(error, ChannelLost))
            self._rests_until = self._clock() + pause
        return self.rest_seconds

    def connected(self) -> None:
        """A connection could be made. That mends what was wrong with connecting, nothing else."""
        if not self.proven:
            self.proven = True
            self.works()

    def works(self) -> None:
        """The server has listened to a letter and said something about it."""
        self._failures, self._broken = 0, None

    def accepts(self, letter: int, sender: str) -> None:
        """The server took a letter."""
        self.works()
        self._accepted += 1
        self._doubted.pop(letter, None)
        self._senders.pop(sender, None)

    def is_to_blame(self, letter: int) -> bool:
        """Whether the fault at this letter is its own: it is the second one, and another letter passed in between."""
        before = self._doubted.setdefault(letter, self._accepted)
        return before < self._accepted

    def forget(self, letter: int) -> None:
        """The letter is settled."""
        self._doubted.pop(letter, None)

    def refuses_sender(self, sender: str, words: str, now: datetime) -> datetime:
        """When letters with this envelope sender may be tried again; others are not touched."""
        before = self._senders.get(sender)
        failures = before.failures + 1 if before else 1
        until = now + timedelta(seconds=retry.pause_seconds(failures, mending=True))
        self._senders[sender] = _Pause(until, failures, words)
        return until

    def sender_waits(self, sender: str, now: datetime) -> datetime | None:
        """Until when letters with this envelope sender wait, if they do."""
        pause = self._senders.get(sender)
        return pause.until if pause and now < pause.until else None

    def forget_senders(self, now: datetime) -> None:
        """Drop those that no letter has tried for long: there is none left."""
        past = now - timedelta(seconds=retry.LONGEST_MENDING)
        self._senders = {sender: pause for sender, pause in self._senders.items() if pause.until > past}
