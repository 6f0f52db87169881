"""A mail that is fed to the parser in pieces is the mail that it would read at once."""

from __future__ import annotations

import email
from email.message import Message

import pytest

from helpdesk.mail import feed, structure
from helpdesk.mail.feed import PIECE_BYTES

MIXED = b"Content-Type: multipart/mixed; boundary=b\n"
LONG = ("árvíz %d\r\n".encode() * 9_000) % tuple(range(9_000)) + b"end"
MAILS = [
    (b"Subject: x\n", b""),
    (b"Subject: x\n", LONG),
    (b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n", LONG),
    (b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n", b"QUJD\n" * 30_000),
    (b"Content-Type: nonsense\n", LONG),
    (MIXED, b"--b\n\n" + LONG + b"\n--b\nContent-Type: text/html\n\n<p>x\n--b--\nepilogue"),
    (MIXED, b"no boundary at all\n" + LONG),
    (MIXED, b"--b\n\n" + b"x" * (PIECE_BYTES - 7) + b"\r\n--b\n\nnext\n--b--\n"),
    (b"Content-Type: message/rfc822\n", b"Subject: inner\n\n" + LONG),
    (b"Content-Type: message/delivery-status\n", b"Reporting-MTA: dns; x\n\nAction: failed\n"),
]


def shape(message: Message) -> list[tuple[str, list[tuple[str, str]], bytes]]:
    """All parts with their fields and bytes."""
    return [(part.get_content_type(), part.items(), structure.payload(part)) for part in message.walk()]


@pytest.mark.parametrize(("header", "body"), MAILS)
def test_pieces_give_the_same_mail(header: bytes, body: bytes) -> None:
    """Lines, boundaries and characters may be cut between two pieces."""
    assert shape(feed.message(header, body)) == shape(email.message_from_bytes(header + b"\n" + body))


def test_parameters_that_the_library_cannot_sort_hide_no_part() -> None:
    """It raises TypeError over ``name*0*`` beside ``name*`` (C61)."""
    header = b"Content-Type: multipart/mixed; name*0*=a; boundary=b; name*=utf-8''c\n"
    found = feed.message(header, b"--b\n\nhello\n--b--\n")
    assert [part.get_payload() for part in structure.inside(found)] == ["hello"]


@pytest.mark.parametrize(
    "body",
    [b"QUJD\r\nRUZH\r\n", b"QUJ", b"QUJDR", b"QQ==\nQQ==\n", b"QU!JD*RUZH", b"===", b"", b"Q", b"QUJDRA=", b"a b c d"],
)
def test_base64_is_decoded_as_the_library_does(body: bytes) -> None:
    """Padding that is missing, characters that do not belong."""
    message = email.message_from_bytes(b"Content-Transfer-Encoding: Base64\n\n" + body)
    assert structure.payload(message) == message.get_payload(decode=True)
