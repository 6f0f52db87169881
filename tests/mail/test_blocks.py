"""What passes the parser by is where it belongs afterwards, as if it had been parsed."""

from __future__ import annotations

import base64
import email

import pytest

from helpdesk.mail.blocks import Blocks

FILE = base64.encodebytes(bytes(range(256)) * 100).decode()
HEAD = "Content-Type: multipart/mixed; boundary=b\n\n"
PART = f"--b\nContent-Transfer-Encoding: base64\n\n{FILE}"
INSIDE = f"{HEAD}{PART}".replace("=b", "=c").replace("--b", "--c")
NESTED = f"--b\nContent-Type: message/rfc822\n\nSubject: inside\n{INSIDE}--c--\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("body", [f"{PART}--b--\n", f"{PART}\n{PART}", f"{NESTED}--b--\n"])
def test_every_part_has_its_bytes_again(body: str, line_end: str) -> None:
    """One file or several, in an attached mail, and at the end of a mail that was cut."""
    written = body.replace("\n", line_end).encode()
    blocks = Blocks(written)
    parsed = email.message_from_bytes(HEAD.encode() + blocks.short)
    assert len(blocks.short) < len(written) / 10
    assert blocks.put_back(parsed)
    assert parsed.as_bytes() == email.message_from_bytes(HEAD.encode() + written).as_bytes()


@pytest.mark.parametrize("place", [f"{PART}--b--\n\n{FILE}", f"--b\n\n\xe9\n\n{FILE}--b--\n"])
def test_a_mail_is_parsed_as_it_is_where_a_block_cannot_be_put_back(place: str) -> None:
    """Behind the last part, and in a text with eight-bit characters."""
    blocks = Blocks(place.encode("latin-1"))
    assert not blocks.put_back(email.message_from_bytes(HEAD.encode() + blocks.short))


def test_a_small_mail_is_left_as_it_is() -> None:
    """There is nothing to win."""
    assert Blocks(PART[:15_000].encode()).short == PART[:15_000].encode()
