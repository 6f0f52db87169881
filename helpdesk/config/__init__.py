"""helpdesk.toml and config/*.toml become one frozen `Config`; every mistake at once, each with file and key."""

from __future__ import annotations

from helpdesk.config.load import load
from helpdesk.config.models import (
    Blocked,
    Company,
    Config,
    Department,
    Limits,
    MailLimits,
    Staff,
    StoreConfig,
    Tickets,
    blank,
)
from helpdesk.config.servers import Imap, Mailbox, Server, Smtp

__all__ = [
    "Blocked",
    "Company",
    "Config",
    "Department",
    "Imap",
    "Limits",
    "MailLimits",
    "Mailbox",
    "Server",
    "Smtp",
    "Staff",
    "StoreConfig",
    "Tickets",
    "blank",
    "load",
]
