"""The same mail is taken in once."""

from __future__ import annotations

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import duplicate
from tests.builders import facts, mail


def test_a_copy_is_dropped_and_names_its_original() -> None:
    """Whoever looks for the mail finds it under the number in the reason (C02)."""
    finding = duplicate.check(mail(), facts(duplicate_of=41))
    assert finding is not None
    assert (finding.kind, finding.outcome, finding.reason) == (Kind.DUPLICATE, Outcome.DROP, "the same as mail 41")


def test_the_first_one_is_kept() -> None:
    """The same Message-ID with other words is no copy either (C66, C67)."""
    assert duplicate.check(mail(), facts(id_taken=True)) is None
