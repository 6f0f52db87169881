"""Starts and stops the parts: a thread a mailbox, one for the intake, the sending loop, the timetable."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from helpdesk import console, jobs, plugins
from helpdesk.app import App
from helpdesk.errors import HelpdeskError
from helpdesk.inbox.watcher import Watcher
from helpdesk.intake import Intake, report_failure
from helpdesk.outbox.sender import Sender
from helpdesk.store import parts

RESTART_SECONDS = (1, 5, 30, 120)  # a part that died is started again after this long; the last one for ever
ROUNDS = 100  # passes of `run --once`: our own letters may arrive in our own mailboxes again, but not for ever


class Daemon:
    """All parts of a running site; `run` returns when everything has ended."""

    def __init__(self, app: App, *, read_only: bool = False) -> None:
        self.app = app
        self.read_only = read_only
        self._stop = threading.Event()
        self._letters = threading.Event()
        self._intake = Intake(app, letters_ready=self._letters)
        self._sender = None if read_only else Sender(app, on_failed=lambda number: report_failure(app, number))

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Work until ``stop`` is set."""
        console.event("daemon started", mailboxes=len(self.app.config.mailboxes), read_only=self.read_only or None)
        watchers = [self._watcher(name) for name in self.app.config.mailboxes]
        intake = threading.Thread(
            target=self._supervised, args=("intake", lambda: self._intake.run(self._stop)), name="intake"
        )
        timetable = self._timetable()
        sending = asyncio.create_task(self._sending())
        ringing = asyncio.create_task(self._ring())
        for thread in (*watchers, intake):
            thread.start()
        try:
            await (stop or asyncio.Event()).wait()
        finally:
            console.event("daemon stopping")
            timetable.shutdown(wait=False)
            self._end(watchers)
            await asyncio.gather(sending, ringing)
            for thread in (*watchers, intake):
                await asyncio.to_thread(thread.join)
            self._intake.close()
            self._ended()
            console.event("daemon stopped")

    async def once(self) -> None:
        """One pass: fetch from every mailbox, handle what came, send what is due; again while there is work."""
        try:
            for name in self.app.config.mailboxes:
                await asyncio.to_thread(self._watcher(name).once)
            for _ in range(ROUNDS):
                handled = await asyncio.to_thread(self._intake.once)
                sent = await self._sender.once() if self._sender is not None else 0
                if not handled and not sent:
                    break
        finally:
            self._intake.close()
            self._ended()

    def _watcher(self, name: str) -> Watcher:
        app = self.app
        return Watcher(app.config, name, app.store, now=app.now, arrived=self._intake.wake.set, process=app.process)

    def _end(self, watchers: list[Watcher]) -> None:
        self._stop.set()
        self._intake.wake.set()
        self._letters.set()
        for watcher in watchers:
            watcher.stop()
        if self._sender is not None:
            self._sender.stop()

    async def _sending(self) -> None:
        """The sending loop, started again when it dies."""
        attempt = 0
        while self._sender is not None and not self._stop.is_set():
            try:
                await self._sender.run()
            except Exception as error:  # noqa: BLE001 - the supervisor: a part that dies is told of and started again
                attempt = self._died("outbox", error, attempt)
                await asyncio.sleep(_pause(attempt))

    async def _ring(self) -> None:
        """Carries the intake's ring over to the sending loop."""
        while not self._stop.is_set():
            await asyncio.to_thread(self._letters.wait, 1.0)
            if self._letters.is_set():
                self._letters.clear()
                if self._sender is not None:
                    self._sender.wake()

    def _supervised(self, name: str, work: Callable[[], None]) -> None:
        attempt = 0
        while not self._stop.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001 - the supervisor: a part that dies is told of and started again
                attempt = self._died(name, error, attempt)
                self._stop.wait(_pause(attempt))

    def _died(self, name: str, error: Exception, attempt: int) -> int:
        known = isinstance(error, HelpdeskError)
        console.LOG.error(
            "part failed",
            extra={"fields": {"part": name, "error": str(error)[:300]}},
            exc_info=None if known else error,
        )
        self._tell(name, "failed", f"{type(error).__name__}: {error}"[:300])
        return attempt + 1

    def _tell(self, name: str, state: str, error: str | None = None) -> None:
        """Note how a part is; while the database itself is the trouble, the log has to do."""
        try:
            with self.app.store.writing() as session:
                parts.beat(session, name, process=self.app.process, state=state, now=self.app.now(), error=error)
        except HelpdeskError as failure:
            console.problem("state not noted", part=name, state=state, error=str(failure))

    def _ended(self) -> None:
        for name in ("intake", "outbox", "timetable"):
            self._tell(name, "stopped")

    def _timetable(self) -> AsyncIOScheduler:
        """All jobs in memory; what must survive is in the database. The default grace of a second would skip late ones."""
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        timetable = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        for name, module in plugins.find(jobs.__name__).items():
            work = (lambda job: lambda: self._job(job, plugins.find(jobs.__name__)[job].run))(name)
            timetable.add_job(work, "interval", seconds=module.EVERY.total_seconds(), id=name)
        timetable.start()
        return timetable

    def _job(self, name: str, run: Callable[..., None]) -> None:
        try:
            run(self.app, self.app.now())
            self._tell("timetable", "running")
        except HelpdeskError as error:
            self._died("timetable", error, 0)


def _pause(attempt: int) -> int:
    return RESTART_SECONDS[min(attempt, len(RESTART_SECONDS)) - 1]
