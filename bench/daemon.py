"""One measured run: a backlog in Dovecot, the real daemon, and everything that came of it."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bench import processes
from bench.check import INCOMING, OUTGOING, Came, check
from bench.earlier import fill
from bench.generate import SEED, mails
from bench.manifest import Expected
from bench.servers import USER, Inbox, Servers
from bench.site import STARTED_SECONDS, Site
from helpdesk.app import App
from helpdesk.store.tables import OutgoingState

ANSWERED = 1_000  # earlier tickets, at most, that replies are written to


Parts = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What is to be measured."""

    mails: int
    store: str
    tickets: int = 1_000
    """That are there before."""
    agents: int = 1
    seed: int = SEED
    warm: int = 50
    """Mails before the measured ones: processes are started and caches filled, as in a daemon that runs for days."""
    profile: bool = False
    """Look where the time goes; that costs time of its own, so the other figures are worse."""


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a run took and what came of it."""

    seconds: float
    """From the moment when the daemon connects to the full mailbox to its last letter, or mail, whichever is later."""
    mails_per_second: float
    cpu_ms_per_mail: float
    """Of all our own processes."""
    servers_cpu_ms_per_mail: float
    """Of Dovecot, smtp-sink and PostgreSQL together."""
    peak_mb: tuple[float, ...]
    """Of each of our own processes, the daemon first."""
    mean_bytes: int
    letters: int
    """That smtp-sink took."""
    came: Came
    parts: Parts = field(default_factory=dict)
    """Of a profile: seconds of CPU by thread and function."""

    @property
    def row(self) -> dict[str, object]:
        """As it is printed and kept."""
        names = ("seconds", "mails_per_second", "cpu_ms_per_mail", "servers_cpu_ms_per_mail", "peak_mb", "mean_bytes")
        return {name: getattr(self, name) for name in names} | {"letters": self.letters, "came": self.came.row()}


@dataclass(frozen=True, kw_only=True)
class Ran:
    """A site after its run, the daemon ended."""

    app: App
    expected: Sequence[Expected]
    after: int
    """The ledger's number of the last mail that was there before."""
    figures: Figures


def measure(servers: Servers, asked: Asked) -> Figures:
    """Run it on a fresh site. Raises TimeoutError and ChildProcessError with the daemon's last words."""
    with ran(servers, asked) as run:
        return run.figures


@contextmanager
def ran(servers: Servers, asked: Asked) -> Iterator[Ran]:
    """The same, with the site to look at; it is gone afterwards."""
    servers.stack.empty(USER)
    with tempfile.TemporaryDirectory(prefix="hd-bench-") as folder:
        site = Site(folder=Path(folder) / "site", servers=servers, agents=asked.agents)
        site.write()
        out = Path(folder) / "profile.json"
        if asked.profile:
            site.command = (sys.executable, "-m", "bench.sampled", str(out))
        with site.opened() as app:
            try:
                run = _run(site, app, asked)
            finally:
                site.stop()
            parts = json.loads(out.read_text(encoding="utf-8")) if asked.profile else {}
            yield replace(run, figures=replace(run.figures, parts=parts))


def _run(site: Site, app: App, asked: Asked) -> Ran:
    made = list(mails(asked.mails, seed=asked.seed, earlier=fill(app, asked.tickets, wanted=ANSWERED)))
    inbox = _warmed(site, app, asked)
    after, before, letters = _last(app), _kept(app), site.servers.sink.letters
    inbox.stage([each.raw for each in made])
    site.forget()
    if asked.profile:
        os.kill(site.pid, signal.SIGUSR1)
    ours = processes.cpu(processes.tree(site.pid))
    inbox.deliver()
    others = site.servers.cpu()
    began = site.said("mailbox connected", STARTED_SECONDS)
    site.settled(app, before + len(made))
    used, theirs = processes.tree(site.pid), site.servers.cpu() - others
    seconds = (_ended(app) - began).total_seconds()
    expected = [each.expected for each in made]
    figures = Figures(
        seconds=round(seconds, 2),
        mails_per_second=round(len(made) / seconds, 1),
        cpu_ms_per_mail=round((processes.cpu(used) - ours) * 1000 / len(made), 2),
        servers_cpu_ms_per_mail=round(theirs * 1000 / len(made), 2),
        peak_mb=tuple(round(each.peak / 1e6, 1) for each in used),
        mean_bytes=sum(len(each.raw) for each in made) // len(made),
        letters=site.servers.sink.letters - letters,
        came=check(app, expected, after=after),
    )
    return Ran(app=app, expected=expected, after=after, figures=figures)


def _warmed(site: Site, app: App, asked: Asked) -> Inbox:
    """The daemon runs, has found its mailbox empty, and has handled some mails."""
    before, inbox = _kept(app), Inbox(site.servers.stack)
    site.start()
    site.said("mailbox begun", STARTED_SECONDS)
    if asked.warm:
        inbox.put([each.raw for each in mails(asked.warm, seed=asked.seed - 1)])
        site.settled(app, before + asked.warm)
    return inbox


def _kept(app: App) -> int:
    with app.store.reading() as session:
        return session.connection().scalar(sa.select(sa.func.count()).select_from(INCOMING)) or 0


def _last(app: App) -> int:
    with app.store.reading() as session:
        return session.connection().scalar(sa.select(sa.func.max(INCOMING.c.id))) or 0


def _ended(app: App) -> datetime:
    """When the last mail was handled or the last letter was taken by the sink."""
    with app.store.reading() as session:
        connection = session.connection()
        handled = connection.scalar(sa.select(sa.func.max(INCOMING.c.handled_at)))
        sent = sa.select(sa.func.max(OUTGOING.c.done)).where(OUTGOING.c.state == OutgoingState.SENT)
        moments: list[datetime] = [each for each in (handled, connection.scalar(sent)) if each is not None]
    return max(moments)
