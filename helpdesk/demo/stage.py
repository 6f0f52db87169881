"""The stage of the demo: mail server, site and daemon, opened in this order and closed in the other."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import TypeVar

from helpdesk import console
from helpdesk.app import App, opened
from helpdesk.daemon import Daemon
from helpdesk.demo import company, post
from helpdesk.demo.accounts import Account, Passed
from helpdesk.demo.background import Background
from helpdesk.demo.post import MailProgram
from helpdesk.demo.server import HOST, DemoServer
from helpdesk.store import browse, positions

T = TypeVar("T")

READY_SECONDS = 30  # for the daemon to have looked into every mailbox once; it takes one or two
LOOK_SECONDS = 0.05  # between two looks at something that is waited for
LOG = "helpdesk.log"


@dataclass(frozen=True, kw_only=True)
class Stage:
    """Everything that runs, and the mail program of everybody who has one."""

    app: App
    server: DemoServer
    daemon: Background
    programs: Mapping[str, MailProgram]
    """By the key of a colleague or customer."""

    def wait(self, look: Callable[[], T | None], *, seconds: float) -> T | None:
        """What ``look`` finds, as soon as it finds something; None when the time is over."""
        end = time.monotonic() + seconds
        while True:
            self.daemon.check()
            found = look()
            if found is not None or time.monotonic() > end:
                return found
            time.sleep(LOOK_SECONDS)

    def tickets(self) -> list[browse.Row]:
        """All tickets, the latest changed first."""
        with self.app.store.reading() as session:
            return browse.tickets(session)

    def ticket(self, number: int) -> browse.Row | None:
        """One ticket with its messages and history."""
        with self.app.store.reading() as session:
            return browse.ticket(session, number)

    def depths(self) -> Mapping[str, Mapping[str, int]]:
        """How many mails and letters stand in each state."""
        with self.app.store.reading() as session:
            return browse.depths(session)

    def bring(self, mail: EmailMessage) -> None:
        """A mail from somebody who has no account here."""
        post.hand_in(mail, host=HOST, smtp_port=self.server.smtp_port)

    def is_ready(self) -> bool:
        """Whether the daemon watches every mailbox."""
        with self.app.store.reading() as session:
            return {box.mailbox for box in positions.known(session)} == set(self.app.config.mailboxes)


@contextmanager
def opened_stage(
    folder: Path, *, imap_port: int = 0, smtp_port: int = 0, watch: Callable[[Passed], None] = lambda _mail: None
) -> Iterator[Stage]:
    """The company in an empty folder, with the ordinary daemon at work on it."""
    accounts = company.accounts()
    by_address = {account.address: account for account in accounts}
    with ExitStack() as stack:
        stack.enter_context(_log(folder / LOG))
        server = stack.enter_context(
            DemoServer(accounts, hostname=company.SERVER, imap_port=imap_port, smtp_port=smtp_port, watch=watch)
        )
        company.write_site(folder, by_address, host=HOST, imap_port=server.imap_port, smtp_port=server.smtp_port)
        app = stack.enter_context(opened(folder, {}, daemon=True))
        company.remember_customers(app.store, datetime.now(UTC))
        daemon = Background("demo-daemon", Daemon(app).run)
        daemon.start()
        stack.callback(daemon.stop)
        programs = {key: stack.enter_context(program) for key, program in _programs(by_address, server).items()}
        stage = Stage(app=app, server=server, daemon=daemon, programs=programs)
        stage.wait(lambda: stage.is_ready() or None, seconds=READY_SECONDS)
        yield stage


def _programs(accounts: Mapping[str, Account], server: DemoServer) -> dict[str, MailProgram]:
    people = {**company.STAFF, **company.CUSTOMERS}
    return {
        key: MailProgram(accounts[person.address], host=HOST, imap_port=server.imap_port, smtp_port=server.smtp_port)
        for key, person in people.items()
    }


@contextmanager
def _log(path: Path) -> Iterator[None]:
    """The daemon's log goes into the site's folder, so that it does not write across the live view."""
    with path.open("a", encoding="utf-8") as stream:
        console.setup_log(human=True, stream=stream)
        try:
            yield
        finally:
            console.LOG.handlers.clear()
