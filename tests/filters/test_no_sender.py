"""A mail that nobody can have written is held, unless it is a machine's."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import no_sender
from helpdesk.mail.message import Bounce, Marks
from tests.builders import EVA, facts, mail


def test_a_mail_without_any_address_is_held() -> None:
    """There is nobody whose ticket it could be (C69)."""
    finding = no_sender.check(mail(None), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.INVALID, Outcome.HOLD)


@pytest.mark.parametrize(
    "values",
    [
        {"sender": EVA},
        {"reply_to": (EVA,)},
        {"bounce": Bounce()},
        {"marks": Marks(auto_submitted="auto-replied")},
        {"marks": Marks(return_path="")},
        {"marks": Marks(list_fields=("list-id",))},
    ],
)
def test_a_person_or_a_known_machine_is_not_held(values: dict[str, Any]) -> None:
    """Mail daemons often write only a name into From."""
    assert no_sender.check(mail(**{"sender": None} | values), facts()) is None
