"""A site on the private mail server, and what the doctor says of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk.config import Company, Config, Department, Imap, Mailbox, Smtp, Staff, StoreConfig
from helpdesk.doctor import Check, State, examine
from tests.servers.mailstack import PASSWORD, MailStack

USER = "support@helpdesk.test"
WAIT_SECONDS = 20  # a letter is back after a fraction of a second, on a busy machine after some


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Site:
    """What can be wrong with it is given by keyword."""

    folder: Path
    stack: MailStack
    smtp: dict[str, Any] = field(default_factory=dict)
    imap: dict[str, Any] = field(default_factory=dict)
    mailbox: dict[str, Any] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=lambda: {"PW": PASSWORD})
    url: str = "sqlite:///helpdesk.db"

    def but(self, **changes: Any) -> Site:
        """The same site with something changed."""
        return replace(self, **changes)

    @property
    def config(self) -> Config:
        server: dict[str, Any] = {
            "host": "localhost",
            "user": USER,
            "password_env": "PW",
            "ca_file": str(self.stack.ca),
        }
        imap = Imap(**(server | {"port": self.stack.imaps} | self.imap))
        box: dict[str, Any] = {"name": "support", "address": USER, "department": "support", "imap": imap}
        return Config(
            site=self.folder,
            company=Company(name="Test"),
            store=StoreConfig(url=self.url, minimum_free_mb=1),
            smtp=Smtp(**(server | {"port": self.stack.smtps} | self.smtp)),
            mailboxes={"support": Mailbox(**(box | self.mailbox))},
            departments={"support": Department(name="Support")},
            staff={"anna": Staff(id=1, name="Anna", addresses=("anna@helpdesk.test",))},
            environ=self.environ,
        )

    def examine(self, *, probe: bool = False, wait: float = WAIT_SECONDS) -> dict[str, Check]:
        """Every check by its name."""
        found = list(examine(self.config, with_probe=probe, wait_seconds=wait, now=utc_now))
        for each in found:
            print(f"{each.finding.state:8}{each.seconds:5.2f} {each.what}: {each.finding.said} → {each.finding.mend}")
        return {each.what: each for each in found}


def wrong(checks: Mapping[str, Check]) -> list[str]:
    """Names of what is wrong."""
    return [name for name, check in checks.items() if check.finding.state is State.WRONG]
