"""A site whose limits on automatic mail are lifted, and its daemon in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.servers import USER, Servers
from helpdesk.app import App, opened
from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState
from helpdesk.store.tables.base import table
from tests.servers import sites
from tests.servers.mailstack import PASSWORD

STARTED_SECONDS = 60  # for a daemon to watch its mailbox
ENDED_SECONDS = 60
LOOK_SECONDS = 0.02  # between two looks into the log; into the database ten times as long
STUCK_SECONDS = 120  # without any progress at all: something is broken

NO_LIMIT = 1_000_000
LIMITS = ("per_address_hour", "per_address_day", "per_subject_day", "per_domain_hour", "breaker_hour")

INCOMING, OUTGOING = table(Incoming), table(Outgoing)
BUSY = (IncomingState.WAITING, IncomingState.WORKING)
UNSENT = (OutgoingState.QUEUED, OutgoingState.SENDING, OutgoingState.RETRY)


@dataclass
class Site:
    """One site in a folder, on the servers of the bench."""

    folder: Path
    servers: Servers
    agents: int = 1
    """How many staff members are told of each ticket and reply; without any no letter but acknowledgements."""
    url: str = ""
    relay: int | None = None
    """Port of the server that takes our letters; None: the sink."""
    command: Sequence[str] = (sys.executable, "-m", "helpdesk")
    _daemon: subprocess.Popen[bytes] | None = None
    _read: int = 0
    _lines: list[dict[str, Any]] = field(default_factory=list)

    def write(self) -> None:
        """The files of the site, and a fresh database."""
        self.url = self.servers.url(self.folder)
        stack, sink = self.servers.stack, self.servers.sink
        main: dict[str, sites.Table] = {
            "company": {"name": "Bench Ltd."},
            "store": {"url": self.url},
            "smtp": {"port": self.relay or sink.port, "connections": 10},
            "mailboxes.support": {"address": USER},
            "mailboxes.support.imap": {"host": "127.0.0.1", "port": stack.imap, **sites.PLAIN, "user": USER},
            "limits": dict.fromkeys(LIMITS, NO_LIMIT),
        }
        agents = range(1, self.agents + 1)
        people = {f"agent{n}": {"name": f"Agent {n}", "addresses": [f"agent{n}@helpdesk.test"]} for n in agents}
        sites.write(self.folder, main, people)

    @property
    def environ(self) -> dict[str, str]:
        """With the one password, and this program's code first."""
        return {**os.environ, "PASSWORD": PASSWORD, "PYTHONPATH": str(Path(__file__).resolve().parent.parent)}

    @property
    def pid(self) -> int:
        """The daemon's process."""
        assert self._daemon is not None
        return self._daemon.pid

    def start(self) -> None:
        """Run the daemon as a user does; returns when it waits for mail."""
        with self._log.open("ab") as log:
            command = [*self.command, "--site", str(self.folder), "run"]
            self._daemon = subprocess.Popen(command, env=self.environ, stdout=log, stderr=log)
        self.said("mailbox connected", STARTED_SECONDS)

    def stop(self) -> None:
        """End it as a service manager does."""
        if self._daemon is None or self._daemon.poll() is not None:
            return
        self._daemon.send_signal(signal.SIGTERM)
        try:
            self._daemon.wait(ENDED_SECONDS)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            self._daemon.wait()

    @contextmanager
    def opened(self) -> Iterator[App]:
        """The site as a shell command sees it."""
        with opened(self.folder, self.environ) as app:
            yield app

    def said(self, word: str, seconds: float) -> datetime:
        """Wait for an event in the log that was not asked for before; when it was."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._alive()
            for line in self._new_lines():
                self._lines.append(line)
            while self._lines:
                line = self._lines.pop(0)
                if line["event"] == word:
                    return datetime.fromisoformat(line["time"])
            time.sleep(LOOK_SECONDS)
        raise TimeoutError(f"no {word!r} within {seconds} s; the daemon said:\n{self.tail()}")

    def forget(self) -> None:
        """Do not look at what was logged until now."""
        self._new_lines()
        self._lines.clear()

    def settled(self, app: App, mails: int) -> None:
        """Wait until so many mails are in the ledger, all are handled, and every letter is sent."""
        last, moved = (-1, -1, -1), time.monotonic()
        while True:
            self._alive()
            now = _progress(app)
            kept, busy, unsent = now
            if kept >= mails and busy == unsent == 0:
                return
            if now != last:
                last, moved = now, time.monotonic()
            elif time.monotonic() - moved > STUCK_SECONDS:
                raise TimeoutError(f"{kept} kept, {busy} not handled, {unsent} not sent; it said:\n{self.tail()}")
            time.sleep(LOOK_SECONDS * 10)

    def tail(self) -> str:
        """The last lines of the log."""
        return "\n".join(self._log.read_text(encoding="utf-8").splitlines()[-20:])

    def _alive(self) -> None:
        if self._daemon is None or self._daemon.poll() is not None:
            raise ChildProcessError(f"the daemon has ended; it said:\n{self.tail()}")

    def _new_lines(self) -> list[dict[str, Any]]:
        with self._log.open("rb") as log:
            log.seek(self._read)
            whole = log.read().rpartition(b"\n")[0]
        self._read += len(whole) + bool(whole)
        return [json.loads(line) for line in whole.splitlines() if line.startswith(b"{")]

    @property
    def _log(self) -> Path:
        return self.folder / "log"


def _progress(app: App) -> tuple[int, int, int]:
    """Mails kept, mails not handled yet, letters not sent yet; cheap beside the work that is measured."""
    busy = sa.select(sa.func.count()).where(INCOMING.c.state.in_(BUSY))
    unsent = sa.select(sa.func.count()).where(OUTGOING.c.state.in_(UNSENT))
    with app.store.reading() as session:
        connection = session.connection()
        newest = connection.scalar(sa.select(sa.func.count()).select_from(INCOMING)) or 0
        return newest, connection.scalar(busy) or 0, connection.scalar(unsent) or 0
