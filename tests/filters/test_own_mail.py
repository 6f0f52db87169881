"""What we wrote ourselves is never taken in."""

from __future__ import annotations

from typing import Any

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import own_mail
from helpdesk.mail.message import Address, Marks
from tests.builders import ANNA, EVA, facts, mail

OURS = Address(name="Minta Kft.", address="Support@HelpDesk.test")
PLUS = Address(name=None, address="support+t.1042.abcdefghijklmnop@helpdesk.test")


@pytest.mark.parametrize(
    ("values", "known"),
    [
        ({"from_": (OURS,)}, {}),
        ({"from_": (PLUS,)}, {}),
        ({"from_": (EVA, OURS)}, {}),
        ({"marks": Marks(loops=("Helpdesk@helpdesk.test/support",))}, {"instance": "helpdesk@helpdesk.test/support"}),
        ({}, {"own_message_id": True}),
    ],
)
def test_own_mail_is_dropped(values: dict[str, Any], known: dict[str, Any]) -> None:
    """From one of our addresses, with or without a plus part, or with our token or Message-ID (C15, C16)."""
    finding = own_mail.check(mail(**values), facts(**known))
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.OWN, Outcome.DROP)


def test_a_form_on_our_web_page_is_shown_to_a_person() -> None:
    """It writes from our address in a customer's name, who waits at the Reply-To; nothing proves that we wrote it."""
    finding = own_mail.check(mail(from_=(OURS,), reply_to=(EVA,)), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (None, Outcome.HOLD)
    proven = own_mail.check(mail(from_=(OURS,), reply_to=(EVA,)), facts(own_message_id=True))
    assert proven is not None
    assert proven.outcome is Outcome.DROP


@pytest.mark.parametrize(
    "values",
    [
        {"from_": (ANNA,), "cc": (OURS,), "reply_to": (OURS,)},
        {"marks": Marks(loops=("somebody@else.test",), return_path="support@helpdesk.test")},
        {"marks": Marks(loops=("",))},
    ],
)
def test_others_are_not_us(values: dict[str, Any]) -> None:
    """A colleague who copies our address, a foreign X-Loop, a web form that sends by our server."""
    assert own_mail.check(mail(**values), facts()) is None
