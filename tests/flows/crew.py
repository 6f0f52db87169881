"""A site on PostgreSQL with several daemons at once: mail by a real Dovecot, letters to a small SMTP server."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import sqlalchemy as sa

from helpdesk.daemon import Daemon
from helpdesk.store import parts, positions
from helpdesk.store.parts import Beat
from helpdesk.store.session import Store
from tests.flows.house import House
from tests.inbox.place import mail
from tests.outbox.scripted import ScriptedSmtp

WORK_SECONDS = 60  # for everything that was sent in to be answered; it takes some seconds
END_SECONDS = 30


@dataclass
class Crew(House):
    """``sink`` takes the letters; the clock of all daemons is set forward by `pass_minutes`."""

    sink: ScriptedSmtp = field(kw_only=True)
    haste: bool = True
    """Whether times of the product are shortened."""
    daemons: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def environ(self) -> dict[str, str]:
        smtp = {"HOST": "127.0.0.1", "PORT": str(self.sink.port), "SECURITY": "none", "INSECURE": "true"}
        own = {f"HELPDESK_SMTP__{key}": value for key, value in smtp.items()}
        return {**super().environ, **own, "CLOCK": str(self._clock), "HASTE": "yes" if self.haste else ""}

    @cached_property
    def _store(self) -> Store:
        return Store(self.url, site=self.site)

    @property
    def _clock(self) -> Path:
        return self.site / "clock"

    def begin(self) -> None:
        """Note the end of the empty mailbox: what comes from now on is new."""
        self.write_site()
        self.pass_minutes(0)
        with self.opened() as app:
            asyncio.run(Daemon(app, read_only=True).once())

    def hire(self, *options: str, asleep: str = "") -> subprocess.Popen[bytes]:
        """Start another daemon; ``asleep``: the point where it falls asleep."""
        command = [sys.executable, "-m", "tests.flows.sleeper", "--site", str(self.site), "run", *options]
        with (self.site / "log").open("ab") as log:
            daemon = subprocess.Popen(command, env={**self.environ, "POINT": asleep}, stderr=log, stdout=log)
        self.daemons.append(daemon)
        return daemon

    def dismiss(self, daemon: subprocess.Popen[bytes]) -> int:
        """End it in an orderly way; its exit code."""
        daemon.send_signal(signal.SIGTERM)
        return daemon.wait(END_SECONDS)

    def until(self, fits: Callable[[], object], *, seconds: float = WORK_SECONDS) -> None:
        """As in a house, with the patience that several processes starting at once need."""
        super().until(fits, seconds=seconds)

    def kill(self) -> None:
        """End all that is left."""
        for daemon in self.daemons:
            daemon.kill()
            daemon.wait(END_SECONDS)
        self._store.close()

    def pass_minutes(self, minutes: int) -> None:
        """Set the clock of all daemons."""
        later = self._clock.with_suffix(".new")
        later.write_text(str(minutes))
        later.replace(self._clock)

    def sleeps(self, daemon: subprocess.Popen[bytes]) -> bool:
        """Whether it has been stopped."""
        assert daemon.poll() is None, self.log
        stat = Path(f"/proc/{daemon.pid}/stat").read_text()
        return stat.rpartition(")")[2].split()[0] == "T"

    def deliver(self, subjects: Sequence[str]) -> None:
        """Put a mail of each subject into the mailbox."""
        for subject in subjects:
            customer = f"{subject}@customer.test"
            raw = mail(subject).replace(b"eva@customer.test", customer.encode())
            self.stack.deliver(self.address, raw, sender=customer)

    def answered(self, subjects: Sequence[str]) -> bool:
        """Whether each customer has got a letter, and nothing is left to be done."""
        return {f"{subject}@customer.test" for subject in subjects} <= self.customers() and not self.busy()

    def customers(self) -> set[str]:
        """Who has got a letter."""
        return {letter.recipient for letter in self.sink.taken}

    def until_answered(self, subjects: Sequence[str]) -> None:
        """Wait for that."""
        self.until(lambda: self.answered(subjects))

    def beats(self) -> dict[str, set[str]]:
        """Of each part the states of the processes that do it."""
        with self._store.reading() as session:
            found: list[Beat] = parts.beats(session)
        return {beat.name: {each.state for each in found if each.name == beat.name} for beat in found}

    def read_to(self) -> int:
        """The highest UID that is kept."""
        with self._store.reading() as session:
            (place,) = positions.known(session)
        return place.uid

    def wait_for(self, part: str, state: str) -> None:
        """Wait until some process says so of a part."""
        self.until(lambda: state in self.beats().get(part, ()))

    def letter_states(self) -> set[str]:
        """How letters ended, or where they stand."""
        with self._store.reading() as session:
            return set(session.connection().scalars(sa.text("SELECT state FROM outgoing")))

    def require_once(self, subjects: Sequence[str]) -> None:
        """Each mail is one ticket; each letter arrived once, and none is of unknown fate."""
        with self._store.reading() as session:
            rows = session.connection()
            tickets = Counter(rows.scalars(sa.text("SELECT subject FROM tickets")))
            mails = Counter(rows.scalars(sa.text("SELECT state || ':' || outcome FROM incoming")))
            letters = Counter(rows.scalars(sa.text("SELECT message_id FROM outgoing")))
        assert tickets == Counter(subjects), self.log
        assert mails == {"done:ticket": len(subjects)}
        assert self.letter_states() == {"sent"}
        assert Counter(_message_id(letter.raw) for letter in self.sink.taken) == letters

    def busy(self) -> bool:
        """Whether a mail or letter waits, or is in hand."""
        busy = (
            "SELECT count(*) FROM incoming WHERE state IN ('waiting', 'working')",
            "SELECT count(*) FROM outgoing WHERE state IN ('queued', 'sending', 'retry')",
        )
        with self._store.reading() as session:
            return any(session.connection().scalar(sa.text(query)) for query in busy)


def _message_id(raw: bytes) -> str:
    field = next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id:"))
    return field.partition(b":")[2].strip().decode()
