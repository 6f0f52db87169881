"""Holds a mail that names nobody who could have written it."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.filters import auto_generated, auto_reply, mailing_list
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """Neither From nor Reply-To holds an address; machines often write none, and are known by other signs."""
    if mail.from_ or mail.reply_to or mail.bounce:
        return None
    if auto_reply.sign(mail) or auto_generated.sign(mail, facts) or mailing_list.sign(mail, facts):
        return None
    return Finding(filter="no_sender", outcome=Outcome.HOLD, reason="it has no sender", kind=Kind.INVALID)
