"""Automatic answers are found by fields and by subjects that only programs write; people are never taken for one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import auto_reply
from helpdesk.mail import away
from helpdesk.mail.message import Absence, Address, Bounce, Forwarded, Mail, Marks
from tests.builders import facts, mail

RULE: dict[str, Any] = {"rule_loop": True, "suppress": ("all",)}
AWAY = "I am currently out of the office and will answer when I return."
NOTES = "I will be out of the office starting 07/25/2003 and will not return until 08/04/2003."
PASSED_ON = Forwarded(sender=None, date=None, subject="", text="", comment="")


def answer(
    text: str = "Nem megy a nyomtató.", *, subject: str = "Re: Nyomtató", mail_id: str = "", **marks: Any
) -> Mail:
    """A mail with these marks; ``mail_id`` is what it answers."""
    return mail(text=text, subject=subject, in_reply_to=(mail_id,) if mail_id else (), marks=Marks(**marks))


@pytest.mark.parametrize(
    "found",
    [
        answer(auto_submitted="auto-replied"),
        answer(auto_submitted="auto-notified"),
        answer(responder=("x-autoreply: yes",)),
        answer(report="disposition-notification"),
        answer(report="feedback-report"),
        answer(report="delivery-status"),
        answer(calendar="reply"),
        answer(calendar="counter"),
        answer(challenge=True),
        answer(away_prefix="automatische antwort"),
        answer(**RULE),
        answer(rule_loop=True, auto_submitted="auto-generated"),
        answer(AWAY, auto_submitted="auto-generated"),
        answer(away_subject="out of office", precedence="bulk"),
        answer(away_subject="abwesend", return_path=""),
        answer(AWAY, away_subject="out of office", mail_id="<our@helpdesk.test>"),
        answer(NOTES, away_subject="is out of the office."),
    ],
)
def test_an_automatic_answer_is_muted(found: Mail) -> None:
    """RFC 3834, older fields, receipts, challenges, Exchange rules, and words together with a sign (C04, C05, C12)."""
    finding = auto_reply.check(found, facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.AUTO_REPLY, Outcome.MUTE)
    assert finding.reason


@pytest.mark.parametrize(
    "human",
    [
        answer(),
        answer(auto_submitted="no"),
        answer(auto_submitted="no", away_prefix="automatic reply"),
        answer(AWAY),
        answer(AWAY, away_subject="out of office"),
        answer(away_subject="absence", mail_id="<our@helpdesk.test>"),
        answer(rule_loop=True),
        answer(suppress=("none",)),
        answer(suppress=("dr", "ndr", "rn", "nrn")),
        answer(precedence="first-class"),
    ],
)
def test_people_are_accepted(human: Mail) -> None:
    """Words of absence alone, a rule that redirected, a field that says no (C06, C11)."""
    finding = auto_reply.check(human, facts())
    assert finding is not None
    assert (finding.kind, finding.outcome, finding.reason) == (None, Outcome.ACCEPT, "no sign of a machine")


@pytest.mark.parametrize(
    "passed_on",
    [
        answer(subject="WG: Nyomtató", **RULE),
        answer(resent=True, **RULE),
        mail(marks=Marks(**RULE), forwarded=PASSED_ON),
        answer(AWAY, precedence="bulk", list_fields=("list-id",)),
    ],
)
def test_what_people_wrote_and_a_program_passed_on_is_no_answer(passed_on: Mail) -> None:
    """It gets its ticket, though nobody is answered: a rule's forwarding, a list."""
    assert auto_reply.check(passed_on, facts()) is None


def test_a_bounce_is_no_automatic_answer() -> None:
    """An NDR that says auto-replied is only a bounce (C21)."""
    assert auto_reply.check(mail(marks=Marks(auto_submitted="auto-replied"), bounce=Bounce()), facts()) is None


def test_a_machine_of_another_kind_is_not_called_a_person() -> None:
    """No finding says that there is no sign of a machine when another filter has found one."""
    assert auto_reply.check(answer(auto_submitted="auto-generated"), facts()) is None
    assert auto_reply.check(answer(list_fields=("list-id",)), facts()) is None


def test_the_day_of_return_is_part_of_the_reason() -> None:
    """A manager reads on the ticket when the customer is back."""
    absence = Absence(day=date(2026, 3, 16), back=True)
    finding = auto_reply.check(mail(marks=Marks(auto_submitted="auto-replied"), absence=absence), facts())
    assert finding is not None
    assert finding.reason == "Auto-Submitted: auto-replied, back on 2026-03-16"


def test_absence_with_the_name_of_the_sender_is_an_answer() -> None:
    """Programs set it into the subject; a person who writes about holidays need not."""
    found = answer(AWAY, subject="Out of office - Anna Horváth", away_subject="out of office")
    anna = Address(name="Anna Horvath", address="anna@kunde.test")
    assert auto_reply.sign(replace(found, from_=(anna,))) is not None
    assert auto_reply.sign(replace(found, from_=(replace(anna, name="Anna"),))) is None


@pytest.mark.parametrize(
    ("subject", "text", "is_answer"),
    [
        ("Réponse automatique", "Absent", True),
        ("Automatic reply", "How do I set this up in your program?", False),
        ("Automatic reply", "I am away, " + "and the printer prints nothing, " * 5, False),
    ],
)
def test_a_subject_that_is_nothing_but_a_prefix(subject: str, text: str, is_answer: bool) -> None:
    """The text must say in a few words that somebody is away, and nothing else."""
    found = answer(text, subject=subject, away_subject=subject.lower())
    assert (auto_reply.sign(found) is not None) is is_answer


def test_thanks_for_a_message_count_only_in_a_machines_answer() -> None:
    """A notice that somebody's program sends by itself is to be read."""
    thanks = "Thank you for your e-mail. I will endeavour to reply soon."
    assert auto_reply.sign(answer(thanks, return_path="")) is not None
    assert auto_reply.sign(answer(thanks, auto_submitted="auto-generated")) is None
    assert auto_reply.sign(answer(thanks)) is None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Urlaub: wer vertritt?", "Danke für Ihre Antwort. Der Drucker geht immer noch nicht."),
        ("Vacation booking 4711", "Thank you for your message. I would like to change the booking of the vacation."),
        ("Ferie: conteggio sbagliato", "Grazie per la risposta. Ma le ferie non sono giuste."),
        ("Szabadság kiszámítása", "Köszönöm levelét! A szabadságom még mindig rosszul van kiszámolva."),
        ("Urlop – błąd w systemie", "Dziękuję za wiadomość. Urlop nadal jest źle policzony."),
        ("Отпуск неверно посчитан", "Спасибо за ваше письмо. Отпуск всё ещё неверен."),
        ("Travelling card broken", "Thanks for your message. My travelling card does not work."),
        ("Unavailable: web page since 10:00", "Thank you for your message. The page is still down."),
        ("Away team score wrong in app", "Thank you for your e-mail, the score is still wrong in the app."),
    ],
)
def test_who_answers_about_holidays_and_says_thanks_is_a_person(subject: str, text: str) -> None:
    """His subject begins as that of a program, and he is polite; only a sentence of absence would tell more."""
    absent = away.absence(subject)
    assert absent is not None
    assert auto_reply.sign(answer(text, subject=subject, mail_id="<our@x.test>", away_subject=absent)) is None


def test_that_a_mail_says_of_itself_that_it_is_automatic_is_not_enough() -> None:
    """It is taken in without an answer (`auto_generated`), so that staff see what a person might have written."""
    declared = answer("Thank you. This is an automatic response.", mail_id="<our@x.test>")
    assert auto_reply.sign(declared) is None
    assert auto_reply.check(declared, facts()) is None
