"""A Message-ID that comes twice with other words is told to staff, and silences nobody."""

from __future__ import annotations

from helpdesk.desk.verdict import Outcome
from helpdesk.filters import id_taken
from tests.builders import facts, mail


def test_it_is_accepted_with_a_note() -> None:
    """Somebody who sends a customer's Message-ID first must not make his mail vanish (C67)."""
    finding = id_taken.check(mail(), facts(id_taken=True))
    assert finding is not None
    assert (finding.kind, finding.outcome) == (None, Outcome.ACCEPT)


def test_an_unused_id_is_not_spoken_of() -> None:
    """No note without a reason."""
    assert id_taken.check(mail(), facts()) is None
