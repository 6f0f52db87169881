"""Holds a mail that has passed through too many servers: it goes round in circles."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Mail

RECEIVED = 100  # servers, each writes one field; RFC 5321 6.3 names a hundred as the least that a loop check may allow


def check(mail: Mail, facts: Facts) -> Finding | None:
    """More Received fields than any way from a customer to us has."""
    if mail.marks.received <= RECEIVED:
        return None
    reason = f"it has passed through {mail.marks.received} servers"
    return Finding(filter="loop", outcome=Outcome.HOLD, reason=reason, kind=Kind.INVALID)
