"""Lists and newsletters get no answer; our own distribution list is none."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import mailing_list
from helpdesk.mail.message import Marks
from tests.builders import facts, mail


@pytest.mark.parametrize(
    ("marks", "reason"),
    [
        ({"list_fields": ("list-id", "list-unsubscribe"), "list_id": "dev.x.test"}, "list-id, list-unsubscribe"),
        ({"list_fields": ("x-beenthere",)}, "x-beenthere"),
        ({"precedence": "list"}, "Precedence: list"),
    ],
)
def test_a_list_is_muted(marks: dict[str, Any], reason: str) -> None:
    """Any List-* field, the fields of older programs, Precedence: list (C08, C09)."""
    finding = mailing_list.check(mail(marks=Marks(**marks)), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome, finding.reason) == (Kind.LIST, Outcome.MUTE, reason)


@pytest.mark.parametrize(
    "marks",
    [{}, {"list_fields": ("list-id", "list-post"), "list_id": "support.helpdesk.test", "precedence": "list"}],
)
def test_people_and_our_own_list_are_none(marks: dict[str, Any]) -> None:
    """A company may pass support@ on to its people by a group: its customers are answered all the same."""
    assert mailing_list.check(mail(marks=Marks(**marks)), facts()) is None
