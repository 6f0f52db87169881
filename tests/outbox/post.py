"""Letters in a database, a clock that tests set, and a sender."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

from helpdesk.config import Limits, Smtp
from helpdesk.outbox.sender import Sender
from helpdesk.store import parts, queues
from helpdesk.store.letters import Letter
from helpdesk.store.parts import Beat
from helpdesk.store.queues import LetterView
from helpdesk.store.session import Store
from helpdesk.store.tables import OutgoingState
from tests.builders import NOW, config

ALL = frozenset(OutgoingState)


@dataclass
class Post:
    """What the tests of the way out work on."""

    site: Path
    store: Store
    port: int
    smtp: dict[str, Any] = field(default_factory=dict)
    time: dt.datetime = NOW
    failed: list[int] = field(default_factory=list)
    ticking: bool = False
    """Whether the clock goes on by itself."""
    began: float = field(default_factory=monotonic)
    skipped: float = 0.0
    """Seconds that tests have set the clock forward."""

    def now(self) -> dt.datetime:
        return self.time + dt.timedelta(seconds=monotonic() - self.began if self.ticking else 0)

    def sender(
        self, *, process: str = "test", on_failed: Callable[[int], None] | None = None, **changes: Any
    ) -> Sender:
        """A sender that is not started."""
        values: dict[str, Any] = {"host": "localhost", "port": self.port, "security": "none", "insecure": True}
        values |= {"user": "support@helpdesk.test", "password_env": "PW", "timeout_seconds": 1, "connections": 1}
        smtp = Smtp(**(values | self.smtp | changes))
        return Sender(
            config=config(site=self.site, smtp=smtp),
            store=self.store,
            now=self.now,
            process=process,
            on_failed=on_failed or self.failed.append,
            clock=lambda: monotonic() + self.skipped,
        )

    def put(self, number: int = 1, **changes: Any) -> int:
        """Queue a letter; an answer of a person to a customer unless something else is said."""
        values: dict[str, Any] = {
            "key": f"letter:{number}",
            "kind": "answer",
            "automatic": False,
            "outside": True,
            "recipient": f"customer{number}@customer.test",
            "envelope_from": "support@helpdesk.test",
            "message_id": f"<{number}@helpdesk.test>",
            "subject": "Answer",
            "raw": b"Subject: Answer\r\nMessage-ID: <%d@helpdesk.test>\r\n\r\nWords.\r\n.\r\n..dots\r\n" % number,
            "expires": self.time + dt.timedelta(days=5),
        }
        with self.store.writing() as session:
            limits = Limits(per_address_hour=1000, per_address_day=1000, per_domain_hour=1000, breaker_hour=10000)
            put = queues.put(session, Letter(**(values | changes)), limits=limits, now=self.time)
        assert put.id is not None
        return put.id

    def letter(self, number: int) -> LetterView:
        with self.store.reading() as session:
            return queues.letter(session, number)

    def states(self) -> list[str]:
        """Of all letters, the first one first."""
        with self.store.reading() as session:
            return [each.state.value for each in reversed(queues.letters(session, states=ALL, limit=10_000))]

    def beat(self) -> Beat | None:
        """What the status says of the way out."""
        with self.store.reading() as session:
            return next((beat for beat in parts.beats(session) if beat.name == "outbox"), None)

    def pass_time(self, **delta: float) -> None:
        """Set both clocks forward: the one for letters, and the one by which the way out rests."""
        self.time += dt.timedelta(**delta)
        self.skipped += dt.timedelta(**delta).total_seconds()


@asynccontextmanager
async def running(sender: Sender) -> AsyncIterator[Sender]:
    """A sender at work, stopped afterwards."""
    task = asyncio.create_task(sender.run())
    try:
        yield sender
    finally:
        sender.stop()
        await asyncio.wait_for(task, 30)


async def until(fits: Callable[[], object], *, seconds: float = 15) -> None:
    """Wait until something is so. Raises TimeoutError."""
    async with asyncio.timeout(seconds):
        while not fits():
            await asyncio.sleep(0.02)
