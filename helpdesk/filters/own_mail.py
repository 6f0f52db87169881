"""Drops our own mail come back: sent from an address of ours, or bearing our Message-ID or X-Loop token.

Only From counts: a staff member who copies one of our addresses, or writes from his own, is not us.
"""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.mail.message import Address, Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """What proves that we wrote it ourselves; what only looks so and wants answers elsewhere is shown to a person."""
    if reason := _proof(mail, facts):
        return Finding(filter="own_mail", outcome=Outcome.DROP, reason=reason, kind=Kind.OWN)
    own = next((author for author in mail.from_ if _without_plus(author) in facts.own_addresses), None)
    if own is None:
        return None
    reason = f"it was sent from {own.address}, an address of our own"
    if elsewhere := _elsewhere(mail, facts):
        # Forms on web pages write so, and the person behind them is waiting.
        reason = f"{reason}, and wants answers at {elsewhere}: a form on a web page? Let it write from its own address"
        return Finding(filter="own_mail", outcome=Outcome.HOLD, reason=reason)
    return Finding(filter="own_mail", outcome=Outcome.DROP, reason=reason, kind=Kind.OWN)


def _proof(mail: Mail, facts: Facts) -> str | None:
    if facts.own_message_id:
        return "it bears a Message-ID that we gave out"
    if facts.instance and facts.instance.lower() in (loop.strip().lower() for loop in mail.marks.loops):
        return "it bears our X-Loop token"
    return None


def _elsewhere(mail: Mail, facts: Facts) -> str | None:
    return next((one.address for one in mail.reply_to if _without_plus(one) not in facts.own_addresses), None)


def _without_plus(author: Address) -> str:
    return f"{author.local.partition('+')[0]}@{author.domain}"
