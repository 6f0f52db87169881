"""Keeps an out-of-office, a receipt or another automatic answer on its ticket, if it has one, and never answers it.

A mail by a person must not end here, for nobody would read it: either a field that only programs write is needed, or
a subject that only programs write. Words of absence count only together with such a sign.
"""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.filters import _machine, auto_generated, mailing_list
from helpdesk.mail import away
from helpdesk.mail.message import Mail
from helpdesk.mail.phrases.separators import FORWARD_SUBJECT

REPORTS = {
    "disposition-notification": "a receipt (RFC 8098)",
    "feedback-report": "a complaint report (RFC 5965)",
    "delivery-status": "a report that a mail was delivered",
}
CALENDAR_ANSWERS = ("reply", "counter", "refresh")


def check(mail: Mail, facts: Facts) -> Finding | None:
    """The sign of an automatic answer; or that there is no sign of any machine."""
    if (reason := sign(mail)) is not None:
        until = f", {mail.absence.words}" if mail.absence else ""
        return Finding(filter="auto_reply", outcome=Outcome.MUTE, reason=f"{reason}{until}", kind=Kind.AUTO_REPLY)
    if mail.bounce or auto_generated.sign(mail, facts) or mailing_list.sign(mail, facts):
        return None
    return Finding(filter="auto_reply", outcome=Outcome.ACCEPT, reason="no sign of a machine")


def sign(mail: Mail) -> str | None:
    """By what a program shows that it answered; None when it did not, or when it reports a mail undelivered."""
    if mail.bounce is not None:
        return None
    return _by_form(mail) or _by_field(mail) or _by_subject(mail) or _by_a_rule(mail) or _by_words(mail)


def _by_form(mail: Mail) -> str | None:
    if mail.marks.report in REPORTS:
        return REPORTS[mail.marks.report]
    if mail.marks.calendar in CALENDAR_ANSWERS:
        return f"the calendar's {mail.marks.calendar} to an invitation"
    return "it asks the sender to prove that he is a person" if mail.marks.challenge else None


def _by_field(mail: Mail) -> str | None:
    submitted = mail.marks.auto_submitted
    if submitted is not None and submitted.startswith(_machine.ANSWERED):
        return f"Auto-Submitted: {submitted}"
    return mail.marks.responder[0] if mail.marks.responder else None


def _by_subject(mail: Mail) -> str | None:
    """Exchange before 2010 and many others mark an answer by nothing else."""
    if mail.marks.away_prefix is None or mail.marks.auto_submitted == "no":
        return None
    return f"the subject begins with: {mail.marks.away_prefix}"


def _by_a_rule(mail: Mail) -> str | None:
    """Exchange marks answers and forwarded mail alike; what was forwarded shows by its subject or its Resent fields."""
    passed_on = mail.marks.resent or mail.forwarded is not None or FORWARD_SUBJECT.match(mail.subject)
    if not mail.marks.rule_loop or passed_on or _machine.openly(mail) is None:
        return None
    return "an Exchange rule answered"


def _by_words(mail: Mail) -> str | None:
    """Absence in the subject or the text, where a field shows that a machine speaks, or the subject and the text do."""
    absent = mail.marks.away_subject
    openly = None if mail.marks.list_fields else _machine.openly(mail)
    answers = bool(mail.thread_ids) or mail.marks.return_path == ""
    if openly:
        words = absent or away.sentence(mail.text) or (away.hint(mail.text) if answers else None)
        return f"{openly}, and it says: {words}" if words else None
    if absent is None or mail.marks.auto_submitted == "no":
        return None
    if away.template(mail.text) or away.nothing_else(mail.subject, mail.text):
        return f"the subject and the text speak of absence: {absent}"
    return _by_subject_and_sentence(mail, absent)


def _by_subject_and_sentence(mail: Mail, absent: str) -> str | None:
    """People write both, too; a program answers with them, or sets its owner's name into the subject.

    A hint is not enough here: whoever answers about his holidays thanks for the message, too.
    """
    if mail.thread_ids and away.sentence(mail.text):
        return f"it answers a mail and says: {absent}"
    sender = mail.sender
    if sender is not None and away.names(mail.subject, sender.name) and away.sentence(mail.text):
        return f"the subject says who is away: {absent}"
    return None
