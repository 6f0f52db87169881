"""Keeps a report that a mail was not delivered on the ticket of that mail, and holds what a person may have written."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Bounce, Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """Whatever the parser understood as a delivery report (RFC 3464 and its relatives)."""
    if mail.bounce is None:
        return None
    reason = _reason(mail.bounce)
    if mail.bounce.certain:
        return Finding(filter="bounce", outcome=Outcome.MUTE, reason=reason, kind=Kind.BOUNCE)
    doubt = f"it says that {reason}, but nothing shows that a mail server wrote it, and not a person"
    return Finding(filter="bounce", outcome=Outcome.HOLD, reason=doubt, kind=Kind.BOUNCE)


def _reason(bounce: Bounce) -> str:
    if not bounce.recipients:
        return "a delivery report that names nobody" if bounce.certain else "a mail could not be delivered"
    first, *others = bounce.recipients
    what = "could not be delivered" if first.permanent else "was delayed"
    more = f" and {len(others)} more" if others else ""
    status = f" ({first.status})" if first.status else ""
    return f"a mail to {first.address}{more} {what}{status}"
