"""What programs send by themselves gets its ticket and no answer."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import auto_generated
from helpdesk.mail.message import Address, Forwarded, Mail, Marks
from tests.builders import EVA, facts, mail


@pytest.mark.parametrize(
    "marks",
    [
        {"auto_submitted": "auto-generated"},
        {"auto_submitted": "yes"},
        {"return_path": ""},
        {"precedence": "bulk"},
        {"precedence": "junk"},
        {"precedence": "auto_reply"},
        {"suppress": ("dr", "oof", "autoreply")},
        {"suppress": ("all",)},
        {"machine": ("x-cron-env: <SHELL=/bin/sh>",)},
        {"loops": ("somebody@else.test",)},
        {"calendar": "request"},
        {"calendar": "cancel"},
        {"report": "tlsrpt"},
    ],
)
def test_a_field_shows_the_program(marks: dict[str, Any]) -> None:
    """RFC 3834 5, the null path, Precedence, what wants no answers, X-Loop, invitations (C07, C08, C10, C13, C17)."""
    finding = auto_generated.check(mail(marks=Marks(**marks)), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.AUTO_GENERATED, Outcome.MUTE)


@pytest.mark.parametrize(
    "local",
    [
        *("noreply", "no-reply", "No_Reply", "do.not.reply", "shop-noreply-17", "please-do-not-reply", "noreplay"),
        *("nem-valaszol", "nem-válaszol", "nie-odpowiadaj", "ne-otvechat", "неотвечать", "ne-odgovaraj", "neodpovidat"),
        *("nicht-antworten", "keine-antwort", "ne-pas-repondre", "nepasrépondre", "no-responder", "non-rispondere"),
        *("nao-responda", "niet-beantwoorden", "svar-inte", "ikke-svar", "nu-raspunde", "yanıtlamayın"),
        *("nagios", "alerts", "backup.notifications", "zabbix2", "root", "www-data", "newsletter", "mailer-daemon"),
    ],
)
def test_an_address_that_nobody_reads(local: str) -> None:
    """No-reply in many spellings and languages, and the accounts of programs (C14, C43)."""
    robot = Address(name=None, address=f"{local}@x.test")
    finding = auto_generated.check(mail(robot), facts())
    assert finding is not None
    assert robot.address in finding.reason


@pytest.mark.parametrize(
    "values",
    [
        {"from_": (Address(name="Do Not Reply", address="info@x.test"),)},
        {"reply_to": (Address(name=None, address="noreply@x.test"),)},
    ],
)
def test_a_name_or_an_answer_address_that_nobody_reads(values: dict[str, Any]) -> None:
    """Where the sender says that he reads no answers, none is written."""
    assert auto_generated.check(mail(**{"sender": EVA} | values), facts()) is not None


@pytest.mark.parametrize(
    "subject",
    [
        "** PROBLEM Service Alert: web/HTTP is CRITICAL **",
        "[FIRING:2] DiskFull (web prod)",
        "Cron <root@web> /usr/bin/backup",
        "Logwatch for web.x.test (Linux)",
        "DegradedArray event on /dev/md0:web",
        "*** SECURITY information for web ***",
        "Report domain: x.test Submitter: google.com Report-ID: 1",
    ],
)
def test_the_subjects_of_monitoring_programs(subject: str) -> None:
    """Many alarms bear no other sign (C07)."""
    assert auto_generated.check(mail(subject=subject), facts()) is not None


@pytest.mark.parametrize(
    "local", ["eva", "info", "support", "norbert", "arno.replyson", "rootwell", "alarmann", "admin"]
)
def test_people_are_left_alone(local: str) -> None:
    """Names that only look a little like a program's."""
    assert auto_generated.check(mail(Address(name="Nagy Éva", address=f"{local}@x.test")), facts()) is None


@pytest.mark.parametrize(
    "marks",
    [
        {"auto_submitted": "no"},
        {"suppress": ("none",)},
        {"precedence": "first-class"},
        {"calendar": "other"},
        {"loops": ("Helpdesk@x.test/support",)},
        {"return_path": "eva@x.test"},
    ],
)
def test_a_field_that_says_nothing_of_a_program(marks: dict[str, Any]) -> None:
    """Values that mean a person (C06, C11), and our own token, which is another filter's."""
    assert auto_generated.check(mail(marks=Marks(**marks)), facts(instance="helpdesk@x.test/support")) is None


DECLARED = [
    "Thank you. This is an automatic response. I will reply after August 5.",
    "Dear Sir,\n\nthank you.\n\nThis is an automated acknowledgement. Please do not reply.",
    "Vielen Dank.\n\nDies ist eine automatische Antwort.",
    "Köszönjük.\n\nEz egy automatikus válaszüzenet.",
    "Спасибо. Это автоматический ответ.",
]
TOLD = [
    "Hello,\n> This is an automatic reply. We are closed.\nI know, but when will you answer me?",
    "I received this from you:\nThis is an automated response. Do not reply to this e-mail.\nWhat is it?",
    "The following text must be changed:\n\nThis is an automatic reply. We are closed.",
    "Hello,\n\nThis is an automatic reply. We are closed.\n\nSo it came back. What shall I do?",
    "I got this: this is an automatic reply. But when do you come?",
    'You wrote "This is an automated response" again.',
    "Is this an automatic reply?",
    "This is an automatic message. Your bill is attached.",
]


def told(text: str, subject: str = "Re: Printer", **values: Any) -> Mail:
    """A mail with these words."""
    return mail(text=text, subject=subject, **values)


@pytest.mark.parametrize("words", DECLARED)
def test_what_says_of_itself_that_it_is_an_automatic_answer_gets_none(words: str) -> None:
    """Programs that write no field write at least that, where they begin or end."""
    finding = auto_generated.check(told(words), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.AUTO_GENERATED, Outcome.MUTE)
    assert finding.reason.startswith("it says: ")


@pytest.mark.parametrize("words", TOLD)
def test_a_person_who_shows_an_automatic_answer_is_a_person(words: str) -> None:
    """A quotation, a text below a colon or in the midst of others; or it is no answer at all."""
    assert auto_generated.check(told(words), facts()) is None


def test_only_what_answers_something_is_an_automatic_answer() -> None:
    """It says so by the mail that it answers, by the null path, or by its subject."""
    words = "This is an automatic reply. We are closed."
    forwarded = Forwarded(sender=None, date=None, subject="", text="", comment="")
    assert auto_generated.check(told(words, "Your text"), facts()) is None
    assert auto_generated.check(told(words, "Re: Your text", forwarded=forwarded), facts()) is None
    for answer in (told(words, "AW: Text"), told(words, "Vá: x"), told(words, "x", in_reply_to=("<our@x.test>",))):
        assert auto_generated.check(answer, facts()) is not None


@pytest.mark.parametrize(
    ("subject", "text", "away"),
    [
        ("Házon kívül", "Szabadságon vagyok december 5-ig.", True),
        ("Out of Office: intro", "On annual leave, back Monday. I will reply then.", True),
        ("Urlaub", "Ich bin bis 5.12. im Urlaub.", True),
        ("Urlaub", "Wann ist der Laden offen?", False),
        ("Urlaub", "Ich bin ab Montag im Urlaub. Bitte stornieren Sie die Lieferung am Dienstag.", False),
        ("Vacation", "I am on vacation. Please hold my delivery until then.", False),
        ("Vacation booking 4711", "I am on vacation in May and want to change it.", False),
    ],
)
def test_nothing_but_words_of_absence_gets_no_answer_but_a_ticket(subject: str, text: str, *, away: bool) -> None:
    """It may be a person's after all: staff see it, and nobody's program is answered."""
    found = auto_generated.sign(mail(subject=subject, text=text), facts())
    assert (found is not None) is away
