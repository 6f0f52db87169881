"""Starts and stops the parts: a thread a mailbox, one for the intake, the sending loop, the timetable."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from helpdesk import console, jobs, letters, plugins
from helpdesk.app import App
from helpdesk.errors import ChannelError, HelpdeskError, StoreError
from helpdesk.inbox.watcher import Watcher
from helpdesk.intake import Intake
from helpdesk.jobs import recover
from helpdesk.outbox.sender import Sender
from helpdesk.store import parts, queues

RESTART_SECONDS = (1, 5, 30, 120)  # a part that died is started again after this long; the last one for ever
STORE_SECONDS = 15  # the longest pause after a fault of the database: it is back before anybody has looked
STEADY_SECONDS = 600  # a part that lived so long was well: when it dies again, it is soon started again
ROUNDS = 100  # passes of `run --once`: our own letters may arrive in our own mailboxes again, but not for ever
LOOK_SECONDS = 15  # between two looks whether a watcher hangs
SILENT_SECONDS = 420  # the longest silence of a healthy watcher is one IDLE of four minutes and one answer of one
GRACE_SECONDS = 10  # for a watcher to finish the batch at hand before its connection is cut
END_SECONDS = 120  # for everything else to end by itself; the slowest batch of mails takes about so long


class Daemon:
    """All parts of a running site; `run` returns when everything has ended. The caller holds the daemon's lock."""

    def __init__(self, app: App, *, read_only: bool = False) -> None:
        self.app = app
        self.read_only = read_only
        self._stop = threading.Event()
        self._watchers: dict[str, Watcher] = {}
        self._sender = None if read_only else self._new_sender()
        self._intake = Intake(app, letters_ready=self._sender.wake if self._sender else lambda: None)

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Work until ``stop`` is set. Raises StoreError when the database cannot be used at the start."""
        self._begin()
        threads = [self._thread(f"inbox:{name}", self._watching(name)) for name in self.app.config.mailboxes]
        threads.append(self._thread("intake", lambda: self._intake.run(self._stop)))
        timetable = self._timetable()
        tasks = [asyncio.create_task(self._sending()), asyncio.create_task(self._look_after())]
        for thread in threads:
            thread.start()
        try:
            await (stop or asyncio.Event()).wait()
        finally:
            console.event("daemon stopping")
            timetable.shutdown(wait=False)
            await self._end(threads, tasks)
            console.event("daemon stopped")

    async def once(self) -> None:
        """One pass: fetch from every mailbox, handle what came, send what is due; again while there is work.

        A mailbox that cannot be read does not keep the others waiting; its error is raised at the end.
        """
        self._begin()
        failures: list[HelpdeskError] = []
        try:
            for name in self.app.config.mailboxes:
                try:
                    await asyncio.to_thread(self._fetch_once, name)
                except HelpdeskError as error:
                    failures.append(error)
            for _ in range(ROUNDS):
                handled = await asyncio.to_thread(self._intake.once)
                sent = await self._send_once(failures)
                if not handled and not sent:
                    break
        finally:
            self._intake.close()
            self._ended()
        if failures:
            raise failures[0]

    async def _send_once(self, failures: list[HelpdeskError]) -> int:
        """Send what is due; when nothing can be sent the mails that came are handled all the same."""
        if self._sender is None or any(isinstance(failure, ChannelError) for failure in failures):
            return 0
        try:
            return await self._sender.once()
        except ChannelError as error:
            failures.append(error)
            return 0

    def _begin(self) -> None:
        """Take up what a crash left behind: whoever claimed a mail or letter of this file before us is dead."""
        app = self.app
        fields = {"mailboxes": len(app.config.mailboxes), "read_only": self.read_only or None}
        console.event("daemon started", database=app.store.dialect, **fields)
        if app.store.path is not None:
            with app.store.writing() as session:
                queues.forget_claims(session, app.now())
        recover.run(app, app.now())
        if self.read_only:
            self._tell("outbox", "stopped")

    def _new_sender(self) -> Sender:
        app = self.app
        return Sender(
            config=app.config,
            store=app.store,
            now=app.now,
            process=app.process,
            on_failed=lambda number: letters.report_failure(app, number),
        )

    def _new_watcher(self, name: str) -> Watcher:
        app = self.app
        return Watcher(
            name=name,
            config=app.config,
            store=app.store,
            now=app.now,
            process=app.process,
            arrived=self._intake.wake.set,
        )

    def _fetch_once(self, name: str) -> None:
        watcher = self._new_watcher(name)
        try:
            watcher.once()
        finally:
            watcher.close()

    def _watching(self, name: str) -> Callable[[], None]:
        def watch() -> None:
            watcher = self._watchers[name] = self._new_watcher(name)
            if self._stop.is_set():
                watcher.stop()
            watcher.run()

        return watch

    def _thread(self, part: str, work: Callable[[], None]) -> threading.Thread:
        # A thread that cannot be ended must not keep the process alive: everything that matters is in the database.
        return threading.Thread(target=self._supervised, args=(part, work), name=part, daemon=True)

    async def _end(self, threads: list[threading.Thread], tasks: list[asyncio.Task[None]]) -> None:
        self._stop.set()
        self._intake.wake.set()
        for watcher in self._watchers.values():
            watcher.stop()
        if self._sender is not None:
            self._sender.stop()
        await asyncio.gather(*tasks)
        for thread in threads:
            await asyncio.to_thread(thread.join, GRACE_SECONDS)
        for watcher in self._watchers.values():
            watcher.cut()
        for thread in threads:
            await asyncio.to_thread(thread.join, END_SECONDS)
        self._intake.close()
        self._ended()

    async def _sending(self) -> None:
        """The sending loop, started again when it dies."""
        attempt = 0
        while self._sender is not None and not self._stop.is_set():
            try:
                await self._sender.run()
            except Exception as error:  # noqa: BLE001 - the supervisor: a part that dies is told of and started again
                attempt += 1
                self._died("outbox", error)
                await self._sleep(_pause(attempt, error))

    async def _look_after(self) -> None:
        """Cut the line of a watcher that has said nothing for too long; it connects again."""
        while not self._stop.is_set():
            await self._sleep(LOOK_SECONDS)
            for name, watcher in list(self._watchers.items()):
                if watcher.silent_seconds > SILENT_SECONDS:
                    console.problem("watcher silent", mailbox=name, seconds=int(watcher.silent_seconds))
                    watcher.cut()

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not beyond the end."""
        await asyncio.to_thread(self._stop.wait, seconds)

    def _supervised(self, name: str, work: Callable[[], None]) -> None:
        attempt = 0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                work()
                return
            except Exception as error:  # noqa: BLE001 - the supervisor: a part that dies is told of and started again
                attempt = 1 if time.monotonic() - began > STEADY_SECONDS else attempt + 1
                self._died(name, error)
                self._stop.wait(_pause(attempt, error))

    def _died(self, name: str, error: Exception) -> None:
        known = isinstance(error, HelpdeskError)
        console.LOG.error(
            "part failed",
            extra={"fields": {"part": name, "error": str(error)[:300]}},
            exc_info=None if known else error,
        )
        if isinstance(error, StoreError):
            self._tell(name, "waiting", str(error)[:300])
        else:
            self._tell(name, "failed", f"{type(error).__name__}: {error}"[:300])

    def _tell(self, name: str, state: str, error: str | None = None) -> None:
        """Note how a part is; while the database itself is the trouble, the log has to do."""
        try:
            with self.app.store.writing() as session:
                parts.beat(session, name, process=self.app.process, state=state, now=self.app.now(), error=error)
        except HelpdeskError as failure:
            console.problem("state not noted", part=name, state=state, error=str(failure))

    def _ended(self) -> None:
        for name in ("intake", "timetable"):
            self._tell(name, "stopped")

    def _timetable(self) -> AsyncIOScheduler:
        """All jobs in memory: what must survive is in the database. APScheduler's own grace would skip late ones."""
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        timetable = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        for name, module in plugins.find(jobs.__name__).items():
            seconds = module.EVERY.total_seconds()
            timetable.add_job(self._job, "interval", args=(module.run,), seconds=seconds, id=name)
        timetable.start()
        return timetable

    def _job(self, run: Callable[..., None]) -> None:
        try:
            run(self.app, self.app.now())
        except Exception as error:  # noqa: BLE001 - the supervisor: a job that fails is told of and runs again
            self._died("timetable", error)
        else:
            self._tell("timetable", "running")


def _pause(attempt: int, error: Exception) -> int:
    longest = STORE_SECONDS if isinstance(error, StoreError) else RESTART_SECONDS[-1]
    return min(RESTART_SECONDS[min(attempt, len(RESTART_SECONDS)) - 1], longest)
