"""A site with five mailboxes, each behind a line of its own, and the whole daemon at work between mail and letter."""

from __future__ import annotations

import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from imapclient import IMAPClient

from helpdesk.app import App, opened
from helpdesk.cli.status import gather
from helpdesk.daemon import Daemon
from helpdesk.demo.background import Background
from helpdesk.inbox.waits import Waits
from helpdesk.store import browse, positions
from helpdesk.store.positions import ReadTo
from helpdesk.store.tables import Incoming, RawMail
from tests.faults.imap.line import Line
from tests.servers.mailstack import PASSWORD, MailStack

EVA = "eva@customer.test"
MAILBOXES = {
    "support": "support@helpdesk.test",
    "billing": "billing@helpdesk.test",
    "anna": "anna@helpdesk.test",
    "bela": "bela@helpdesk.test",
    "csaba": "csaba@helpdesk.test",
}
# Each is special in one way, the others are plain, so that a line can be cut at an exact byte.
TLS = "billing"
LEAVES = "anna"  # where mails stay in the folder when they are kept
DESK = "bela"  # where another folder than INBOX is watched, which a person can delete and rename
FOLDER = "Desk"
FULL = "csaba"  # where mails go to an archive with a quota of 100 kB
ARCHIVE = "Archive/Done"
SECONDS = 40  # for anything that is waited for; it takes one or two

# Twenty times shorter than the product's, in the same order. After a dead line the mailbox is back within
# idle + answer + longest_retry seconds.
SHORT = Waits(
    connect=1.5, answer=2, goodbye=0.5, idle=1.5, beat=0.5, unready=0.3, store=0.3, first_retry=0.1,
    longest_retry=0.5, first_login_retry=0.2, longest_login_retry=0.5, first_move_retry=0.3, longest_move_retry=0.6,
    steady=3, silent=20,
)  # fmt: skip


def mail(subject: str, to: str, *, size: int = 0) -> bytes:
    """A mail of a customer; of about ``size`` bytes, each line another."""
    header = f"From: {EVA}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: <{subject}@customer.test>\r\n\r\n"
    body = "".join(f"{number:06} {subject}\r\n" for number in range(size // (len(subject) + 9)))
    return f"{header}Good morning.\r\n{body}".encode()


@dataclass
class Office:
    """Everything, and what was sent to it: `settle` then says whether all of it came out right."""

    site: Path
    stack: MailStack
    url: str
    lines: Mapping[str, Line]
    waits: Waits = SHORT
    sent: dict[str, bytes] = field(default_factory=dict)
    """By subject; what the settling demands a ticket and an acknowledgement for."""
    unanswered: set[str] = field(default_factory=set)
    """Subjects of mails that get a ticket, and no acknowledgement."""
    _open: ExitStack = field(default_factory=ExitStack)
    _app: App | None = None

    def write_site(self) -> None:
        """The files of the site."""
        with self.person(DESK) as client:
            client.create_folder(FOLDER)
        (self.site / "config").mkdir(parents=True)
        values = {"url": self.url, "smtps": self.stack.smtps, "ca": self.stack.ca}
        boxes = (self._box(name) for name in MAILBOXES)
        (self.site / "helpdesk.toml").write_text(_SITE.format(**values) + "".join(boxes), encoding="utf-8")
        (self.site / "config/departments.toml").write_text(_DEPARTMENTS, encoding="utf-8")
        (self.site / "config/staff.toml").write_text(_STAFF, encoding="utf-8")

    def start(self) -> None:
        """Run the daemon; it watches when this returns, but for mailboxes whose server is dead."""
        app = self._app = self._open.enter_context(opened(self.site, {"PASSWORD": PASSWORD}, daemon=True))
        daemon = Background("daemon", Daemon(app, waits=self.waits).run)
        daemon.start()
        self._open.callback(daemon.stop)

    def stop(self) -> None:
        """End the daemon and close the site."""
        self._open.close()
        self._app = None

    @property
    def app(self) -> App:
        assert self._app is not None
        return self._app

    def address(self, mailbox: str) -> str:
        return MAILBOXES[mailbox]

    def customer_writes(self, subject: str, *, to: str = "support", size: int = 0) -> str:
        """A new mail in the mailbox on the server; its subject, which names it."""
        self.sent[subject] = mail(subject, MAILBOXES[to], size=size)
        if to == DESK:
            with self.person(DESK) as client:
                client.append(FOLDER, self.sent[subject])
        else:
            self.stack.deliver(MAILBOXES[to], self.sent[subject], sender=EVA)
        return subject

    @contextmanager
    def person(self, mailbox: str = "support", folder: str = "INBOX") -> Iterator[Any]:
        """Somebody who looks into a mailbox with a mail program of their own."""
        with IMAPClient("localhost", self.stack.imaps, ssl_context=self.stack.tls) as client:
            client.login(MAILBOXES[mailbox], PASSWORD)
            client.select_folder(folder)
            yield client

    def until(self, fits: Callable[[], object], *, seconds: float = SECONDS) -> float:
        """Wait until something is so; how long it took. Says how everything is when it does not become so."""
        began = time.monotonic()
        while not fits():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"not within {seconds} s: {self.status()}")
            time.sleep(0.05)
        return time.monotonic() - began

    def until_well(self, mailbox: str = "support") -> None:
        """Wait until the mailbox has been looked at and nothing is wrong with it."""
        self.until(lambda: self.state(mailbox) == "running" and self.trouble(mailbox) is None)

    def until_trouble(self, words: str, mailbox: str = "support") -> None:
        """Wait until the status complains of the mailbox with these words."""
        self.until(lambda: any(words in problem for problem in self.problems(mailbox)))

    def until_kept(self, *subjects: str) -> float:
        """Wait until these have tickets."""
        return self.until(lambda: set(subjects) <= set(self.tickets()))

    def settle(self) -> None:
        """Wait until every mail is handled and every letter delivered, then demand that all came out right."""
        self.until_kept(*self.sent)
        self.until(self._is_quiet)
        answered = dict.fromkeys(self.sent.keys() - self.unanswered, 1)
        assert self.tickets() == dict.fromkeys(self.sent, 1)
        self.until(lambda: self.acknowledged().keys() >= answered.keys())
        assert self.acknowledged() == answered
        self.require_nothing_in_pieces()

    def require_nothing_in_pieces(self) -> None:
        """What is kept is, to the byte, something that was sent, and nothing was moved that is not kept."""
        kept = set(self.raws())
        whole = tuple(self.sent.values())
        assert [raw[:200] for raw in kept if not raw.endswith(whole)] == []
        for name, address in MAILBOXES.items():
            assert set(self.stack.inbox(address, _done(name) or "Done")) <= kept

    def tickets(self) -> Counter[str]:
        """How many tickets there are for each subject."""
        with self.app.store.reading() as session:
            return Counter(row["subject"] for row in browse.tickets(session, limit=1000))

    def acknowledged(self) -> Counter[str]:
        """How many letters about each subject the customer has got, by the customer's own mailbox."""
        found: Counter[str] = Counter()
        for raw in self.stack.inbox(EVA):
            words = raw.partition(b"\nSubject: ")[2].partition(b"\n")[0].decode().split()
            found.update(subject for subject in self.sent if subject in words)
        return found

    def outcomes(self, subject: str) -> list[str]:
        """How the mails with this subject ended, in the order in which they came in."""
        rows = self.rows()
        # What came in between the two looks stands at the end.
        known = zip(rows, self.raws()[: len(rows)], strict=True)
        return [str(row.outcome) for row, raw in known if _subject(raw) == subject]

    def rows(self) -> list[Incoming]:
        """The ledger, in order."""
        with self.app.store.reading() as session:
            return list(session.scalars(sa.select(Incoming).order_by(Incoming.id)))  # type: ignore[arg-type]  # an attribute of a table class is a column

    def raws(self) -> list[bytes]:
        """The bytes of each mail in the ledger, in order."""
        rows = self.rows()
        with self.app.store.reading() as session:
            found = {raw.id: zlib.decompress(raw.data) for raw in session.scalars(sa.select(RawMail))}
        return [found[row.raw_id] for row in rows]

    def position(self, mailbox: str = "support") -> ReadTo:
        """How far the mailbox has been read."""
        with self.app.store.reading() as session:
            place = positions.get(session, mailbox)
        assert place is not None
        return place

    def status(self) -> dict[str, Any]:
        """What ``helpdesk status`` tells."""
        return gather(self.app)

    def problems(self, mailbox: str) -> list[str]:
        """What the status complains of about a mailbox."""
        named = (f"the mailbox {mailbox}:", f"inbox:{mailbox} ")
        return [text for text in self.status()["problems"] if text.startswith(named)]

    def state(self, mailbox: str) -> str:
        """Of its watcher."""
        return next((p["state"] for p in self.status()["parts"] if p["name"] == f"inbox:{mailbox}"), "unknown")

    def trouble(self, mailbox: str) -> str | None:
        """What is noted as wrong with a mailbox."""
        found = (box["error"] for box in self.status()["mailboxes"] if box["mailbox"] == mailbox)
        return next(found, "never read")

    def stop_server(self, *, kill: bool) -> None:
        """End Dovecot; killed, neither it nor a session of it says a word."""
        if kill:
            self.stack.kill_dovecot()
        else:
            self.stack.stop_dovecot()

    def forget_uids(self, mailbox: str) -> None:
        """All UIDs of the mailbox become void, as after a server's repair; the mails stay."""
        # A session that is told to end writes its UIDs once more.
        self.stack.kill_dovecot()
        for file in (self.stack.root / "mail" / MAILBOXES[mailbox]).glob("dovecot*"):
            file.unlink()
        # The next UIDVALIDITY is the time in seconds, so another second must have begun.
        time.sleep(1)
        self.stack.start_dovecot()

    def _is_quiet(self) -> bool:
        queues = self.status()["queues"]
        busy = {"incoming": ("waiting", "working"), "outgoing": ("queued", "sending", "retry")}
        return not any(set(words) & set(queues[queue]) for queue, words in busy.items())

    def _box(self, name: str) -> str:
        values = {"name": name, "address": MAILBOXES[name], "port": self.lines[name].port, "ca": self.stack.ca}
        values |= {"security": "tls" if name == TLS else "none", "insecure": str(name != TLS).lower()}
        values |= {"folder": FOLDER if name == DESK else "INBOX"}
        done = _done(name)
        return _MAILBOX.format(**values) + (f'done = "{done}"\n' if done else "")


def _done(mailbox: str) -> str | None:
    return None if mailbox == LEAVES else ARCHIVE if mailbox == FULL else "Done"


def _subject(raw: bytes) -> str:
    return raw.partition(b"\nSubject: ")[2].partition(b"\n")[0].decode().strip()


_SITE = """
[company]
name = "Example Ltd"
language = "en"

[store]
url = "{url}"
minimum_free_mb = 1

[smtp]
host = "localhost"
port = {smtps}
user = "billing@helpdesk.test"
password_env = "PASSWORD"
ca_file = "{ca}"

[limits]
per_address_hour = 1000
per_address_day = 1000
per_domain_hour = 1000
"""

_MAILBOX = """
[mailboxes.{name}]
address = "{address}"
department = "support"

[mailboxes.{name}.imap]
host = "localhost"
port = {port}
security = "{security}"
insecure = {insecure}
user = "{address}"
password_env = "PASSWORD"
ca_file = "{ca}"
folder = "{folder}"
"""

_DEPARTMENTS = '[departments.support]\nname = "Support"\nmembers = ["kata"]\n'
_STAFF = '[staff.kata]\nid = 1\nname = "Kata Kiss"\naddresses = ["kata@other.test"]\n'
