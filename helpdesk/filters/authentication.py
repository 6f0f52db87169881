"""Answers nothing to a mail that our own mail server found forged (DMARC), and holds it when it copies others in."""

from __future__ import annotations

from helpdesk.desk.verdict import Authentication, Facts, Finding, Outcome
from helpdesk.filters import mailing_list
from helpdesk.mail.message import Mail


def check(mail: Mail, facts: Facts) -> Finding | None:
    """DMARC failed; without ``authserv_id`` nothing is known or said. Mailing lists break DMARC by their nature."""
    if facts.authentication is not Authentication.FAIL:
        return None
    if _copies_others(mail, facts) and mailing_list.sign(mail, facts) is None:
        reason = "the mail server's check of the sender failed, and others would read along"
        return Finding(filter="authentication", outcome=Outcome.HOLD, reason=reason)
    reason = "the mail server's check of the sender failed"
    return Finding(filter="authentication", outcome=Outcome.MUTE, reason=reason)


def _copies_others(mail: Mail, facts: Facts) -> bool:
    """Whoever forges a customer's mail to read the answers must write himself into Cc."""
    authors = {author.key for author in mail.from_}
    readers = {f"{person.local.partition('+')[0]}@{person.domain}" for person in mail.cc if person.key not in authors}
    return not readers <= facts.own_addresses
