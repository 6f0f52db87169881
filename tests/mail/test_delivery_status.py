"""The machine's part of a report: every recipient with action and status (RFC 3464)."""

from __future__ import annotations

import pytest

from helpdesk.mail.parse import parse


def failed(report: str, kind: str = "message/delivery-status") -> list[tuple[str, str, bool]] | None:
    """The recipients of a report with these groups of fields; None when it is no bounce."""
    head = "From: MAILER-DAEMON@x.example\nSubject: Undeliverable\nContent-Type: multipart/report; boundary=b;"
    raw = (
        f"{head} report-type=delivery-status\n\n--b\nContent-Type: {kind}\n\nReporting-MTA: dns; x\n\n{report}\n--b--\n"
    )
    found = parse(raw.encode()).bounce
    return [(each.address, each.status, each.permanent) for each in found.recipients] if found else None


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1", [("a@x.example", "5.1.1", True)]),
        ("Final-Recipient: RFC822;<a@x.example>\nAction: Failed\nStatus: 5.0.0 (x)", [("a@x.example", "5.0.0", True)]),
        ("Original-Recipient: rfc822; a@x.example\nAction: failed", [("a@x.example", "", True)]),
        ("Final-Recipient: rfc822; a@x.example\nAction: delayed\nStatus: 4.4.1", [("a@x.example", "4.4.1", False)]),
        (
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nDiagnostic-Code: smtp; 550\n 5.2.1 no",
            [("a@x.example", "5.2.1", True)],
        ),
        (
            "Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 5.1.1\n\n"
            "Final-Recipient: rfc822; b@x.example\nAction: relayed\nStatus: 2.0.0",
            [("a@x.example", "5.1.1", True)],
        ),
        ("Final-Recipient: rfc822; a@x.example\nAction: failed\nStatus: 4.4.7", [("a@x.example", "4.4.7", True)]),
        ("Final-Recipient: utf-8; éva@példa.example\nAction: failed", [("éva@példa.example", "", True)]),
        ("Final-Recipient: rfc822; a@x.example\nAction: delivered\nStatus: 2.0.0", None),
    ],
)
def test_each_group_is_a_recipient(report: str, expected: list[tuple[str, str, bool]] | None) -> None:
    """Status from its own field, else from the diagnostic; who got the mail is no failure."""
    assert failed(report) == expected
    assert failed(report, "message/global-delivery-status") == expected


def test_twenty_thousand_groups_are_read_at_once() -> None:
    """A report for one mail has a few; more are of no use."""
    found = failed("Final-Recipient: rfc822; a@x.example\nAction: failed\n\n" * 20_000)
    assert found == [("a@x.example", "", True)]


def test_bytes_that_are_no_letters_do_not_stop_the_reading() -> None:
    """Servers put raw error texts into their reports (C24)."""
    assert failed("Final-Recipient: rfc822; a@x.example\nDiagnostic-Code: smtp; \x00 é\nAction: failed") is not None
