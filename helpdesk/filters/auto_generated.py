"""Takes in what a program sent by itself, an alarm, a notice, an invitation, and answers nothing to it."""

from __future__ import annotations

from helpdesk.desk.verdict import Facts, Finding, Kind, Outcome
from helpdesk.filters import _machine, _robots
from helpdesk.mail import away
from helpdesk.mail.message import Mail, Marks

INVITATIONS = ("request", "publish", "cancel", "add", "declinecounter")


def check(mail: Mail, facts: Facts) -> Finding | None:
    """The sign of a program that writes without being asked; None for mail by people."""
    reason = sign(mail, facts)
    if reason is None:
        return None
    return Finding(filter="auto_generated", outcome=Outcome.MUTE, reason=reason, kind=Kind.AUTO_GENERATED)


def sign(mail: Mail, facts: Facts) -> str | None:
    """By what it shows that no person is waiting for an answer."""
    return _machine.openly(mail) or _by_field(mail.marks, facts) or _robots.sign(mail) or _by_words(mail)


def _by_field(marks: Marks, facts: Facts) -> str | None:
    if marks.machine:
        return marks.machine[0]
    foreign = next((loop for loop in marks.loops if loop.strip().lower() != facts.instance.lower()), None)
    if foreign is not None:
        return f"X-Loop: {foreign[:60]}"
    if marks.calendar in INVITATIONS:
        return f"a calendar's {marks.calendar}"
    return f"a report: {marks.report}" if marks.report else None


def _by_words(mail: Mail) -> str | None:
    """What says of itself that it is automatic, or nothing but that somebody is away.

    Staff see it, for a person might have written that.
    """
    if mail.marks.auto_submitted != "no" and mail.forwarded is None and away.only_absence(mail.subject, mail.text):
        return "it says nothing but that somebody is away"
    answers = bool(mail.thread_ids) or mail.marks.return_path == "" or away.answers(mail.subject)
    if not answers or mail.forwarded is not None or mail.marks.auto_submitted == "no":
        return None
    declared = away.declares(mail.text, mail.signed_text)
    return f"it says: {declared}" if declared else None
