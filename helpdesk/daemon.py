"""Starts and stops the parts: a thread a mailbox, one for the intake, the sending loop, the timetable."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator, Set
from dataclasses import replace
from datetime import UTC
from functools import partial

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from helpdesk import console, jobs, letters, plugins
from helpdesk.app import App
from helpdesk.errors import ChannelError, HelpdeskError, LeaseLost
from helpdesk.health import Health, pause_seconds
from helpdesk.inbox.waits import WAITS, Waits
from helpdesk.inbox.watcher import Watcher
from helpdesk.intake import Intake
from helpdesk.jobs import recover
from helpdesk.outbox.sender import Sender
from helpdesk.store import parts, queues
from helpdesk.store.parts import INBOX, INTAKE, JOBS, JOBS_LEASE, OUTBOX
from helpdesk.store.session import Store
from helpdesk.tenure import Tenures

STEADY_SECONDS = 600  # a part that lived so long was well: when it dies again, it is soon started again
ROUNDS = 100  # passes of `run --once`: our own letters may arrive in our own mailboxes again, but not for ever
LOOK_SECONDS = 15  # between two looks whether a watcher hangs
GRACE_SECONDS = 10  # for a watcher to finish the batch at hand before its connection is cut
CLOCK_SECONDS = 10  # between our clock and the database's; leases then change hands so much too early or too late
END_SECONDS = 120  # for everything else to end by itself; the slowest batch of mails takes about so long


def _nothing() -> None:
    """Nobody here waits for it: it is found by looking; or nothing is to be done."""


class Daemon:
    """The parts of a site that this process does; `run` returns when they have ended. The caller holds the lock."""

    def __init__(
        self, app: App, *, read_only: bool = False, does: Set[str] = frozenset(parts.ALL), waits: Waits = WAITS
    ) -> None:
        """``does`` are words of `parts.ALL`; ``read_only`` leaves the outbox alone; ``waits`` are the mailboxes'."""
        self.app = app
        self._waits = waits
        self.read_only = read_only
        self._does = does
        self._stop = threading.Event()
        self._health = Health(app)
        self._watchers: dict[str, Watcher] = {}
        self._slow_jobs: dict[str, threading.Thread] = {}
        self._inboxes = {f"{INBOX}:{name}": name for name in app.config.mailboxes if INBOX in does}
        self._tenures = Tenures(app, [*self._inboxes, JOBS_LEASE] if JOBS in does else self._inboxes)
        self._sender = self._new_sender() if OUTBOX in does and not read_only else None
        letters_ready = self._sender.wake if self._sender else _nothing
        self._intake = Intake(app, letters_ready=letters_ready) if INTAKE in does else None

    async def run(self, stop: asyncio.Event | None = None) -> None:
        """Work until ``stop`` is set. Raises StoreError when the database cannot be used at the start."""
        self._begin()
        threads = list(self._threads())
        timetable = self._timetable() if JOBS in self._does else None
        tasks = [asyncio.create_task(self._sending()), asyncio.create_task(self._look_after())]
        for thread in threads:
            thread.start()
        try:
            await (stop or asyncio.Event()).wait()
        finally:
            console.event("daemon stopping")
            if timetable is not None:
                timetable.shutdown(wait=False)
            await self._end(threads, tasks)
            console.event("daemon stopped")

    def _threads(self) -> Iterator[threading.Thread]:
        yield self._thread("leases", lambda: self._tenures.run(self._stop))
        for part, name in self._inboxes.items():
            yield self._thread(part, self._watching(part, name))
        if (intake := self._intake) is not None:
            yield self._thread(INTAKE, lambda: intake.run(self._stop), ended=intake.let_go)

    async def once(self) -> None:
        """One pass: fetch from every mailbox, handle what came, send what is due; again while there is work.

        A mailbox that cannot be read does not keep the others waiting; its error is raised at the end.
        """
        self._begin()
        failures: list[HelpdeskError] = []
        try:
            await asyncio.to_thread(self._tenures.look)
            for part in self._inboxes:
                try:
                    await asyncio.to_thread(self._fetch_once, part)
                except HelpdeskError as error:
                    failures.append(error)
            for _ in range(ROUNDS):
                handled = await asyncio.to_thread(self._intake.once) if self._intake is not None else 0
                sent = await self._send_once(failures)
                if not handled and not sent:
                    break
        finally:
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
        """Take up what a crash left behind: whoever claimed a mail or letter of this file before us is dead.

        On PostgreSQL others may live: there only what has run out is taken up.
        """
        app = self.app
        names = parts.names(self._does, app.config.mailboxes)
        fields = {"mailboxes": len(app.config.mailboxes), "read_only": self.read_only or None}
        some = None if self._does >= set(parts.ALL) else ",".join(names)
        console.event("daemon started", database=app.store.dialect, parts=some, **fields)
        with app.store.writing() as session:
            now = app.now()
            if app.store.path is not None:
                queues.forget_claims(session, now)
                parts.all_ended(session)
            for name in names:
                state = parts.STOPPED if name == OUTBOX and self.read_only else parts.STARTING
                parts.beat(session, name, process=app.process, state=state, now=now)
        recover.run(app, app.now())
        if (late := app.store.clock_late(app.now)) is not None and abs(late) > CLOCK_SECONDS:
            console.problem("clock differs from the database's", seconds_late=round(late))

    def _new_sender(self) -> Sender:
        app = self.app
        return Sender(
            config=app.config,
            store=app.store,
            now=app.now,
            process=app.process,
            on_failed=lambda number: letters.report_failure(app, number),
            alone=INTAKE not in self._does,
        )

    def _new_watcher(self, name: str, store: Store) -> Watcher:
        app = self.app
        return Watcher(
            name=name,
            config=app.config,
            store=store,
            now=app.now,
            process=app.process,
            arrived=self._intake.wake.set if self._intake is not None else _nothing,
            waits=self._waits,
        )

    def _fetch_once(self, part: str) -> None:
        store = self._tenures[part].store
        if store is None:
            console.problem("mailbox watched by another process", part=part)
            return
        watcher = self._new_watcher(self._inboxes[part], store)
        try:
            watcher.once()
        finally:
            watcher.close()

    def _watching(self, part: str, name: str) -> Callable[[], None]:
        """Watch while the lease is ours; who lost it to another process waits for it again."""
        tenure = self._tenures[part]

        def watch() -> None:
            while (store := tenure.wait()) is not None:
                watcher = self._watchers[name] = self._new_watcher(name, store)
                tenure.on_lost = watcher.stop
                if self._stop.is_set() or tenure.store is not store:
                    watcher.stop()
                try:
                    watcher.run()
                except LeaseLost:
                    tenure.lost(store)
                finally:
                    self._watchers.pop(name, None)

        return watch

    def _thread(self, part: str, work: Callable[[], None], ended: Callable[[], None] = _nothing) -> threading.Thread:
        # A thread that cannot be ended must not keep the process alive: everything that matters is in the database.
        return threading.Thread(target=self._supervised, args=(part, work, ended), name=part, daemon=True)

    async def _end(self, threads: list[threading.Thread], tasks: list[asyncio.Task[None]]) -> None:
        self._stop.set()
        self._tenures.close()
        if self._intake is not None:
            self._intake.wake.set()
        for watcher in list(self._watchers.values()):
            watcher.stop()
        if self._sender is not None:
            self._sender.stop()
        await asyncio.gather(*tasks)
        for thread in [*threads, *self._slow_jobs.values()]:
            await asyncio.to_thread(thread.join, GRACE_SECONDS)
        for watcher in list(self._watchers.values()):
            watcher.cut()
        for thread in threads:
            await asyncio.to_thread(thread.join, END_SECONDS)
        self._ended()

    async def _sending(self) -> None:
        """The sending loop, started again when it dies."""
        attempt = 0
        while self._sender is not None and not self._stop.is_set():
            try:
                await self._sender.run()
            except Exception as error:  # noqa: BLE001 - the supervisor: a part that dies is told of and started again
                attempt += 1
                self._health.died("outbox", error)
                await self._sleep(pause_seconds(attempt, error))

    async def _look_after(self) -> None:
        """Cut the line of a watcher that has said nothing for too long; it connects again."""
        while not self._stop.is_set():
            await self._sleep(LOOK_SECONDS)
            for name, watcher in list(self._watchers.items()):
                if watcher.silent_seconds > self._waits.silent:
                    console.problem("watcher silent", mailbox=name, seconds=int(watcher.silent_seconds))
                    watcher.cut()

    async def _sleep(self, seconds: float) -> None:
        """Sleep, but not beyond the end."""
        await asyncio.to_thread(self._stop.wait, seconds)

    def _supervised(self, name: str, work: Callable[[], None], ended: Callable[[], None] = _nothing) -> None:
        """``ended`` is called at the end, also when it comes in the pause after a fault."""
        attempt = 0
        while not self._stop.is_set():
            began = time.monotonic()
            try:
                work()
                break
            except Exception as error:  # noqa: BLE001 - the supervisor: a part that dies is told of and started again
                attempt = 1 if time.monotonic() - began > STEADY_SECONDS else attempt + 1
                self._health.died(name, error)
                self._stop.wait(pause_seconds(attempt, error))
        ended()

    def _ended(self) -> None:
        """Everything of ours has ended: others may follow at once."""
        if self._intake is not None:
            self._intake.close()
        self._tenures.give_back()
        try:
            with self.app.store.writing() as session:
                parts.ended(session, self.app.process, now=self.app.now())
        except HelpdeskError as failure:
            console.problem("end not noted", error=str(failure))

    def _timetable(self) -> AsyncIOScheduler:
        """All jobs in memory: what must survive is in the database. APScheduler's own grace would skip late ones."""
        defaults = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        timetable = AsyncIOScheduler(timezone=UTC, job_defaults=defaults)
        for name, module in plugins.find(jobs.__name__).items():
            seconds = module.EVERY.total_seconds()
            work = partial(self.begin_slow_job, name) if getattr(module, "SLOW", False) else self._job
            timetable.add_job(work, "interval", args=(module.run,), seconds=seconds, id=name)
        timetable.start()
        return timetable

    def begin_slow_job(self, name: str, run: Callable[..., None]) -> None:
        """A job that waits for servers, in a thread of its own: asyncio waits for all of its pool at the end."""
        running = self._slow_jobs.get(name)
        if self._stop.is_set() or (running is not None and running.is_alive()):
            return
        thread = self._slow_jobs[name] = threading.Thread(target=self._job, args=(run,), name=name, daemon=True)
        thread.start()

    def _job(self, run: Callable[..., None]) -> None:
        """Run a job, if this process is the one that does so; what it writes is refused when it is so no more."""
        store = self._tenures[JOBS_LEASE].store
        if store is None:
            return
        try:
            run(replace(self.app, store=store), self.app.now())
        except LeaseLost:
            self._tenures[JOBS_LEASE].lost(store)
        except Exception as error:  # noqa: BLE001 - the supervisor: a job that fails is told of and runs again
            self._health.died(JOBS, error)
        else:
            self._health.tell(JOBS, "running")
