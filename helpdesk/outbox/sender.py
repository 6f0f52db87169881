"""Sends what is queued, in runs, and can be stopped and woken from any thread."""

from __future__ import annotations

import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from helpdesk.config import Config
from helpdesk.errors import ChannelError
from helpdesk.outbox.channel import Channel
from helpdesk.outbox.failures import Failures
from helpdesk.outbox.ledger import Ledger
from helpdesk.outbox.means import Means
from helpdesk.outbox.shift import Shift
from helpdesk.outbox.status import Status
from helpdesk.store.session import Store


class Sender:
    """The way out of a site. `stop` and `wake` may be called from any thread."""

    def __init__(
        self,
        *,
        config: Config,
        store: Store,
        now: Callable[[], datetime],
        process: str,
        on_failed: Callable[[int], None],
        alone: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``alone``: letters are queued by another process, which cannot `wake` us.

        ``on_failed`` is called in a thread with the number of a letter that failed for good, after the commit.
        ``now`` tells when a letter is tried again; ``clock`` counts the seconds for which the whole way out rests.
        """
        # Process numbers come again after a restart, claims must not.
        owner = f"{process}/{secrets.token_hex(4)}"
        ledger, channel = Ledger(store, owner=owner, process=process, now=now), Channel(clock)
        self.means = Means(
            config=config,
            now=now,
            ledger=ledger,
            channel=channel,
            status=Status(ledger, channel),
            failures=Failures(ledger, on_failed),
            alone=alone,
        )
        self._shift: Shift | None = None

    async def run(self) -> None:
        """Send until `stop`. Faults of mail server, store and configuration are told and outlived."""
        async with self._working() as shift:
            await shift.work()

    async def once(self) -> int:
        """Send what is due now; the number of letters settled. Raises ChannelError when the server takes none."""
        async with self._working() as shift:
            await shift.work_once()
        if trouble := self.means.channel.trouble:
            raise ChannelError(trouble)
        if self.means.status.store_trouble:
            raise self.means.status.store_trouble
        return shift.settled

    def stop(self) -> None:
        """End soon: the letters in hand are finished, the others handed back."""
        self.means.stopping = True
        self.wake()

    def wake(self) -> None:
        """There is a letter: look now."""
        if (shift := self._shift) is not None:
            shift.call(shift.news.set)

    @asynccontextmanager
    async def _working(self) -> AsyncIterator[Shift]:
        shift = self._shift = Shift(self.means)
        try:
            yield shift
        finally:
            self._shift = None
            await shift.end()
