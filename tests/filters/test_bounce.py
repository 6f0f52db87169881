"""Delivery reports are kept and never answered."""

from __future__ import annotations

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import bounce
from helpdesk.mail.message import Bounce, FailedRecipient
from tests.builders import facts, mail

GONE = FailedRecipient(address="nobody@x.test", status="5.1.1", permanent=True)
SLOW = FailedRecipient(address="slow@x.test", status="", permanent=False)


@pytest.mark.parametrize(
    ("recipients", "reason"),
    [
        ((), "a delivery report that names nobody"),
        ((GONE,), "a mail to nobody@x.test could not be delivered (5.1.1)"),
        ((SLOW, GONE), "a mail to slow@x.test and 1 more was delayed"),
    ],
)
def test_a_report_is_muted_and_says_what_it_reports(recipients: tuple[FailedRecipient, ...], reason: str) -> None:
    """The reason is what a manager reads on the ticket (C19, C20)."""
    finding = bounce.check(mail(bounce=Bounce(recipients=recipients)), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome, finding.reason) == (Kind.BOUNCE, Outcome.MUTE, reason)


def test_any_other_mail_is_no_bounce() -> None:
    """Only what the parser understood as a report."""
    assert bounce.check(mail(), facts()) is None
