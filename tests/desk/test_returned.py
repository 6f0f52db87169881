"""Staff read in words which letter came back, and why."""

from __future__ import annotations

import pytest

from helpdesk.desk import returned
from helpdesk.desk.situation import Bounced
from helpdesk.mail.message import FailedRecipient
from tests.builders import EVA, NOW, config
from tests.compose.letters import LANGUAGES, TEMPLATES

FAILED = FailedRecipient(address=EVA.address, status="5.2.2", permanent=True)


def test_the_letter_is_named_by_its_kind_and_time() -> None:
    """In the company's time: nine o'clock UTC is ten in Budapest."""
    letter = Bounced(message_id="<x>", recipient=EVA.address, ticket=None, kind="answer", created=NOW)
    assert returned.lines(letter, (FAILED,), config()) == (
        "returned.answer: 2026-03-02 10:00",
        f"not_delivered_to: {EVA.address}",
        "why.mailbox_full: 5.2.2",
    )


def test_a_letter_to_a_colleague_is_not_named() -> None:
    """Its kind says nothing to a reader."""
    assert returned.which("receipt", NOW, config()) == ()


@pytest.mark.parametrize(
    ("status", "permanent", "said"),
    [
        ("5.1.1", True, "why.no_such_address: 5.1.1"),
        ("5.1.10", True, "why.no_mail_taken: 5.1.10"),
        ("5.7.26", True, "why.refused_by_rules: 5.7.26"),
        ("5.9.9", True, "why.refused: 5.9.9"),
        ("4.4.7", True, "why.given_up: 4.4.7"),
        ("4.4.7", False, "why.delayed: 4.4.7"),
        ("", True, "why.unknown"),
        ("50.1.1", True, "why.unknown"),
    ],
)
def test_a_status_is_said_in_words(status: str, permanent: bool, said: str) -> None:
    """By the most exact entry of the table that fits."""
    assert returned.why(status, permanent=permanent) == said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.2.1", "5.2.2", "5.2.3", "5.6.0", "4.4.7", "5.0.0", ""])
def test_every_reason_is_written_in_every_language(language: str, status: str) -> None:
    """No code is left over."""
    line = returned.why(status)
    assert TEMPLATES.phrase(line, language) != line
    assert status in TEMPLATES.phrase(line, language)
