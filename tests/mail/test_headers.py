"""Header fields become one clean line, encoded words and broken ones alike; Message-IDs are picked out."""

from __future__ import annotations

import email

import pytest

from helpdesk.mail.headers import decode, lenient_base64, message_id, message_ids, replace, structural
from tests.quick import AT_ONCE, seconds


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("=?utf-8?q?Sz=C3=A1mla?=", "Számla"),
        ("=?utf-8?b?U3rDoQ==?= =?utf-8?b?bWxh?=", "Számla"),
        ("=?utf-8?q?=C3?=\r\n =?utf-8?q?=A1?=", "á"),
        ("a =?utf-8?q?b?= c", "a b c"),
        ("=?utf-8?q?a?= =?iso-8859-2?q?=F5?=", "aő"),
        ("=?utf-8?Q?a b?=", "a b"),
        ("=?utf-8*en?q?a?=", "a"),
        ("x=?utf-8?q?a?=y", "xay"),
        ("=?x-foo?q?a?=", "a"),
        ("=?utf-8?b?!!!?=", ""),
        ("=?utf-8?x?a?=", "=?utf-8?x?a?="),
        ("=?utf-8?q?a", "=?utf-8?q?a"),
        ("a\r\n\tb", "a b"),
        ("=?utf-8?q?a=0D=0ABcc:_x?=", "a Bcc: x"),
        ("=?utf-8?q?a=00b?=", "a\ufffdb"),
        ("\u202eabc", "abc"),
        ("=?utf-8?q?_=E2=80=8B_?=", ""),
    ],
)
def test_a_field_is_decoded_to_one_clean_line(written: str, expected: str) -> None:
    """Letters cut between words, unknown sets, line ends and disguises inside (C56)."""
    assert decode(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("<a@x.example>", ["<a@x.example>"]),
        ("<a@x.example> <b@x.example>,<a@x.example>", ["<a@x.example>", "<b@x.example>"]),
        ("a@x.example", ["<a@x.example>"]),
        ("Your mail of Monday <a@x.example>", ["<a@x.example>"]),
        ("<a\r\n b@x.example>", ["<ab@x.example>"]),
        ("", []),
        ("<>", []),
        ("no id", []),
        (f"<{'a' * 5000}@x.example>", []),
    ],
)
def test_message_ids_are_picked_out(written: str, expected: list[str]) -> None:
    """With comments, folds, without brackets; too long ones are none (C68)."""
    assert message_ids(written) == expected


def test_the_first_usable_message_id_counts() -> None:
    """A second field is a mistake of a program on the way; an id without @ is one, too."""
    assert message_id(["", "<a@x.example>", "<b@x.example>"]) == "<a@x.example>"
    assert message_id(["local-id"]) == "<local-id>"
    assert message_id([]) is None


def test_base64_is_read_with_whatever_padding() -> None:
    """Junk between, padding missing or too much."""
    assert lenient_base64(b"SGVs*bG8") == lenient_base64(b"SGVsbG8===") == b"Hello"
    assert lenient_base64(b"SGVsbG8hA") == b"Hello!"


@pytest.mark.parametrize(
    "piece", ["=?", "=?utf-8?q?a?= ", "=?utf-8?b?", "?=", "<", "a", "@", "\x1b$B", "\udce9", " ", "\r\n "]
)
def test_two_hundred_thousand_of_anything_are_read_at_once(piece: str) -> None:
    """The time grows with the length and not faster."""
    written = piece * (200_000 // len(piece))
    assert seconds(lambda: (decode(written), message_ids(written))) < AT_ONCE


@pytest.mark.parametrize(
    "block",
    [
        b"",
        b"Subject: a\n",
        b"From: a\nCONTENT-type: text/html;\n charset=x\nContent-Type: text/plain\nContentious: b\nTo:\n\tc\n",
        b"Content-Type:text/html\nReceived:  a\n\tby b\nreceived: \xe1\x85\x0b\nX:\nContent-Disposition: inline\n",
    ],
)
def test_a_mail_parsed_with_some_fields_has_all_of_them_again(block: bytes) -> None:
    """What is not needed to find the parts passes the parser by."""
    whole, some = email.message_from_bytes(block + b"\nhi"), email.message_from_bytes(structural(block) + b"\nhi")
    assert (some.get_content_type(), len(some)) == (whole.get_content_type(), block.lower().count(b"content-"))
    replace(some, block)
    assert list(some.raw_items()) == list(whole.raw_items())
