"""Drops the mail of senders whom the configuration blocks."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Address, Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """The entry of ``[blocked] senders`` that one of the authors is on."""
    entry = next((entry for entry in facts.blocked if any(_is_on(author, entry) for author in mail.from_)), None)
    if entry is None:
        return None
    return Finding(filter="blocked", outcome=Outcome.DROP, reason=f"{entry} is blocked", kind=Kind.BLOCKED)


def _is_on(author: Address, entry: str) -> bool:
    """``eva@x.example`` is one address, ``@x.example`` a domain, ``@.x.example`` a domain with all below it."""
    if entry.startswith("@."):
        return f".{author.domain}".endswith(entry[1:])
    return entry in (author.key, f"@{author.domain}")
