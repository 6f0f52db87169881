"""A mail that goes round in circles is held."""

from __future__ import annotations

from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.filters import loop
from helpdesk.mail.message import Marks
from tests.builders import facts, mail


def test_more_than_a_hundred_servers_are_a_loop() -> None:
    """A person looks at it (C18)."""
    finding = loop.check(mail(marks=Marks(received=101)), facts())
    assert finding is not None
    assert (finding.kind, finding.outcome) == (Kind.INVALID, Outcome.HOLD)


def test_a_hundred_are_a_long_way() -> None:
    """RFC 5321 6.3 lets a mail have them."""
    assert loop.check(mail(marks=Marks(received=100)), facts()) is None
