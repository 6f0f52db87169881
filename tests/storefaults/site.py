"""The parts of the daemon on a real mailbox, a real database and a mail server that takes all, pass by pass."""

from __future__ import annotations

import asyncio
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import sqlalchemy as sa

from helpdesk import plugins
from helpdesk.app import App, utc_now
from helpdesk.compose.render import Templates
from helpdesk.config import Config, Imap, Limits, Mailbox, Smtp, StoreConfig
from helpdesk.errors import StoreError
from helpdesk.inbox.watcher import Watcher
from helpdesk.intake import Intake
from helpdesk.outbox.sender import Sender
from helpdesk.store import browse, migrate, queues
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, OutgoingState, RawMail
from helpdesk.store.tables.base import table
from tests.builders import KEYS, config
from tests.inbox.place import USER
from tests.outbox.scripted import ScriptedSmtp, scripted
from tests.servers.mailstack import PASSWORD, MailStack

INCOMING, RAW = table(Incoming), table(RawMail)
DONE = "Done"
PASSES = 6  # until nothing is left to be done; two are enough where nothing fails
NUMBERS = count(1)
MAIL = (
    "From: Eva <eva%d@customer.test>\r\nTo: support@helpdesk.test\r\nSubject: Printer %d\r\n"
    "Message-ID: <fault%d@customer.test>\r\n\r\nIt does not print.\r\n"
)


@dataclass
class Site:
    """Watcher, intake and sender, each asked for one pass after the other; what a fault does to one, the next sees."""

    app: App
    stack: MailStack
    smtp: ScriptedSmtp
    watcher: Watcher
    intake: Intake
    sender: Sender
    mails: list[bytes] = field(default_factory=list)

    def deliver(self, mails: int = 2) -> None:
        """New mails by new customers, each of which is to become a ticket and to be acknowledged."""
        for number in (next(NUMBERS) for _ in range(mails)):
            raw = (MAIL % (number, number, number)).encode()
            self.stack.deliver(USER, raw, sender=f"eva{number}@customer.test")
            self.mails.append(raw)

    async def work(self, *, sending: bool = True) -> list[StoreError]:
        """One pass of all parts, also after one before failed; what the database complained of."""
        faults = []
        for part in (self.watcher.once, self.intake.once):
            try:
                await asyncio.to_thread(part)
            except StoreError as error:
                faults.append(error)
        try:
            if sending:
                await self.sender.once()
        except StoreError as error:
            faults.append(error)
        return faults

    async def recover(self) -> None:
        """Pass after pass until one has nothing to do. Raises what still fails."""
        for _ in range(PASSES):
            if faults := await self.work():
                raise faults[0]
            if self.at_rest():
                return
        with self.app.store.reading() as session:
            raise TimeoutError(f"still busy: {browse.depths(session)}")

    @contextmanager
    def reserve(self, *, megabytes: int) -> Iterator[None]:
        """A site that wants so much room to be left; its watcher looks at it anew."""
        usual = self.watcher
        limit = StoreConfig(url=str(self.app.store.url), minimum_free_mb=megabytes)
        self.watcher = _watcher(self.app, self.app.config.model_copy(update={"store": limit}))
        try:
            yield
        finally:
            self.watcher.close()
            self.watcher = usual

    def check_safe(self) -> None:
        """What may be asked at any time: nothing has left the inbox of the server that is not kept here."""
        assert not self.on_server(DONE) - self.kept()

    def check_whole(self) -> None:
        """At the end: each mail kept once, filed away once, one ticket; each letter sent once, none of unknown fate."""
        kept = self.kept()
        # The mail server puts a line or two above what it is given.
        assert Counter(raw[raw.index(b"From: ") :] for raw in kept.elements()) == Counter(self.mails)
        assert self.on_server(DONE) == kept and not self.on_server("INBOX")
        with self.app.store.reading() as session:
            rows = list(session.scalars(sa.select(Incoming)))
            tickets = browse.tickets(session, limit=100_000)
            letters = queues.letters(session, states=frozenset(OutgoingState), limit=100_000)
        assert {(row.outcome, row.attempts) for row in rows} == {("ticket", 1)}
        assert len(rows) == len(tickets) == len(self.mails)
        assert {letter.state.value for letter in letters} == {"sent"}
        taken = Counter(_message_id(mail.raw) for mail in self.smtp.taken)
        assert taken == Counter(letter.message_id for letter in letters)
        assert set(taken.values()) == {1} and len([each for each in letters if each.outside]) == len(self.mails)
        self._check_file()

    def _check_file(self) -> None:
        if self.app.store.path is not None:
            with self.app.store.reading() as session:
                ask = session.connection().exec_driver_sql
                assert ask("PRAGMA integrity_check").scalar() == "ok"
                assert ask("PRAGMA foreign_key_check").all() == []

    def kept(self) -> Counter[bytes]:
        """The mails in the ledger, each with how often it is there."""
        with self.app.store.reading() as session:
            query = sa.select(RAW.c.data).join(INCOMING, INCOMING.c.raw_id == RAW.c.id)
            return Counter(zlib.decompress(data) for data in session.connection().scalars(query))

    def on_server(self, folder: str) -> Counter[bytes]:
        """The mails of a folder, each with how often it lies there."""
        return Counter(self.stack.inbox(USER, folder))

    def at_rest(self) -> bool:
        """Whether each mail is handled and filed away, and each letter sent."""
        with self.app.store.reading() as session:
            depths = browse.depths(session)
            unfiled = browse.unfiled(session)
        busy = set(depths["incoming"]) | set(depths["outgoing"])
        kept = sum(depths["incoming"].values())
        return not unfiled and kept == len(self.mails) and busy <= {"done", "sent"}


def _message_id(raw: bytes) -> str:
    return raw.partition(b"Message-ID: ")[2].partition(b"\r\n")[0].decode()


@contextmanager
def working_site(folder: Path, stack: MailStack, store: Store) -> Iterator[Site]:
    """A site with an empty mailbox, read once already, so that what comes from now on is new."""
    stack.empty(USER)
    migrate.upgrade(store)
    with scripted() as smtp:
        site = _made(folder, stack, store, smtp)
        try:
            site.watcher.once()
            yield site
        finally:
            site.watcher.close()
            site.intake.close()


def _made(folder: Path, stack: MailStack, store: Store, smtp: ScriptedSmtp) -> Site:
    imap = Imap(host="localhost", port=stack.imaps, user=USER, password_env="PW", ca_file=str(stack.ca), done=DONE)
    settings = config(
        site=folder,
        mailboxes={"support": Mailbox(name="support", address=USER, department="support", imap=imap)},
        smtp=Smtp(host="localhost", port=smtp.port, security="none", insecure=True, timeout_seconds=5),
        store=StoreConfig(url=str(store.url), minimum_free_mb=0),
        limits=Limits(per_domain_hour=10_000, breaker_hour=100_000),
        environ={"PW": PASSWORD},
    )
    templates = Templates(plugins.data("templates"))
    app = App(config=settings, store=store, templates=templates, keys=KEYS, now=utc_now)
    return Site(
        app=app, stack=stack, smtp=smtp, watcher=_watcher(app, settings), intake=Intake(app), sender=new_sender(app)
    )


def new_sender(app: App) -> Sender:
    """One that has been stopped cannot be used again."""
    return Sender(config=app.config, store=app.store, now=utc_now, process=app.process, on_failed=_refused)


def _watcher(app: App, settings: Config) -> Watcher:
    return Watcher(name="support", config=settings, store=app.store, now=utc_now, process=app.process)


def _refused(number: int) -> None:
    raise AssertionError(f"letter {number} has failed")
