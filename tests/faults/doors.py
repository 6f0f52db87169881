"""What `tests.launcher` does in a forked daemon: wrap its doors, give it a clock, and kill it at the chosen step."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiosmtplib.protocol import SMTPProtocol
from alembic import command as _alembic  # noqa: F401 - imported once, here, not by each daemon

from helpdesk import console, intake
from helpdesk.app import App, opened, utc_now
from helpdesk.daemon import Daemon
from helpdesk.inbox import fetcher, filer
from helpdesk.inbox.imap import Door
from helpdesk.outbox import shift
from helpdesk.outbox.ledger import Ledger
from helpdesk.outbox.outcomes import Accepted
from helpdesk.outbox.smtp import Connection
from helpdesk.parse_worker import ParseWorkers, process
from helpdesk.store import queues
from helpdesk.store.session import Session, Store
from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState
from helpdesk.store.tables.base import table
from tests.faults.forked import ForkedParser
from tests.launcher import Run

LOOK_SECONDS = 0.05  # between two looks whether everything is done
QUIET_SECONDS = 30  # without anything to do; a mail that has not come by then never comes
FIRST_COMMIT_SECONDS = 0.002  # what a COMMIT is taken to last before one has been measured

# The numbers that say how much is done at once.
PORTIONS = ((fetcher, "BATCH_MAILS"), (filer, "AT_ONCE"), (intake, "BATCH"), (shift, "BATCH"), (shift, "LOW_WATER"))

INCOMING, OUTGOING = table(Incoming), table(Outgoing)
Doing = Callable[..., Any]


def work(run: Run, tells: int, parser: ForkedParser | None) -> None:
    """The whole life of a daemon, as ``helpdesk run`` lives it. Does not return when it is killed."""
    for module, name in PORTIONS if run.portion else ():
        assert isinstance(getattr(module, name), int)
        setattr(module, name, run.portion)
    if run.worker is not None:
        _let_workers_load(run.worker)
    if parser is not None:
        parser.stand_in()
    _Steps(run, tells).wrap()
    console.setup_log()

    def now() -> datetime:
        return utc_now() + timedelta(minutes=run.minutes)

    with opened(Path(run.site), os.environ, daemon=True, now=now) as app:
        asyncio.run(_until_done(Daemon(app), run.mails))


async def _until_done(daemon: Daemon, mails: int) -> None:
    """Also when nothing has happened for long although mails are missing: the invariants then say which."""
    stop = asyncio.Event()
    running = asyncio.create_task(daemon.run(stop))
    busy = time.monotonic()
    while not running.done():
        kept, still = await asyncio.to_thread(_progress, daemon.app)
        if still:
            busy = time.monotonic()
        if not still and (kept == mails or time.monotonic() - busy > QUIET_SECONDS):
            break
        await asyncio.sleep(LOOK_SECONDS)
    stop.set()
    await running


def _progress(app: App) -> tuple[int, int]:
    """How many mails are kept, and how many mails and letters are still to be handled, filed away or sent."""
    c, o = INCOMING.c, OUTGOING.c
    mails = c.state.in_((IncomingState.WAITING, IncomingState.WORKING)) | c.filed.is_(False)
    again = (o.state == OutgoingState.UNKNOWN) & (o.next_try <= app.now())
    letters = o.state.in_((OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.RETRY)) | again
    some = sa.select(sa.func.count())
    with app.store.reading() as session:
        count = session.connection().scalar
        still = (count(some.select_from(rows).where(which)) for rows, which in ((INCOMING, mails), (OUTGOING, letters)))
        return count(some.select_from(INCOMING)) or 0, sum(number or 0 for number in still)


def _let_workers_load(folder: str) -> None:
    """The environment of a process that parses names this folder first."""
    usual = process._environment

    def environment() -> dict[str, str]:
        found = usual()
        return found | {"PYTHONPATH": f"{folder}{os.pathsep}{found['PYTHONPATH']}"}

    _replace(process, "_environment", environment)


def _replace(owner: Any, name: str, new: Doing) -> None:
    assert callable(getattr(owner, name))
    setattr(owner, name, new)


def _after(owner: Any, name: str, act: Doing) -> None:
    """``act`` is called with the result and the arguments, when it has returned."""
    usual = getattr(owner, name)

    def wrapped(*arguments: Any, **named: Any) -> Any:
        result = usual(*arguments, **named)
        act(result, *arguments, **named)
        return result

    _replace(owner, name, wrapped)


class _Steps:
    """Counts how often the chosen step was passed, and dies there."""

    def __init__(self, run: Run, tells: int) -> None:
        self._step = run.step
        self._left = run.passing
        self._fraction = run.fraction
        self._tells = tells
        self._lock = threading.Lock()
        self._commit_seconds = FIRST_COMMIT_SECONDS
        self._here = threading.local()
        """What the transaction of this thread has done so far."""

    def wrap(self) -> None:
        """Put all doors of the daemon under watch; a door that is not there any more is an error."""
        usual_writing = Store.writing

        @contextmanager
        def writing(store: Store) -> Iterator[Session]:
            did = self._here.did = Counter[str]()
            with usual_writing(store) as session:
                yield session
                self._commits(did)
                began = time.perf_counter()
            self._commit_seconds = time.perf_counter() - began
            self._committed(did)

        _replace(Store, "writing", writing)
        _after(Door, "bodies", lambda found, *_: self.passed("S1") if found else None)
        _after(queues, "keep", lambda _, session, mails, now: self._did("S2", len(mails)))
        _after(ParseWorkers, "_parse", lambda *_: self.passed("S5"))
        _after(intake, "handle", lambda *_: self._did("S6"))
        _after(queues, "forget_claims", lambda *_: self._did("R1"))
        _after(queues, "recover_letters", lambda *_: self._did("R3"))
        self._wrap_move()
        self._wrap_sending()

    def passed(self, step: str, times: int = 1) -> None:
        """A step was passed so often."""
        if self._is_due(step, times):
            self._die()

    def _wrap_move(self) -> None:
        usual = Door.move

        def move(door: Door, uids: Any, folder: str) -> None:
            self.passed("S8")
            usual(door, uids, folder)
            self.passed("S9")

        _replace(Door, "move", move)

    def _wrap_sending(self) -> None:
        _after(Ledger, "claim", lambda claimed, *_, **__: self.passed("S10") if claimed else None)
        _after(Ledger, "write", self._wrote)
        _after(SMTPProtocol, "write", lambda _, protocol, data: self._wrote_to_server(data))
        usual = Connection.deliver

        async def deliver(*arguments: Any, **named: Any) -> Any:
            outcome = await usual(*arguments, **named)
            if isinstance(outcome, Accepted):
                self.passed("S13")
            return outcome

        _replace(Connection, "deliver", deliver)

    def _wrote(self, begun: Any, ledger: Ledger, asked: Any, endings: Any) -> None:
        if any(end.state is OutgoingState.SENT for end in endings):
            self.passed("S14")
        if begun:
            self.passed("S11")

    def _wrote_to_server(self, data: bytes) -> None:
        if data.endswith(b"\r\n.\r\n"):
            self.passed("S12")

    def _did(self, step: str, times: int = 1) -> None:
        """Something in a transaction that is still open."""
        if times:
            self._here.did[step] += times
            self.passed(step)

    def _commits(self, did: Counter[str]) -> None:
        """The statements of a transaction are through; now it is committed."""
        if did["S2"] and self._is_due("S3"):
            threading.Thread(target=self._die_within_commit, daemon=True).start()

    def _committed(self, did: Counter[str]) -> None:
        for inside, then in (("S2", "S4"), ("S6", "S7"), ("R1", "R2"), ("R3", "R4")):
            if did[inside]:
                self.passed(then, did[inside] if inside == "S6" else 1)

    def _is_due(self, step: str, times: int = 1) -> bool:
        if step != self._step:
            return False
        with self._lock:
            before = self._left
            self._left -= times
            return before > 0 >= self._left

    def _die_within_commit(self) -> None:
        """The bytes are on their way to the disk: before, within or just after the fsync, as chance has it.

        SQLite and the driver of PostgreSQL let other threads run meanwhile.
        """
        time.sleep(self._fraction * self._commit_seconds)
        self._die()

    def _die(self) -> None:
        os.write(self._tells, b"!")
        os.kill(os.getpid(), signal.SIGKILL)
