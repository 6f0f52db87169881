"""The demo's server writes its reports as real servers do."""

from __future__ import annotations

import email
from datetime import UTC, datetime

from helpdesk.demo.postmaster import undeliverable

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
RAW = b"From: support@minta.example\nMessage-ID: <1@minta.example>\nSubject: Re: Szia\n\nA secret.\n"


def test_a_report_names_the_recipient_and_the_returned_mail() -> None:
    """RFC 3464: three parts, the second for machines, the third with the headers that came."""
    raw = undeliverable("support@minta.example", "x@levelek.example", RAW, hostname="mail.minta.example", now=NOW)
    report = email.message_from_bytes(raw)
    assert report.get_content_type() == "multipart/report"
    parts = [part.get_content_type() for part in report.get_payload()]  # type: ignore[union-attr]  # a multipart
    assert parts == ["text/plain", "message/delivery-status", "text/rfc822-headers"]
    assert b"Status: 5.1.2" in raw
    assert b"Message-ID: <1@minta.example>" in raw
    assert b"A secret." not in raw


def test_every_line_of_a_report_ends_as_the_standard_wants() -> None:
    """CRLF, also where the returned mail had bare line feeds."""
    raw = undeliverable("support@minta.example", "x@levelek.example", RAW, hostname="mail.minta.example", now=NOW)
    assert raw.count(b"\n") == raw.count(b"\r\n")
