"""Floods of mail: everything is kept and seen by staff, and what leaves the house is counted (C25 to C28)."""

from __future__ import annotations

import re

import pytest

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store.browse import Row
from helpdesk.store.tables import OutgoingState
from tests.hostile.cases import Case
from tests.hostile.checks import ACKNOWLEDGEMENTS
from tests.hostile.site import Site

NOBODY = Case(name="C00", raw=b"")
LIMITS = "`[limits]` as it is shipped"
ADDRESS_HOUR, DOMAIN_HOUR, BREAKER_HOUR = 3, 30, 200


@pytest.fixture
def quiet(site: Site) -> Site:
    """A site that nothing has come to."""
    site.begin(NOBODY)
    assert site.app.config.limits.per_address_hour == ADDRESS_HOUR, LIMITS
    assert site.app.config.limits.per_domain_hour == DOMAIN_HOUR, LIMITS
    assert site.app.config.limits.breaker_hour == BREAKER_HOUR, LIMITS
    return site


def mail(number: int, sender: str, words: str = "We have received your message.") -> bytes:
    """One of many, with a subject and a Message-ID of its own, and no sign of a machine."""
    head = f"From: {sender}\r\nTo: support@minta.example\r\nSubject: Request {number} [#{number}]\r\n"
    return f"{head}Message-ID: <storm-{number}@{sender.partition('@')[2]}>\r\n\r\n{words}\r\n".encode()


def confirmed(site: Site) -> list[Row]:
    """The acknowledgements that go out."""
    return [each for each in site.letters(state=OutgoingState.QUEUED) if each["kind"] in ACKNOWLEDGEMENTS]


def test_two_helpdesks_do_not_write_to_each_other_for_ever(quiet: Site) -> None:
    """C25: each answer of ours is answered; after three we are silent, and staff see all twelve."""
    for number in range(12):
        quiet.handle(mail(number, "desk@other.example"))
    assert quiet.outcomes() == {LedgerOutcome.TICKET: 12}
    assert [each["recipient"] for each in confirmed(quiet)] == ["desk@other.example"] * ADDRESS_HOUR


def test_of_five_hundred_mails_of_one_sender_three_are_confirmed(quiet: Site) -> None:
    """C26: within a minute."""
    quiet.handle(*(mail(number, "eva@kunde.example", f"The lamp {number}.") for number in range(500)))
    assert quiet.outcomes() == {LedgerOutcome.TICKET: 500}
    assert len(confirmed(quiet)) == ADDRESS_HOUR


def test_three_hundred_senders_of_one_domain_get_thirty_letters(quiet: Site) -> None:
    """C27: a company's own storm."""
    quiet.handle(*(mail(number, f"guest{number}@kunde.example") for number in range(300)))
    assert quiet.outcomes() == {LedgerOutcome.TICKET: 300}
    assert len(confirmed(quiet)) == DOMAIN_HOUR


def test_when_the_breaker_trips_answers_of_people_still_leave(quiet: Site) -> None:
    """C28: what is automatic is held, the admin is told once, and a customer gets what Anna wrote."""
    quiet.handle(*(mail(number, f"guest@firm{number}.example") for number in range(BREAKER_HOUR + 20)))
    assert len(confirmed(quiet)) == BREAKER_HOUR
    held = list(quiet.letters(state=OutgoingState.HELD))
    assert [each["kind"] for each in held] == ["acknowledgement"] * 20
    assert [each["recipient"] for each in quiet.letters(kind="admin_alert")] == ["anna@minta.example"]
    told = next(iter(quiet.letters(kind="new_ticket", recipient="anna@minta.example")))
    own_address = re.findall(rb"support\+a\.[^@]+@minta\.example", told["raw"])[0]
    answer = mail(999, "anna@minta.example", "It is mended.").replace(b" [#999]", b"")
    quiet.handle(answer.replace(b"support@minta.example", own_address))
    (sent,) = quiet.letters(kind="answer")
    assert (sent["state"], sent["recipient"]) == (OutgoingState.QUEUED, "guest@firm0.example")
