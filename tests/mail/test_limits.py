"""A mail is cut to its limits before any parser sees it, and odd beginnings and line ends are put right."""

from __future__ import annotations

import pytest

from helpdesk.errors import MailError
from helpdesk.mail.limits import Limits, prepare

HEAD = b"From: a@x.example\r\nSubject: s\r\n"
SMALL = Limits(fields=3, header_bytes=200, field_bytes=50, mail_bytes=1_000, lines=50, depth=3, part_field_bytes=100)


@pytest.mark.parametrize("raw", [b"", b"\r\n", b"\n\n\n", b"\0\0", b" \t\r\n"])
def test_nothing_is_no_mail(raw: bytes) -> None:
    """An empty mail is asked for again by those who fetch (C73, C74)."""
    with pytest.raises(MailError, match="empty"):
        prepare(raw, SMALL)


@pytest.mark.parametrize(
    "raw",
    [
        HEAD + b"\r\nhi",
        HEAD.replace(b"\r\n", b"\n") + b"\nhi",
        HEAD.replace(b"\r\n", b"\r") + b"\rhi",
        b"\xef\xbb\xbf" + HEAD + b"\r\nhi",
        b"From a Mon Mar  2\r\n" + HEAD + b"\r\nhi",
        b">From a Mon\n" + HEAD + b"\r\nhi",
        b"\r\n" + HEAD + b"\r\nhi",
        (HEAD + b"\r\nhi").decode().encode("utf-16"),
    ],
)
def test_an_odd_beginning_hides_no_header(raw: bytes) -> None:
    """Line ends of all kinds, marks and lines that programs put before a mail in a file (C75)."""
    found = prepare(raw, SMALL)
    assert found.header == b"From: a@x.example\nSubject: s\n"
    assert found.body == b"hi"


@pytest.mark.parametrize(
    ("header", "tampered"),
    [
        (HEAD, False),
        (HEAD.replace(b"\r\n", b"\n"), False),
        (HEAD + b"A: b\rC: d\r\n", True),
        (HEAD + b"A: b\nC: d\r\n", True),
        (HEAD + b"A: \0\r\n", True),
    ],
)
def test_line_ends_that_programs_read_differently_are_noticed(header: bytes, tampered: bool) -> None:
    """What our server saw as one field we must not see as two (C32)."""
    assert prepare(header + b"\r\nhi", SMALL).tampered is tampered


def test_too_many_and_too_long_fields_are_cut() -> None:
    """The first ones are kept: servers write on top."""
    found = prepare(b"".join(b"A%d: %s\r\n" % (number, b"x" * 500) for number in range(9)) + b"\r\nhi", SMALL)
    assert len(found.header) <= SMALL.header_bytes
    assert found.header.startswith(b"A0: x")
    assert "header cut: too much" in found.defects


@pytest.mark.parametrize(
    "body",
    [
        b"x" * 2_000,
        b"\n" * 100,
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(9)),
        b"Content-Type: message/rfc822\r\n\r\n" * 9,
        b"content-type:\r\n message/external-body; a=b\r\n\r\n" * 9,
    ],
)
def test_a_body_beyond_the_limits_is_read_as_it_stands(body: bytes) -> None:
    """Size, lines, depth (C59): no parser sees its structure."""
    assert prepare(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body, SMALL).flat


def test_words_about_messages_are_no_structure() -> None:
    """A newsletter links to many of them."""
    body = b"--b\r\nContent-Type: text/plain\r\n\r\n" + b"https://x.example/message/1 message/rfc822\r\n" * 9
    assert not prepare(HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body, SMALL).flat


@pytest.mark.parametrize("outer", [b"message/delivery-status", b"multipart/report; boundary=b"])
def test_a_report_of_blank_lines_is_read_as_it_stands(outer: bytes) -> None:
    """The library makes a mail of each group of fields, whether the report is a part or the whole (C60)."""
    part = b"--b\r\nContent-Type: message/delivery-status\r\n\r\n" if b"b" in outer[-1:] else b""
    raw = HEAD + b"Content-Type: " + outer + b"\r\n\r\n" + part + b"a: b\n\n" * 20
    assert prepare(raw, Limits(report_blank_lines=10)).flat


def test_a_long_field_of_a_part_is_cut_and_many_make_the_mail_flat() -> None:
    """The standard library reads parameters in quadratic time."""
    part = b"--b\r\nContent-Type: text/plain" + b";" * 500 + b"\r\n\r\nx\r\n"
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    few = prepare(head + part, Limits(part_field_bytes=100))
    assert not few.flat
    assert b";" * 101 not in few.body
    assert prepare(head + part * 200, Limits(part_field_bytes=100, part_fields_cost=100_000)).flat


def test_a_line_without_colon_does_not_end_a_header_that_goes_on() -> None:
    """A broken line is passed over; words without any header are a body."""
    assert b"Subject: s" in prepare(b"From: a\r\nbroken\r\nSubject: s\r\n\r\nhi", SMALL).header
    assert prepare(b"just words\nmore\n", SMALL).body.strip() == b"just words\nmore"
