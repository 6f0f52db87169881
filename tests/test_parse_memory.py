"""Any mail that a site takes in is parsed within its memory, whatever it is made of."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from helpdesk.config import MailLimits
from helpdesk.mail.message import Mail
from helpdesk.parse_worker import ParseWorkers

MEGABYTE = 2**20
SIZE = (MailLimits().maximum_mb - 1) * MEGABYTE
GROWTH_MB = 270  # well below what a mail may use by default, the mail itself included
HEAD = b"From: eva@customer.test\nTo: support@helpdesk.test\nSubject: big\nMIME-Version: 1.0\n"
WORDS = b"Dear helpdesk, our printer is jammed since Monday, and again.\n"
ACCENTS = "Tisztelt ügyfélszolgálat, árvíztűrő tükörfúrógép 漢字 😀\n".encode()
LINE = b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2Nzg5QUJDREVGR0hJSktMTU5PUFFSU1RV\n"
BYTES = bytes(range(128, 256)) * 2 + b"\n"
PDF = b"Content-Type: application/pdf\nContent-Disposition: attachment; filename=a.pdf\nContent-Transfer-Encoding: "


def filled(line: bytes) -> bytes:
    """The same line again and again."""
    return (line * (SIZE // len(line) + 1))[:SIZE]


def plain(kind: bytes, line: bytes) -> bytes:
    """A mail of one part."""
    return HEAD + b"Content-Type: " + kind + b"\n\n" + filled(line)


def mixed(head: bytes, body: bytes) -> bytes:
    """A mail with a short text and a large part."""
    first = b"Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nhello\n--b\n"
    return HEAD + first + head + b"\n\n" + body + b"\n--b--\n"


MAILS = {
    "text": lambda: plain(b"text/plain", WORDS),
    "one line": lambda: plain(b"text/plain", b"word "),
    "short lines": lambda: plain(b"text/plain", b"0123456789abcdef\n"),
    "empty lines": lambda: plain(b"text/plain", b"\n"),
    "eight bit": lambda: plain(b"text/plain; charset=utf-8", ACCENTS),
    "latin": lambda: plain(b"text/plain; charset=iso-8859-2", b"\xe1rv\xedzt\xfbr\xf5\n"),
    "html": lambda: plain(b"text/html", b"<p>Dear <b>helpdesk</b>, our printer is jammed</p>\n"),
    "picture in html": lambda: plain(b"text/html", b"<img src='data:image/png;base64," + b"QUJD" * 50_000 + b"'>"),
    "base64 text": lambda: plain(b"text/plain\nContent-Transfer-Encoding: base64", LINE),
    "quoted text": lambda: plain(b"text/plain\nContent-Transfer-Encoding: quoted-printable", b"=C3=A1rv=C3=ADz t=\n"),
    "base64 file": lambda: mixed(PDF + b"base64", filled(LINE)),
    "base64 in short lines": lambda: mixed(PDF + b"base64", filled(b"QUJDREVGR0hJSktM\n")),
    "eight bit file": lambda: mixed(PDF + b"8bit", filled(BYTES)),
    "table": lambda: mixed(b"Content-Type: text/csv", filled(b"0123456789abcdef\n")),
    "mail": lambda: mixed(b"Content-Type: message/rfc822", plain(b"text/plain; charset=utf-8", ACCENTS)),
    "mail with a file": lambda: mixed(b"Content-Type: message/rfc822", mixed(PDF + b"base64", filled(LINE))),
    "no boundary": lambda: mixed(b"Content-Type: text/plain", filled(WORDS)).replace(b"; boundary=b", b"", 1),
}


def peak_mb() -> int:
    """The most memory that our one process that parses has ever used."""
    for path in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)
            command = path.with_name("cmdline").read_bytes()
        except OSError:
            continue
        if int(fields["PPid"]) == os.getpid() and b"helpdesk.parse_worker.child" in command and "VmHWM" in fields:
            return int(fields["VmHWM"].split()[0]) // 1024
    pytest.fail("there is no such process")


@pytest.mark.slow
@pytest.mark.parametrize("kind", MAILS)
def test_a_mail_of_the_largest_size_fits_into_the_memory_of_a_worker(kind: str) -> None:
    """Text is cut to what can be shown before anything is made of it; the parser keeps few copies."""
    workers = ParseWorkers(1, seconds=60, memory_mb=2_000)
    try:
        workers.parse_many([HEAD + b"\nhello"])
        before = peak_mb()
        [answer] = workers.parse_many([MAILS[kind]()])
        assert isinstance(answer, Mail)
        assert peak_mb() - before < GROWTH_MB
    finally:
        workers.close()
