"""A mailbox on the private mail server, a fresh database, and a watcher between them."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa

from helpdesk.config import Company, Config, Imap, Mailbox, MailLimits, Smtp, StoreConfig
from helpdesk.inbox.imap import Door
from helpdesk.inbox.watcher import Watcher
from helpdesk.store import positions
from helpdesk.store.positions import ReadTo
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, RawMail
from tests.servers.mailstack import PASSWORD, MailStack

USER = "support@helpdesk.test"


def utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def mail(subject: str, *, body: str = "Good morning.") -> bytes:
    """A small mail."""
    header = f"From: eva@customer.test\r\nTo: {USER}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@customer.test>"
    return f"{header}\r\n\r\n{body}\r\n".encode()


def config(site: Path, imap: Imap, *, since: Literal["now"] | dt.date = "now", **mail_limits: Any) -> Config:
    """One mailbox, ``support``."""
    box = Mailbox(name="support", address=USER, department="support", imap=imap, since=since)
    return Config(
        site=site,
        company=Company(name="Test"),
        store=StoreConfig(minimum_free_mb=1),
        smtp=Smtp(host="-"),
        mailboxes={"support": box},
        mail=MailLimits(**mail_limits),
        environ={"PASSWORD": PASSWORD},
    )


@dataclass
class Place:
    """What the tests of the way in work on."""

    site: Path
    store: Store
    stack: MailStack
    imap: dict[str, Any] = field(default_factory=dict)
    since: Literal["now"] | dt.date = "now"
    mail_limits: dict[str, Any] = field(default_factory=dict)
    now: Callable[[], dt.datetime] = utc_now
    arrivals: list[float] = field(default_factory=list)
    minimum_free_mb: int = 1

    def imap_config(self, **changes: Any) -> Imap:
        values: dict[str, Any] = {
            "host": "localhost",
            "port": self.stack.imaps,
            "user": USER,
            "password_env": "PASSWORD",
        }
        values |= {"ca_file": str(self.stack.ca)} | self.imap | changes
        return Imap(**values)

    def watcher(self, **changes: Any) -> Watcher:
        """A watcher that is not started; close it."""
        site = config(self.site, self.imap_config(**changes), since=self.since, **self.mail_limits)
        limit = StoreConfig(minimum_free_mb=self.minimum_free_mb)
        return Watcher(
            name="support",
            config=site.model_copy(update={"store": limit}),
            store=self.store,
            now=self.now,
            process="test",
            arrived=lambda: self.arrivals.append(time.monotonic()),
        )

    def take(self, **changes: Any) -> int:
        """One pass; the number of mails kept."""
        watcher = self.watcher(**changes)
        try:
            return watcher.once()
        finally:
            watcher.close()

    def door(self, **changes: Any) -> Door:
        """A connection; close it."""
        return Door(self.imap_config(**changes), password=PASSWORD, site=self.site)

    def deliver(self, *subjects: str) -> None:
        """Put small mails into the mailbox."""
        for subject in subjects:
            self.stack.deliver(USER, mail(subject))

    def append(self, raw: bytes, *, received: dt.datetime, folder: str = "INBOX") -> None:
        """Put a mail into the mailbox that seems to have arrived then."""
        with self.stack.session(USER) as client:
            date = received.strftime('"%d-%b-%Y %H:%M:%S +0000"')
            client.append(folder, None, date, raw)

    def rows(self) -> list[Incoming]:
        """The ledger, in order."""
        with self.store.reading() as session:
            return list(session.scalars(sa.select(Incoming).order_by(Incoming.id)))  # type: ignore[arg-type]

    def subjects(self) -> list[str]:
        """Subjects of what was kept, in order."""
        return [raw.partition(b"Subject: ")[2].partition(b"\r\n")[0].decode() for raw in self.raws()]

    def raws(self) -> list[bytes]:
        """The bytes of what was kept, in order."""
        import zlib

        rows = self.rows()  # first: what is kept meanwhile has its bytes already
        with self.store.reading() as session:
            found = {raw.id: zlib.decompress(raw.data) for raw in session.scalars(sa.select(RawMail))}
        return [found[row.raw_id] for row in rows]

    def position(self) -> ReadTo:
        """How far the mailbox has been read."""
        with self.store.reading() as session:
            place = positions.get(session, "support")
        assert place is not None
        return place


def until(fits: Callable[[], object], *, seconds: float = 15) -> float:
    """Wait until something is so; the time it took. Raises TimeoutError."""
    began = time.monotonic()
    while not fits():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds} s")
        time.sleep(0.02)
    return time.monotonic() - began
