"""Holds a mail whose header block is built to be read in two ways and bears a claim of who sent it."""

from __future__ import annotations

from helpdesk.desk.verdict import Authentication, Facts, Finding, Outcome
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """A bare CR, LF or NUL among the fields, where we would believe an Authentication-Results field."""
    believed = facts.authentication is not Authentication.UNKNOWN and bool(mail.authentication)
    if not (mail.tampered and believed):
        return None
    reason = "bare line ends in the header block, which may hide a forged check of the sender"
    return Finding(filter="tampered", outcome=Outcome.HOLD, reason=reason)
