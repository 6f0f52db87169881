"""Which letters leave the house, and which of them a machine writes."""

from __future__ import annotations

import pytest

from helpdesk.desk.changes import NoticeKind


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_four_kinds_of_letters_leave_the_house(kind: NoticeKind) -> None:
    """All others are for staff, and may hold what customers must not read."""
    leaves = kind.value in ("acknowledgement", "neutral_acknowledgement", "answer", "closing")
    assert kind.to_customer is leaves


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_only_an_answer_is_written_by_a_person(kind: NoticeKind) -> None:
    """Everything else bears the marks of a machine and is counted."""
    assert kind.automatic is (kind.value != "answer")
