"""How long we wait for an answer: a time limit for every step of every letter that costs next to nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

NEVER = float("inf")


class Patience:
    """A limit that is set for each step anew, watched by one timer; `loses` is called once when a step takes longer.

    Nearly every answer comes at once: to begin and cancel a timer for each costs more than all else at a step. This
    one is left running. When it rings it looks whether the step of the moment has had its time, or sleeps on.
    """

    def __init__(self, loses: Callable[[], None]) -> None:
        self._loop = asyncio.get_running_loop()
        self._loses = loses
        self._until = NEVER
        self._timer: asyncio.TimerHandle | None = None
        self.is_over = False
        """Whether a step has taken too long."""

    def lasts(self, seconds: float) -> None:
        """A step begins that may take so long."""
        self._until = self._loop.time() + seconds
        if self._timer is None or self._timer.when() > self._until:
            self._watch()

    def rests(self) -> None:
        """The step is done, and nothing is waited for."""
        self._until = NEVER

    def end(self) -> None:
        """Nothing will be waited for any more."""
        self.rests()
        if self._timer is not None:
            self._timer.cancel()

    def _watch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self._loop.call_at(self._until, self._look)

    def _look(self) -> None:
        self._timer = None
        if self._until > self._loop.time():
            if self._until < NEVER:
                self._watch()
        else:
            self.is_over = True
            self._loses()
