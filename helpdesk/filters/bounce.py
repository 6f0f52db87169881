"""Keeps a report that a mail could not be delivered on the ticket of that mail, and answers nobody."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Bounce, Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """Whatever the parser understood as a delivery report (RFC 3464 and its relatives)."""
    if mail.bounce is None:
        return None
    return Finding(filter="bounce", outcome=Outcome.MUTE, reason=_reason(mail.bounce), kind=Kind.BOUNCE)


def _reason(bounce: Bounce) -> str:
    if not bounce.recipients:
        return "a delivery report that names nobody"
    first, *others = bounce.recipients
    what = "could not be delivered" if first.permanent else "was delayed"
    more = f" and {len(others)} more" if others else ""
    status = f" ({first.status})" if first.status else ""
    return f"a mail to {first.address}{more} {what}{status}"
