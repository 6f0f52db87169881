"""Headers that can be read in two ways are held where it matters."""

from __future__ import annotations

import pytest

from helpdesk.desk.verdict import Authentication, Outcome
from helpdesk.filters import tampered
from helpdesk.mail.limits import BLANK_FIRST
from tests.builders import facts, mail

CLAIM = ("mx.helpdesk.test; dmarc=pass header.from=customer.test",)


def test_a_claim_behind_a_bare_line_end_is_held() -> None:
    """The field may be the sender's own (C32)."""
    found = tampered.check(mail(tampered=True, authentication=CLAIM), facts(authentication=Authentication.FAIL))
    assert found is not None
    assert found.outcome is Outcome.HOLD


@pytest.mark.parametrize(
    ("broken", "claim", "result"),
    [
        (False, CLAIM, Authentication.PASS),
        (True, (), Authentication.NONE),
        (True, CLAIM, Authentication.UNKNOWN),
    ],
)
def test_nothing_is_held_where_nothing_is_believed(
    broken: bool, claim: tuple[str, ...], result: Authentication
) -> None:
    """Broken programs write bare line ends, too; without a claim that counts they harm nobody."""
    assert tampered.check(mail(tampered=broken, authentication=claim), facts(authentication=result)) is None


def test_a_mail_behind_a_blank_line_waits_for_a_person() -> None:
    """To a strict reader it has no header at all (C74)."""
    found = tampered.check(mail(defects=(BLANK_FIRST,)), facts())
    assert found is not None
    assert (found.outcome, found.reason) == (Outcome.HOLD, "blank line before the header")
