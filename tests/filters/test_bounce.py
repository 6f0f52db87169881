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


def test_a_report_that_a_person_may_have_written_is_held() -> None:
    """It is a bounce still, but somebody looks before nobody ever reads it."""
    finding = bounce.check(mail(bounce=Bounce(recipients=(GONE,), certain=False)), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.BOUNCE, Outcome.HOLD)
    assert finding.reason == (
        "it says that a mail to nobody@x.test could not be delivered (5.1.1), "
        "but nothing shows that a mail server wrote it, and not a person"
    )


def test_any_other_mail_is_no_bounce() -> None:
    """Only what the parser understood as a report."""
    assert bounce.check(mail(), facts()) is None
