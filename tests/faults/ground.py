"""Sites for fault runs: one is made with its earlier tickets, each round works on a fresh copy with its own folders."""

from __future__ import annotations

import asyncio
import contextlib
import imaplib
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from helpdesk.app import App, opened, utc_now
from helpdesk.demo.received import Received
from helpdesk.inbox.folder import account
from helpdesk.intake import Intake
from helpdesk.outbox.sender import Sender
from helpdesk.store import positions, queues
from helpdesk.store.session import Store
from tests import invariants
from tests.evidence import gather, ledger, outbox
from tests.faults import script
from tests.faults.snapshot import Snapshot, snapshot
from tests.invariants import Evidence, Taken, digest
from tests.launcher import End, Launcher, Run, log
from tests.outbox.scripted import ScriptedSmtp, scripted
from tests.servers import sites
from tests.servers.mailstack import PASSWORD, MailStack

USER = script.SUPPORT
NUMBERS = count(1)  # of rounds: all grounds share one mail server
ENVIRON = {"PASSWORD": PASSWORD}
# A colleague's letter of unknown fate is sent once more after half an hour.
LATER_MINUTES = 31
# On PostgreSQL nobody can know that a claim's owner is dead before it has run out, after at most a quarter of an hour.
LEASE_MINUTES = 16
# Of the limits only that of a day is in force: the hour would be over sooner in one run than in another.
LIMITS = {"per_domain_hour": 1000, "per_address_hour": 1000, "per_address_day": script.ACKNOWLEDGEMENTS_A_DAY}
PEOPLE = {
    "anna": {"name": "Kovács Anna", "addresses": ["anna@helpdesk.test"], "role": "lead"},
    "bela": {"name": "Szabó Béla", "addresses": ["bela@helpdesk.test"]},
}


@dataclass
class Ground:
    """What all rounds of a test process share."""

    folder: Path
    stack: MailStack
    launcher: Launcher
    url: str
    """Of the database with the earlier tickets; SQLite's lies in the site's own folder."""
    copied: Callable[[], str] | None = None
    """Makes a copy of that database, where it is no file."""
    mails: list[script.Scripted] = field(default_factory=list)
    earlier: list[Taken] = field(default_factory=list)
    """The letters about the earlier tickets."""

    @cached_property
    def undisturbed(self) -> Snapshot:
        """What becomes of all mails when nothing goes wrong."""
        with self.round() as round_:
            round_.deliver([mail.raw for mail in self.mails])
            round_.finish()
            assert invariants.violations(round_.evidence()) == []
            return round_.state()

    @property
    def lease_minutes(self) -> float:
        """How long the claims of the dead hold."""
        return LEASE_MINUTES if self.copied else 0

    def prepare(self) -> None:
        """Make the site in which some customers have written and have been answered."""
        self.folder.mkdir()
        with scripted() as sink:
            write_site(self.folder, url=self.url, stack=self.stack, smtp=sink.port, folder="INBOX")
            with opened(self.folder, ENVIRON, daemon=True) as app:
                _handle_earlier(app)
                asyncio.run(_send(app))
            self.earlier = _taken(sink)
        self.mails = script.script([Received.read(0, letter.raw) for letter in self.earlier])

    @contextmanager
    def round(self) -> Iterator[Round]:
        """A fresh copy of the site, with an empty folder on the mail server."""
        number = next(NUMBERS)
        site = self.folder.with_name(f"{self.folder.name}-{number}")
        shutil.copytree(self.folder, site)
        url = self.copied() if self.copied else self.url
        with scripted() as sink, self.stack.session(USER) as client:
            folder = f"Round{number}"
            write_site(site, url=url, stack=self.stack, smtp=sink.port, folder=folder)
            round_ = Round(self, site, folder, client, sink)
            round_.begin()
            yield round_
            client.select("INBOX")
            for used in (folder, f"{folder}-done"):
                client.delete(used)
        shutil.rmtree(site)


@dataclass
class Round:
    """One site, one folder, one server for sending, and as many lives of the daemon as it takes."""

    ground: Ground
    site: Path
    folder: str
    client: imaplib.IMAP4_SSL
    sink: ScriptedSmtp
    given: list[bytes] = field(default_factory=list)
    minutes: float = 0.0
    forked: bool = True
    """As in `Run`."""
    _earlier: frozenset[int] = frozenset()

    def begin(self) -> None:
        """The folder has been watched since before its first mail."""
        self.client.create(self.folder)
        with opened(self.site, ENVIRON) as app:
            imap = app.config.mailboxes["support"].imap
            self.client.select(self.folder)
            uidvalidity = int(self.client.response("UIDVALIDITY")[1][0] or 0)
            now = utc_now()
            before = now - timedelta(minutes=5)
            with app.store.writing() as session:
                positions.reset(
                    session, "support", account=account(imap), uidvalidity=uidvalidity, uid=0,
                    acknowledge_from=before, now=now,
                )  # fmt: skip
            with app.store.reading() as session:
                self._earlier = frozenset(kept.id for kept in ledger(session))

    def deliver(self, mails: Sequence[bytes]) -> None:
        """Put mails into the watched folder, in order."""
        for raw in mails:
            answer, _ = self.client.append(self.folder, "", "", raw)
            assert answer == "OK"
        self.given += mails

    def kill(self, step: str, passing: int = 1, **more: Any) -> None:
        """Run the daemon until it is killed at a step; ``more`` as in `Run`. Fails when it never came there."""
        end = self._run(step=step, passing=passing, **more)
        assert end == End(reached=True, code=-9), f"{step} was not passed {passing} times: {end}\n{log(self.site)}"
        self.minutes += self.ground.lease_minutes

    def finish(self, **more: Any) -> None:
        """Run the daemon, undisturbed, until everything is done; and later, when unknown letters are sent once more."""
        self._complete(**more)
        with self.store() as store, store.reading() as session:
            due = any(letter.due for letter in outbox(session))
        if due:
            self.minutes += LATER_MINUTES
            self._complete(**more)

    def evidence(self) -> Evidence:
        """What the servers and the database say now; the daemon does not run."""
        with self.store() as store:
            return gather(
                store,
                watched=self._on_server(self.folder),
                done=self._on_server(f"{self.folder}-done"),
                given=self.given,
                taken=[*self.ground.earlier, *_taken(self.sink)],
                own_addresses=frozenset({script.SUPPORT}),
                per_address_day=script.ACKNOWLEDGEMENTS_A_DAY,
                earlier=self._earlier,
            )

    def state(self) -> Snapshot:
        """What a person could see."""
        with self.store() as store:
            return snapshot(store)

    def wrong_now(self) -> list[str]:
        """What must hold even in the moment after a kill and does not."""
        with self.store() as store, store.reading() as session:
            seen = Evidence(
                ledger=ledger(session),
                watched=tuple(map(digest, self._on_server(self.folder))),
                done=tuple(map(digest, self._on_server(f"{self.folder}-done"))),
                given=tuple(map(digest, self.given)),
                earlier=self._earlier,
            )
        return list(invariants.nothing_is_filed_before_it_is_kept(seen))

    def _complete(self, **more: Any) -> None:
        end = self._run(**more)
        assert end == End(reached=False, code=0), f"{end}\n{log(self.site)}"

    @property
    def _mails(self) -> int:
        return len(self._earlier) + len(self.given)

    def _run(self, **more: Any) -> End:
        forked = self.forked and more.get("worker") is None
        run = Run(site=str(self.site), mails=self._mails, minutes=self.minutes, forked=forked, **more)
        return self.ground.launcher.run(run)

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Its database; the daemon does not run."""
        with opened(self.site, ENVIRON) as app:
            yield app.store

    def _on_server(self, folder: str) -> list[bytes]:
        """All mails of a folder, as they are; none when there is no such folder."""
        if self.client.select(folder)[0] != "OK":
            return []
        found = self.client.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]
        return [part[1] for part in found if isinstance(part, tuple)]


def write_site(site: Path, *, url: str, stack: MailStack, smtp: int, folder: str) -> None:
    """The files of a site, as an admin writes them."""
    imap = {"host": "localhost", "port": stack.imaps, "ca_file": str(stack.ca)}
    main: dict[str, sites.Table] = {
        "store": {"url": url},
        "smtp": {"port": smtp},
        "mailboxes.support.imap": {**imap, "folder": folder, "done": f"{folder}-done"},
        "limits": LIMITS,
        "blocked": {"senders": ["spam@blocked.test"]},
    }
    sites.write(site, main, PEOPLE)


def _taken(sink: ScriptedSmtp) -> list[Taken]:
    return [Taken(recipients=tuple(mail.recipients), raw=mail.raw) for mail in sink.taken]


def _handle_earlier(app: App) -> None:
    mails = [queues.Fetched(mailbox="support", raw=raw, received=utc_now(), filed=True) for raw in script.earlier()]
    with app.store.writing() as session:
        queues.keep(session, mails, utc_now())
    intake = Intake(app)
    with contextlib.closing(intake):
        while intake.once():
            pass


async def _send(app: App) -> None:
    sender = Sender(config=app.config, store=app.store, now=app.now, process=app.process, on_failed=lambda _: None)
    while await sender.once():
        pass


def environment() -> dict[str, str]:
    """Of the launcher: the password that the configuration names."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}, **ENVIRON}
