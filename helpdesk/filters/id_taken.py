"""Notes that another mail with other words bears the same Message-ID; it is taken in like any other."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Outcome
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """Whoever could make a mail vanish by sending its Message-ID first would silence a customer."""
    if not facts.id_taken:
        return None
    return Finding(filter="id_taken", outcome=Outcome.ACCEPT, reason="another mail bears the same Message-ID")
