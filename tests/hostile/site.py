"""A site on a real database at which hostile mails arrive, each after what its case says has happened before."""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import SQLModel

from helpdesk.app import App, opened
from helpdesk.desk import tokens
from helpdesk.explaining import Explainer
from helpdesk.inbox.files import Found
from helpdesk.intake import Intake
from helpdesk.store import browse, queues
from helpdesk.store.browse import Row
from helpdesk.store.tables import Contact, Incoming, Message, Outgoing, Participant, RawMail
from helpdesk.store.tables.base import table
from tests.config import sites
from tests.hostile.cases import Case, raw

INCOMING, RAW, OUTGOING, MESSAGES = table(Incoming), table(RawMail), table(Outgoing), table(Message)
CONTACTS, PARTICIPANTS = table(Contact), table(Participant)
KEPT = ("signing_keys",)  # what makes a site this one; all else goes between two cases
RESULT = b"Authentication-Results: mx.minta.example; dmarc=pass header.from=minta.example\r\n"
STAFF = sites.STAFF + '\n[staff.carl]\nid = 3\nname = "Carl"\naddresses = ["carl@minta.example"]\nactive = false\n'
SALES = """
[mailboxes.sales]
address = "sales@minta.example"
department = "support"
authserv_id = "mx.minta.example"
imap = { host = "mail.minta.example", user = "sales@minta.example", password_env = "HELPDESK_IMAP_PASSWORD" }
"""


@dataclass(frozen=True, kw_only=True)
class Ended:
    """What became of one mail."""

    row: Row
    raw: bytes
    """As it was kept."""
    message: Row | None
    ticket: Row | None
    letters: tuple[Row, ...]
    """All that were written because of it and not stopped by a limit; `raw` as it is sent."""

    @property
    def outside(self) -> list[Row]:
        """The letters that leave the house."""
        return [letter for letter in self.letters if letter["outside"]]


@dataclass(kw_only=True)
class Site:
    """The house with the mail that comes to it; ``clock`` is what it takes for now."""

    app: App
    intake: Intake
    explainer: Explainer = field(init=False)
    clock: datetime = field(default_factory=lambda: datetime.now(UTC))
    first: int = 0
    """The number of the first ticket."""
    _words: dict[str, bytes] = field(default_factory=dict)

    def handle(self, *raws: bytes, mailbox: str = "support") -> list[int]:
        """Let mails come in and be handled; their numbers in the ledger."""
        mails = [queues.Fetched(mailbox=mailbox, raw=each, received=self.clock) for each in raws]
        with self.app.store.writing() as session:
            numbers = queues.keep(session, mails, self.clock)
        while self.intake.once():
            pass
        return numbers

    def explain(self, mail: bytes) -> dict[str, Any]:
        """What `helpdesk explain` says of it."""
        (found,) = self.explainer.explain([Found(source="case.eml", raw=mail)])
        return found.as_json()

    def begin(self, case: Case) -> None:
        """An empty site, and then what has happened before the case."""
        self.empty()
        self.first, self._words = 0, {}
        self.clock = datetime.now(UTC) - timedelta(days=case.expected.get("before_days", 0))
        for step in case.before:
            if step in STEPS:
                STEPS[step](self, case.mailbox)
            else:
                self.handle(self.filled(raw(step)), mailbox=case.mailbox)
        self.clock = datetime.now(UTC)

    def filled(self, mail: bytes) -> bytes:
        """With what this site has made up instead of `@@words@@`."""
        return re.sub(rb"@@([a-z-]+)@@", lambda match: self._words[match[1].decode()], mail)

    def said(self, text: str) -> str:
        """The same for what is expected."""
        return self.filled(text.encode()).decode()

    def open(self, mailbox: str, number: int, body: str) -> int:
        """Somebody's ordinary mail opens a ticket; its number."""
        (mail,) = self.handle(ordinary(number, body, f"{mailbox}@minta.example"), mailbox=mailbox)
        return int(self.ended(mail).row["ticket"])

    def know(self, ticket: int, mailbox: str) -> None:
        """Note the words that mails of the case may use about its first ticket."""
        self.first = ticket
        own = {letter["kind"].split("_")[-1]: letter for letter in self.letters(ticket=ticket)}
        ack, notice = own["acknowledgement"], own["ticket"]
        anna, carl = (self.address(tokens.agent(ticket, key), mailbox) for key in (1, 3))
        self._words = {
            "number": str(ticket).encode(),
            "ack": ack["raw"],
            "ack-id": ack["message_id"].encode(),
            "notice-id": notice["message_id"].encode(),
            "reply-address": self.address(tokens.customer(ticket), mailbox),
            "anna": anna,
            "anna-cut": anna.partition(b"@")[0][:-1] + b"@minta.example",
            "carl": carl,
        }

    def know_other(self, ticket: int) -> None:
        """The number of somebody else's ticket."""
        self._words["other-number"] = str(ticket).encode()

    def address(self, token: tokens.Token, mailbox: str) -> bytes:
        """A reply address of the mailbox."""
        return f"{mailbox}+{tokens.write(token, self.app.keys)}@minta.example".encode()

    def ended(self, number: int) -> Ended:
        """How a mail of the ledger ended."""
        with self.app.store.reading() as session:
            ask = session.connection().execute
            query = sa.select(INCOMING, RAW.c.data).join(RAW, RAW.c.id == INCOMING.c.raw_id)
            row = dict(ask(query.where(INCOMING.c.id == number)).mappings().one())
            message = ask(sa.select(MESSAGES).where(MESSAGES.c.incoming_id == number)).mappings().one_or_none()
            ticket = browse.ticket(session, row["ticket"]) if row["ticket"] else None
        letters = tuple(self.letters(incoming_id=number))
        kept = zlib.decompress(row.pop("data"))
        return Ended(row=row, raw=kept, message=dict(message) if message else None, ticket=ticket, letters=letters)

    def letters(self, **where: Any) -> Iterator[Row]:
        """Letters in order, but for those that a limit has stopped."""
        with self.app.store.reading() as session:
            query = sa.select(OUTGOING).where(OUTGOING.c.state != "cancelled").order_by(OUTGOING.c.id)
            query = query.where(*(OUTGOING.c[name] == value for name, value in where.items()))
            rows = list(session.connection().execute(query).mappings())
        yield from (dict(row) | {"raw": zlib.decompress(row["raw"])} for row in rows)

    def outcomes(self) -> Counter[str]:
        """How all mails ended."""
        with self.app.store.reading() as session:
            return Counter(session.connection().scalars(sa.select(INCOMING.c.outcome)))

    def participants(self, ticket: int) -> list[str]:
        """Who may read a ticket."""
        query = sa.select(CONTACTS.c.address).join(PARTICIPANTS, PARTICIPANTS.c.contact_id == CONTACTS.c.id)
        with self.app.store.reading() as session:
            return sorted(session.connection().scalars(query.where(PARTICIPANTS.c.ticket == ticket)))

    def suspended(self, address: str) -> bool:
        """Whether somebody gets no automatic mail because a letter to him came back."""
        query = sa.select(CONTACTS.c.suspended).where(CONTACTS.c.address == address)
        with self.app.store.reading() as session:
            return session.connection().scalar(query) is not None

    def ticket(self, number: int) -> Row:
        """A ticket with its messages."""
        with self.app.store.reading() as session:
            found = browse.ticket(session, number)
        assert found is not None
        return found

    def empty(self) -> None:
        """Forget every mail."""
        with self.app.store.writing() as session:
            for each in reversed(SQLModel.metadata.sorted_tables):
                if each.name not in KEPT:
                    session.connection().execute(sa.delete(each))


def ordinary(number: int, body: str = "The lamp flickers.", to: str = "support@minta.example") -> bytes:
    """A mail that nothing is wrong with: of Éva about a lamp, of others about other things."""
    who, what = {1: ("eva@kunde.example", "Lamp"), 2: ("jan@klient.example", "Chair")}.get(
        number, (f"guest{number}@gast.example", f"Table {number}")
    )
    return (
        f"From: {who}\r\nTo: {to}\r\nSubject: {what}\r\nMessage-ID: <ordinary-{number}@kunde.example>\r\n"
        f"Content-Type: text/plain; charset=utf-8\r\n\r\n{body}\r\n"
    ).encode()


def _opened(site: Site, mailbox: str) -> None:
    site.know(site.open(mailbox, 1, "The lamp flickers."), mailbox)


def _other(site: Site, mailbox: str) -> None:
    site.know_other(site.open(mailbox, 2, "The chair wobbles."))


def _closed(site: Site, mailbox: str) -> None:
    head = b"From: anna@minta.example\r\nTo: @@anna@@\r\nSubject: Re: [HD-@@number@@] Lamp\r\n"
    site.handle(RESULT + site.filled(head) + b"Message-ID: <closing@minta.example>\r\n\r\n#close\r\n", mailbox=mailbox)


STEPS: Mapping[str, Callable[[Site, str], None]] = {"opened": _opened, "other": _other, "closed": _closed}


@contextmanager
def begun(folder: Path, url: str) -> Iterator[Site]:
    """The site with its database made."""
    main = sites.changed(sites.MAIN, "minimum_free_mb = 500", "minimum_free_mb = 1")
    sites.write(folder, main=sites.changed(main, "sqlite:///helpdesk.db", url) + SALES, staff=STAFF)
    clock: list[Site] = []
    with opened(folder, {}, now=lambda: clock[0].clock if clock else datetime.now(UTC)) as app:
        clock.append(Site(app=app, intake=Intake(app)))
        yield clock[0]


@contextmanager
def awake(site: Site) -> Iterator[Site]:
    """The site with its processes for parsing; afterwards none is left."""
    with Explainer(site.app.config.site, {}) as site.explainer:
        yield site
    site.intake.close()
