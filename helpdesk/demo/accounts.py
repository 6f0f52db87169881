"""What the embedded mail server knows: its accounts, and the mails that go by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class Account:
    """One person's (or department's) mailbox on the server; the user name is the address."""

    address: str
    name: str
    password: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Passed:
    """One mail on its way to one recipient, as the server saw it; ``account`` is None when nobody takes it."""

    at: datetime
    sender: str
    """The envelope sender; "" is the null path."""
    recipient: str
    account: str | None
    raw: bytes
