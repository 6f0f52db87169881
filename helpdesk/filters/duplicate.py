"""Drops a mail that has been taken in already, by whatever way it came again."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """The ledger holds a mail with the same Message-ID and the same content; either alone is not enough."""
    if facts.duplicate_of is None:
        return None
    reason = f"the same as mail {facts.duplicate_of}"
    return Finding(filter="duplicate", outcome=Outcome.DROP, reason=reason, kind=Kind.DUPLICATE)
