"""Takes mails that lie in files into the ledger, as if they had come by one of the mailboxes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from helpdesk.config import Config
from helpdesk.desk import people
from helpdesk.errors import MailError, StoreFull, UsageError
from helpdesk.inbox import stub
from helpdesk.inbox.files import STDIN, Found
from helpdesk.mail.message import Mail
from helpdesk.store import queues
from helpdesk.store.session import Store

HEADER_BYTES = 65_536  # enough to see whom a mail is addressed to; where it is not, the first mailbox gets it
STUB_HEADER_BYTES = 262_144  # of a mail that is too large; as much as is fetched from a mailbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """Where a mail lay, its number in the ledger, and the mailbox that it counts for."""

    source: str
    mail: int
    mailbox: str


def addressed(mail: Mail, config: Config) -> str | None:
    """The name of the mailbox that a mail was sent to: by its address, an alias, or one of our reply addresses."""
    for address in mail.addressed:
        name = config.mailbox_for(address)
        if name is not None:
            return name
        for name, box in config.mailboxes.items():
            if people.reply_part(address, box):
                return name
    return None


class Taker:
    """Keeps mails; ``mailbox`` None lets each count for the one that it is addressed to, else for the first."""

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        now: Callable[[], datetime],
        mailbox: str | None = None,
        acknowledge: bool | None = None,
    ) -> None:
        """``acknowledge`` None: what comes through a pipe is new and gets its answer, what lies in a file is old.

        Raises UsageError for a mailbox that there is not.
        """
        if mailbox is not None and mailbox not in config.mailboxes:
            message = f"There is no mailbox {mailbox}; known are {', '.join(config.mailboxes)}."
            raise UsageError(message)
        self._config = config
        self._store = store
        self._now = now
        self._mailbox = mailbox
        self._acknowledge = acknowledge

    def take(self, batch: Sequence[Found]) -> list[Taken]:
        """Keep some mails in one transaction: all of them are safe when this returns. Raises StoreError."""
        self._require_space()
        now = self._now()
        mails = [self._mail(found, now) for found in batch]
        with self._store.writing() as session:
            numbers = queues.keep(session, mails, now)
        return [
            Taken(source=found.source, mail=number, mailbox=mail.mailbox)
            for found, mail, number in zip(batch, mails, numbers, strict=True)
        ]

    def _mail(self, found: Found, now: datetime) -> queues.Fetched:
        piped = found.source == STDIN
        return queues.Fetched(
            mailbox=self._mailbox or self._guessed(found.raw),
            raw=self._kept(found),
            # A time that is still to come is a wrong clock.
            received=min(found.received or now, now),
            acknowledge=piped if self._acknowledge is None else self._acknowledge,
            source="pipe" if piped else _printable(found.source),
            filed=True,
        )

    def _kept(self, found: Found) -> bytes:
        """The mail as it came; of one that is too large its header and a note, so that a ticket opens all the same."""
        size, limit = len(found.raw), self._config.mail.maximum_mb * stub.MEGABYTE
        if size <= limit:
            return found.raw
        header = found.raw[:STUB_HEADER_BYTES]
        if found.source == STDIN:
            return stub.oversize_pipe(header, size=size, limit=limit)
        # Without its folders, so that the same file taken by another path is the same mail.
        return stub.oversize_file(header, size=size, limit=limit, file=_printable(Path(found.source).name))

    def _guessed(self, raw: bytes) -> str:
        names = list(self._config.mailboxes)
        if len(names) == 1:
            return names[0]
        # Slow to load, and most sites have one mailbox.
        from helpdesk.mail.parse import parse

        try:
            mail = parse(_header(raw))
        except MailError:
            return names[0]
        return addressed(mail, self._config) or names[0]

    def _require_space(self) -> None:
        free, needed = self._store.free_mb(), self._config.store.minimum_free_mb
        if free is not None and free < needed:
            message = f"Only {free} MB are free, less than minimum_free_mb = {needed}: nothing more is taken in."
            raise StoreFull(message)


def _printable(name: str) -> str:
    """Names of files may hold bytes that are no letters."""
    return name.encode("utf-8", "backslashreplace").decode()


def _header(raw: bytes) -> bytes:
    """The header block; the body is parsed later, in a process of its own."""
    start = raw[:HEADER_BYTES]
    ends = [end for line in (b"\r\n\r\n", b"\n\n") if (end := start.find(line, 1)) > 0]
    return start[: min(ends, default=len(start))] + b"\n\n"
