"""What our own mail server found forged is not answered."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk.verdict import Authentication, Outcome
from helpdesk.filters import authentication
from helpdesk.mail.message import Address, Marks
from tests.builders import EVA, JANOS, facts, mail

OURS = Address(name=None, address="support+t.1042.abcdefghijklmnop@helpdesk.test")


@pytest.mark.parametrize(
    ("values", "outcome"),
    [
        ({}, Outcome.MUTE),
        ({"cc": (OURS, EVA)}, Outcome.MUTE),
        ({"cc": (JANOS,), "marks": Marks(list_fields=("list-id",))}, Outcome.MUTE),
        ({"cc": (JANOS,)}, Outcome.HOLD),
    ],
)
def test_a_failed_check_mutes_and_with_others_in_cc_holds(values: dict[str, Any], outcome: Outcome) -> None:
    """Whoever forges a customer's mail to read our answers copies himself in (C42); a list breaks DMARC anyway."""
    finding = authentication.check(mail(**values), facts(authentication=Authentication.FAIL))
    assert finding is not None
    assert (finding.kind, finding.outcome) == (None, outcome)


@pytest.mark.parametrize("result", [Authentication.UNKNOWN, Authentication.NONE, Authentication.PASS])
def test_nothing_is_said_unless_it_failed(result: Authentication) -> None:
    """Without a result the acknowledgement is neutral; that is decided elsewhere (C45)."""
    assert authentication.check(mail(cc=(JANOS,)), facts(authentication=result)) is None
