"""Every error of the program, in one tree; a docstring is the message when nothing better is said.

HelpdeskError
├── UsageError            what was typed cannot be done; says what, where and how to mend it
├── ConfigError           the configuration has mistakes (all of them, in ``problems``)
├── TemplateError         a template cannot be found or rendered
├── MailError             bytes that no mail can be made of
├── ParseFailed           the parse worker gave up on a mail (time, memory, crash)
├── StoreError            the database
│   ├── StoreBusy         another process holds the lock for too long
│   ├── StoreFull         no space left, or less than ``minimum_free_mb``
│   ├── StoreReadOnly     the database cannot be written
│   ├── StoreGone         the connection is lost
│   ├── StoreBroken       the disk or the file is damaged
│   ├── SchemaMismatch    written by a newer version, or not migrated yet
│   ├── AlreadyRunning    a second daemon on the same file
│   └── LeaseLost         another process does meanwhile what only one may do
├── MailboxError          the IMAP side
│   ├── LoginRefused      user or password (or token) not accepted
│   ├── ConnectionLost    not reachable, cut, timed out: try again
│   └── ServerRefused     the server said NO or BAD to a command
└── ChannelError          the SMTP side: no letter can leave at the moment
    ├── ChannelRefused    login, certificate or relaying not accepted: somebody must mend it
    └── ChannelLost       not reachable, cut, timed out or busy: try again
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from pathlib import Path


class HelpdeskError(Exception):
    """Something went wrong."""

    def __init__(self, message: str | None = None) -> None:
        super().__init__(message or inspect.getdoc(type(self)) or type(self).__name__)


class UsageError(HelpdeskError):
    """That cannot be done."""


@dataclass(frozen=True, kw_only=True)
class Problem:
    """One mistake in the configuration: where it stands, what it is, how to mend it."""

    file: Path | None
    key: str
    line: int | None
    message: str
    mend: str
    note: bool = False
    """True when it should be known but keeps nothing from working."""

    def __str__(self) -> str:
        where = str(self.file) if self.file else "environment"
        if self.line is not None:
            where += f":{self.line}"
        key = f"{self.key}: " if self.key else ""
        return f"{where}: {key}{self.message} {self.mend}".rstrip()


class ConfigError(HelpdeskError):
    """The configuration has mistakes."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(str(problem) for problem in problems))
        self.problems = problems


class TemplateError(HelpdeskError):
    """A template cannot be rendered."""


class MailError(HelpdeskError):
    """No mail can be made of these bytes."""


class ParseFailed(HelpdeskError):
    """The mail could not be parsed within the limits of time and memory."""


class StoreError(HelpdeskError):
    """The database failed."""


class StoreBusy(StoreError):
    """Another process has held the database for too long."""


class StoreFull(StoreError):
    """There is no space left for the database."""


class StoreReadOnly(StoreError):
    """The database cannot be written."""


class StoreGone(StoreError):
    """The connection to the database is lost."""


class StoreBroken(StoreError):
    """The database file cannot be read or written; look at the disk."""


class SchemaMismatch(StoreError):
    """The database has another schema than this version of helpdesk."""


class AlreadyRunning(StoreError):
    """Another helpdesk daemon works on this database."""


class LeaseLost(StoreError):
    """Another process has taken this work over; nothing was written."""


# The database as a whole: this says nothing about the mail or letter in hand, and everything waits until it is over.
TROUBLE = (StoreBusy, StoreFull, StoreReadOnly, StoreGone, StoreBroken)


class MailboxError(HelpdeskError):
    """The mailbox cannot be read."""


class LoginRefused(MailboxError):
    """The mail server refused user or password."""


class ConnectionLost(MailboxError):
    """The mail server cannot be reached or the connection was cut."""


class ServerRefused(MailboxError):
    """The mail server refused a command."""


class ChannelError(HelpdeskError):
    """No letter can leave at the moment."""


class ChannelRefused(ChannelError):
    """The mail server does not let us send."""


class ChannelLost(ChannelError):
    """The mail server for sending cannot be reached or the connection was cut."""
