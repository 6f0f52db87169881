"""A site on the private mail server, with the real daemon of it running in a process of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import make_msgid
from pathlib import Path
from typing import Any

from helpdesk.app import App, opened
from helpdesk.demo.received import Received
from helpdesk.store import browse, positions, queues
from helpdesk.store.browse import Row
from tests.servers.mailstack import PASSWORD, MailStack

STARTED_SECONDS = 30  # for the daemon to have looked into its mailbox; it takes two or three
LETTER_SECONDS = 20  # for a mail to go through everything; it takes one
QUIET_SECONDS = 0.8  # before and after the queues are empty: whatever was to be sent has arrived by then


@dataclass
class House:
    """One site; mails to it go through Postfix, letters of it are read in the boxes where they arrived."""

    site: Path
    stack: MailStack
    url: str
    address: str = "support@helpdesk.test"
    staff: Mapping[str, str] = field(
        default_factory=lambda: {"anna": "anna@helpdesk.test", "bela": "bela@helpdesk.test"}
    )
    mailbox: str = ""
    """More lines of [mailboxes.support]."""
    limits: str = "per_domain_hour = 1000"
    """Lines of [limits]."""
    _daemon: subprocess.Popen[bytes] | None = None
    _seen: dict[str, set[bytes]] = field(default_factory=dict)

    @property
    def environ(self) -> dict[str, str]:
        return {**os.environ, "PASSWORD": PASSWORD}

    @property
    def pid(self) -> int:
        """Of the daemon."""
        assert self._daemon is not None
        return self._daemon.pid

    @property
    def log(self) -> str:
        return (self.site / "log").read_text(encoding="utf-8")

    def write_site(self) -> None:
        """The files of the site, as an admin writes them."""
        (self.site / "config").mkdir(parents=True)
        values = {"url": self.url, "address": self.address, "ca": self.stack.ca, "mailbox": self.mailbox}
        values |= {"smtps": self.stack.smtps, "imaps": self.stack.imaps, "limits": self.limits}
        (self.site / "helpdesk.toml").write_text(_MAIN.format(**values), encoding="utf-8")
        members = ", ".join(f'"{key}"' for key in self.staff)
        departments = f'[departments.support]\nname = "Ügyfélszolgálat"\nmembers = [{members}]\n'
        (self.site / "config/departments.toml").write_text(departments, encoding="utf-8")
        people = (
            f'[staff.{key}]\nid = {number}\nname = "{key.title()} Kiss"\naddresses = ["{address}"]\n'
            for number, (key, address) in enumerate(self.staff.items(), 1)
        )
        (self.site / "config/staff.toml").write_text("\n".join(people), encoding="utf-8")

    def start(self, *options: str) -> None:
        """Run the daemon; returns when it watches its mailbox."""
        command = [sys.executable, "-m", "helpdesk", "--site", str(self.site), "run", *options]
        with (self.site / "log").open("ab") as log:
            self._daemon = subprocess.Popen(command, env=self.environ, stderr=log, stdout=log)
        self.until(self._watches, seconds=STARTED_SECONDS)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; its exit code."""
        assert self._daemon is not None
        self._daemon.send_signal(number)
        try:
            return self._daemon.wait(30)
        except subprocess.TimeoutExpired:
            self._daemon.kill()
            raise

    def shell(self, *words: str) -> Any:
        """What a shell command beside the daemon prints as JSON; it must end with 0."""
        command = [sys.executable, "-m", "helpdesk", "--site", str(self.site), *words]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done
        return json.loads(done.stdout)

    @contextmanager
    def opened(self) -> Iterator[App]:
        """The site, as a shell command sees it."""
        with opened(self.site, self.environ) as app:
            yield app

    def until(self, fits: Callable[[], object], *, seconds: float = LETTER_SECONDS) -> None:
        """Wait until something is so; says what the daemon logged when it does not become so."""
        end = time.monotonic() + seconds
        while not fits():
            if time.monotonic() > end:
                raise TimeoutError(f"not within {seconds} s; the daemon said:\n{self.log}")
            time.sleep(0.05)

    def quiet(self) -> None:
        """Wait until every mail is handled and every letter sent, and then a little."""
        time.sleep(QUIET_SECONDS)
        busy = {"incoming": ("waiting", "working"), "outgoing": ("queued", "sending", "retry")}
        with self.opened() as app:
            self.until(lambda: not any(set(words) & set(_depths(app)[queue]) for queue, words in busy.items()))
        time.sleep(QUIET_SECONDS)

    def send(self, mail: EmailMessage, *, envelope_from: str | None = None, to: str | None = None) -> None:
        """Bring a mail to Postfix, as another company's server does."""
        sender = _spec(str(mail["From"])) if envelope_from is None else envelope_from
        self.stack.send(sender, [to or _spec(str(mail["To"]))], mail.as_bytes())

    def customer_writes(self, sender: str, subject: str, text: str = "Nem megy a nyomtató.", **fields: str) -> str:
        """A new mail to support; gives its Message-ID."""
        mail = new_mail(sender, self.address, subject, text, **fields)
        self.send(mail)
        return str(mail["Message-ID"])

    def letter(self, user: str, fits: Callable[[Received], bool], *, seconds: float = LETTER_SECONDS) -> Received:
        """Wait for a mail in somebody's inbox that was not asked for before."""
        seen = self._seen.setdefault(user, set())

        found: list[Received] = []

        def look() -> bool:
            mails = (Received.read(0, raw) for raw in self.stack.inbox(user) if raw not in seen)
            found.extend([mail for mail in mails if fits(mail)][:1])
            return bool(found)

        self.until(look, seconds=seconds)
        seen.add(found[0].raw)
        return found[0]

    def letters(self, user: str, fits: Callable[[Received], bool]) -> list[Received]:
        """What is in somebody's inbox now."""
        return [mail for raw in self.stack.inbox(user) if fits(mail := Received.read(0, raw))]

    def ticket(self, number: int) -> Row:
        """A ticket with its messages, letters, links and history."""
        with self.opened() as app, app.store.reading() as session:
            found = browse.ticket(session, number)
        assert found is not None
        return found

    def tickets(self, subject: str) -> list[Row]:
        """All tickets with these words in the subject, the newest first."""
        with self.opened() as app, app.store.reading() as session:
            return [row for row in browse.tickets(session, limit=1000) if subject in row["subject"]]

    def new_ticket(self, subject: str) -> Row:
        """Wait for the one ticket with these words in the subject."""
        self.until(lambda: self.tickets(subject))
        (found,) = self.tickets(subject)
        return self.ticket(found["number"])

    def quarantine(self) -> list[queues.Quarantined]:
        """What waits for a person."""
        with self.opened() as app, app.store.reading() as session:
            return queues.quarantine_list(session)

    def _watches(self) -> bool:
        assert self._daemon is not None
        assert self._daemon.poll() is None, self.log
        if "mailbox begun" not in self.log and "mailbox connected" not in self.log:
            return False
        with self.opened() as app, app.store.reading() as session:
            return bool(positions.known(session))


def _depths(app: App) -> Mapping[str, Mapping[str, int]]:
    with app.store.reading() as session:
        return browse.depths(session)


def new_mail(sender: str, to: str, subject: str, text: str, **fields: str) -> EmailMessage:
    """A mail by a person; more header fields by keyword, with ``_`` for ``-``."""
    mail = EmailMessage()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = datetime.now(UTC)
    mail["Message-ID"] = make_msgid(domain=_spec(sender).rpartition("@")[2])
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text + "\n")
    return mail


def reply(to: Received, sender: str, text: str, *, address: str | None = None, threaded: bool = True) -> EmailMessage:
    """An answer as a mail program makes it, with the whole mail quoted below."""
    quoted = "\n".join(f"> {line}".rstrip() for line in to.text.splitlines())
    words = f"{text}\n\nOn 2 March 2026 at 9:00, {to.field('From')} wrote:\n{quoted}"
    subject = to.subject if to.subject.startswith("Re: ") else f"Re: {to.subject}"
    mail = new_mail(sender, address or to.answer_to, subject, words)
    if threaded:
        mail["In-Reply-To"] = to.field("Message-ID")
        mail["References"] = f"{to.field('References')} {to.field('Message-ID')}".strip()
    return mail


def number(mail: Received) -> int:
    """The number of the ticket in the subject."""
    return int(mail.subject.partition("[HD-")[2].partition("]")[0])


def _spec(mailbox: str) -> str:
    return mailbox.rpartition("<")[2].rstrip(">")


_MAIN = """
[company]
name = "Minta Kft."
language = "hu"
timezone = "Europe/Budapest"

[store]
url = "{url}"
minimum_free_mb = 1

[smtp]
host = "localhost"
port = {smtps}
user = "{address}"
password_env = "PASSWORD"
ca_file = "{ca}"

[mailboxes.support]
address = "{address}"
department = "support"
{mailbox}

[mailboxes.support.imap]
host = "localhost"
port = {imaps}
user = "{address}"
password_env = "PASSWORD"
ca_file = "{ca}"
done = "Done"

[limits]
{limits}
"""
