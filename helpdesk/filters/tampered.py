"""Holds a mail whose header can be read in two ways: behind a blank line, or with a claim among odd line ends."""

from __future__ import annotations

from helpdesk.desk.verdict import Authentication, Facts, Finding, Outcome
from helpdesk.mail.limits import BLANK_FIRST
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """What programs disagree about, where it matters."""
    reason = _reason(mail, facts)
    return Finding(filter="tampered", outcome=Outcome.HOLD, reason=reason) if reason else None


def _reason(mail: Mail, facts: Facts) -> str | None:
    """A blank line ends a header (RFC 5322 2.1), so to a strict reader such a mail has none and nobody wrote it.

    A bare CR, LF or NUL among the fields harms only where we would believe an Authentication-Results field.
    """
    if BLANK_FIRST in mail.defects:
        return BLANK_FIRST
    believed = facts.authentication is not Authentication.UNKNOWN and bool(mail.authentication)
    if mail.tampered and believed:
        return "bare line ends in the header block, which may hide a forged check of the sender"
    return None
