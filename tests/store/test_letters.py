"""What a letter is compared by: its domain, and its subject without prefixes and ticket numbers."""

from __future__ import annotations

import time

import pytest

from helpdesk.store.letters import BREAKER, SUBJECT_CHARACTERS, Put, normalised
from helpdesk.store.tables import OutgoingState
from tests.store.rows import letter


@pytest.mark.parametrize(
    ("subject", "key"),
    [
        ("Printer", "printer"),
        ("Re: Printer", "printer"),
        ("RE: AW: Vá: Odp: SV: Printer", "printer"),
        ("Re[2]: printer", "printer"),
        ("Re (3) : Printer", "printer"),
        ("Antwort: Válasz: Ответ: ПРИНТЕР", "принтер"),
        ("[HD-1042] Printer", "printer"),
        ("Re: [Ticket#2026030210000012] Re: Printer (Case 12)", "printer"),
        ("  Two\t words  ", "two words"),
        ("Printer: broken", "printer: broken"),
        ("STRASSE Straße", "strasse strasse"),
        ("", ""),
        ("Re:", ""),
    ],
)
def test_equal_subjects_have_one_key(subject: str, key: str) -> None:
    """Two machines that answer each other change prefixes and numbers, not the rest."""
    assert normalised(subject) == key


def test_a_subject_of_prefixes_costs_nothing() -> None:
    """A megabyte of them is read once, not once for each."""
    began = time.monotonic()
    assert normalised("Re: " * 300_000 + "x" * 500) == "x" * SUBJECT_CHARACTERS
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("recipient", "domain"), [("Eva@Customer.TEST", "customer.test"), ("eva@customer.test.", "customer.test")]
)
def test_a_domain_is_compared_without_case_and_dot(recipient: str, domain: str) -> None:
    """Both are the same domain to DNS."""
    assert letter(recipient).domain == domain


def test_the_subject_of_the_answered_mail_counts() -> None:
    """A neutral acknowledgement has a subject of its own, the same for all."""
    assert letter(subject="We have your mail", about="Re: Printer").subject_key == "printer"
    assert letter(subject="Re: Printer", about=None).subject_key == "printer"


@pytest.mark.parametrize(
    ("state", "reason", "tripped"),
    [
        (OutgoingState.HELD, f"{BREAKER}: more than 200", True),
        (OutgoingState.HELD, "empty: no words", False),
        (OutgoingState.CANCELLED, f"{BREAKER}: more than 200", False),
        (None, None, False),
    ],
)
def test_the_breaker_is_told_from_a_guard(state: OutgoingState | None, reason: str | None, tripped: bool) -> None:
    """Of the breaker the admin hears, of a guard the author."""
    assert Put(id=1, state=state, reason=reason).tripped is tripped
