"""helpdesk.toml and config/*.toml become one frozen `Config`; every mistake at once, each with file and key."""

from __future__ import annotations

from helpdesk.config.load import load
from helpdesk.config.models import (
    Blocked,
    Company,
    Config,
    Department,
    Imap,
    Limits,
    Mailbox,
    MailLimits,
    Smtp,
    Staff,
    StoreConfig,
    Tickets,
    blank,
)

__all__ = [
    "Blocked",
    "Company",
    "Config",
    "Department",
    "Imap",
    "Limits",
    "MailLimits",
    "Mailbox",
    "Smtp",
    "Staff",
    "StoreConfig",
    "Tickets",
    "blank",
    "load",
]
