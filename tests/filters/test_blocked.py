"""Blocked senders are dropped, by address, by domain, or with all domains below it."""

from __future__ import annotations

import pytest

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import blocked
from helpdesk.mail.message import Address
from tests.builders import facts, mail


def sent_by(address: str, *entries: str) -> bool:
    """Whether a mail by this address is dropped."""
    finding = blocked.check(mail(Address(name=None, address=address)), facts(blocked=entries))
    assert finding is None or (finding.kind, finding.outcome) == (Kind.BLOCKED, Outcome.DROP)
    return finding is not None


@pytest.mark.parametrize(
    ("address", "entry", "dropped"),
    [
        ("Spam@X.test", "spam@x.test", True),
        ("eva@x.test", "spam@x.test", False),
        ("eva@x.test", "@x.test", True),
        ("eva@sub.x.test", "@x.test", False),
        ("eva@sub.x.test", "@.x.test", True),
        ("eva@x.test", "@.x.test", True),
        ("eva@notx.test", "@.x.test", False),
    ],
)
def test_an_entry_blocks_what_it_says_and_no_more(address: str, entry: str, dropped: bool) -> None:
    """``@.x.test`` means the domain with all below it, ``@x.test`` only itself."""
    assert sent_by(address, "other@y.test", entry) is dropped


def test_nobody_is_blocked_without_an_entry() -> None:
    """An empty list drops nothing."""
    assert not sent_by("eva@x.test")
