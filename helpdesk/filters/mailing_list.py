"""Takes in the mail of mailing lists and newsletters, and answers nothing to it.

A list of our own, by which a company passes its support address on to several people, is no list to our customers.
"""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """The field that shows that a list or a mass mailer sent it."""
    reason = sign(mail, facts)
    return Finding(filter="mailing_list", outcome=Outcome.MUTE, reason=reason, kind=Kind.LIST) if reason else None


def sign(mail: Mail, facts: Facts) -> str | None:
    """By what the list shows; None for mail by people."""
    if _our_own(mail.marks.list_id, facts):
        return None
    if mail.marks.list_fields:
        return ", ".join(mail.marks.list_fields[:3])
    return "Precedence: list" if mail.marks.precedence == "list" else None


def _our_own(list_id: str | None, facts: Facts) -> bool:
    """Whether the list is one of our addresses: support@minta.example is known as <support.minta.example>."""
    return list_id in {address.replace("@", ".") for address in facts.own_addresses}
