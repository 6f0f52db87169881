"""One measured run: a backlog in Dovecot, the real daemon, and everything that came of it."""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from bench import processes
from bench.check import INCOMING, OUTGOING, Came, check
from bench.earlier import fill
from bench.generate import SEED, Made, mails
from bench.manifest import Totals, totals
from bench.servers import USER, Inbox, Servers
from bench.site import STARTED_SECONDS, Site
from helpdesk.app import App
from helpdesk.store.tables import OutgoingState

WARM = 50  # mails before the measured ones: processes are started and caches filled, as in a daemon that runs for days
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
    wanted: Totals
    came: Came
    parts: Parts = field(default_factory=dict)
    """Of a profile: seconds of CPU by thread and function."""

    @property
    def row(self) -> dict[str, object]:
        """As it is printed and kept."""
        names = ("seconds", "mails_per_second", "cpu_ms_per_mail", "servers_cpu_ms_per_mail", "peak_mb", "mean_bytes")
        return {name: getattr(self, name) for name in names} | {"letters": self.letters, "came": self.came.row()}


def measure(servers: Servers, asked: Asked, *, told: Callable[[int], None] = lambda handled: None) -> Figures:
    """Run it on a fresh site. Raises TimeoutError and ChildProcessError with the daemon's last words."""
    servers.stack.empty(USER)
    with tempfile.TemporaryDirectory(prefix="hd-bench-") as folder:
        site = Site(folder=Path(folder) / "site", servers=servers, agents=asked.agents)
        site.write()
        out = Path(folder) / "profile.json"
        if asked.profile:
            site.command = (sys.executable, "-m", "bench.sampled", str(out))
        with site.opened() as app:
            earlier = fill(app, asked.tickets, wanted=ANSWERED)
            made = list(mails(asked.mails, seed=asked.seed, earlier=earlier))
            try:
                figures = _run(site, app, made, told, profile=asked.profile)
            finally:
                site.stop()
        return replace(figures, parts=json.loads(out.read_text(encoding="utf-8"))) if asked.profile else figures


def _run(site: Site, app: App, made: Sequence[Made], told: Callable[[int], None], *, profile: bool) -> Figures:
    before = _kept(app)
    site.start()
    site.said("mailbox begun", STARTED_SECONDS)
    inbox = Inbox(site.servers.stack)
    inbox.put([warm.raw for warm in mails(WARM, seed=SEED - 1)])
    site.settled(app, before + WARM)
    last, sent = _last(app), site.servers.sink.letters
    inbox.stage([each.raw for each in made])
    site.forget()
    if profile:
        os.kill(site.pid, signal.SIGUSR1)
    ours = processes.tree(site.pid)
    inbox.deliver()
    others = site.servers.cpu()
    began = site.said("mailbox connected", STARTED_SECONDS)
    site.settled(app, before + WARM + len(made), told=told)
    used = processes.tree(site.pid)
    seconds = (_ended(app) - began).total_seconds()
    cpu = processes.cpu(used) - processes.cpu(ours)
    expected = [each.expected for each in made]
    return Figures(
        seconds=round(seconds, 2),
        mails_per_second=round(len(made) / seconds, 1),
        cpu_ms_per_mail=round(cpu * 1000 / len(made), 2),
        servers_cpu_ms_per_mail=round((site.servers.cpu() - others) * 1000 / len(made), 2),
        peak_mb=tuple(round(each.peak / 1e6, 1) for each in used),
        mean_bytes=sum(len(each.raw) for each in made) // len(made),
        letters=site.servers.sink.letters - sent,
        wanted=totals(expected),
        came=check(app, expected, after=last),
    )


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
