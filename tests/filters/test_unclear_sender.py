"""Whoever cannot be seen for who he is gets no automatic answer."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk.verdict import Outcome
from helpdesk.filters import unclear_sender
from helpdesk.mail.message import Address, Marks
from tests.builders import EVA, JANOS, facts, mail


def by(name: str | None, address: str) -> dict[str, Any]:
    """A mail by one author."""
    return {"from_": (Address(name=name, address=address),)}


@pytest.mark.parametrize(
    "values",
    [
        {"from_": (EVA, JANOS)},
        {"from_fields": 2},
        {"from_": (), "reply_to": (EVA,)},
        {"marks": Marks(disguised=True)},
        by(None, "anna@hеlpdesk.test"),
        by("Anna", "anna@xn--hlpdesk-cyf.test"),
        by("anna@helpdesk.test", "evil@x.test"),
        by("Anna (anna@HELPDESK.test)", "evil@x.test"),
    ],
)
def test_several_people_and_disguises_are_muted(values: dict[str, Any]) -> None:
    """Two authors, letters of another script, our address as somebody else's name (C35, C36, C37)."""
    finding = unclear_sender.check(mail(**values), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (None, Outcome.MUTE)


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"reply_to": (JANOS,)},
        by("eva@old.test", "eva@new.test"),
        by("anna@helpdesk.test", "anna@helpdesk.test"),
        {"from_": ()},
    ],
)
def test_a_person_may_be_called_what_he_likes(values: dict[str, Any]) -> None:
    """Another Reply-To (C38), an old address as a name, nobody at all (another filter's) are no disguise."""
    assert unclear_sender.check(mail(**values), facts()) is None
