"""What stands in for a mail that is too large: its header, without what describes the missing body."""

from __future__ import annotations

from email import message_from_bytes

from helpdesk.inbox import stub
from helpdesk.mail.parse import parse

HEADER = (
    b"From: eva@customer.test\r\nSubject: large\r\n  and folded\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed;\r\n boundary=b\r\nX-Last: yes\r\n\r\n"
)


def test_the_note_can_be_read() -> None:
    """A multipart header would hide it."""
    mail = message_from_bytes(stub.oversize(HEADER, size=45 * 2**20, limit=30 * 2**20, folder="INBOX"))
    assert mail.get_content_type() == "text/plain"
    assert "45.0 MB, more than the 30 MB" in mail.get_payload()
    assert mail.keys() == ["From", "Subject", "X-Last", "MIME-Version", "Content-Type", "Content-Transfer-Encoding"]


def test_a_line_that_was_cut_off_is_left_out() -> None:
    """The header is fetched up to a limit."""
    cut = stub.oversize(b"From: eva@customer.test\nTo: a@b.test, c@d.te", size=1, limit=1, folder="INBOX")
    assert message_from_bytes(cut).keys()[0:2] == ["From", "MIME-Version"]


def test_lines_that_are_no_fields_are_left_out() -> None:
    """They would end the header in front of ours."""
    mail = message_from_bytes(stub.oversize(b"nonsense\nFrom: a@b.test\n\n", size=1, limit=1, folder="INBOX"))
    assert mail["From"] == "a@b.test" and mail.get_content_type() == "text/plain"


def test_a_line_end_that_shows_a_forgery_stays() -> None:
    """C32: a bare CR must not become a field of our own server, nor a bare LF be mended."""
    forged = b"From: a@b.test\r\nSubject: x\rAuthentication-Results: mx.test; dmarc=pass\r\n\r\n"
    for header in (forged, forged.replace(b"x\r", b"x\n")):
        mail = parse(stub.oversize(header, size=1, limit=1, folder="INBOX"))
        assert mail.tampered
    assert not parse(stub.oversize(HEADER.replace(b"\r\n", b"\n"), size=1, limit=1, folder="INBOX")).tampered


def test_what_programs_put_before_a_header_does_not_hide_it() -> None:
    """A mark of UTF-8, an empty line."""
    mail = parse(stub.oversize_pipe(b"\xef\xbb\xbf\r\nFrom: a@b.test\r\n\r\n", size=1, limit=1))
    assert mail.sender is not None and mail.sender.address == "a@b.test"
