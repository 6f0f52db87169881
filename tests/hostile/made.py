"""Hostile mails that are too large for a file, made when they are needed; a name begins with the number of its case."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

HEAD = b"From: a@x.example\r\nSubject: hi\r\n"
TEXT = b"Content-Type: text/plain\r\n\r\nIt flickers.\r\n"


@dataclass(frozen=True)
class Made:
    """A mail by the function that makes it, and what must come of it; by default a ticket, or quarantine."""

    make: Callable[[], bytes]
    expected: Mapping[str, Any] = field(default_factory=lambda: {"outcome": "TNQ"})

    @property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.make()


def multipart(part: bytes, number: int) -> bytes:
    """A mail of that many equal parts."""
    return (
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + (b"--b\r\n" + part + b"\r\n") * number + b"--b--"
    )


def nested(number: int) -> bytes:
    """Multiparts inside each other."""
    return HEAD + b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(number)
    )


def attached(name: str, kind: str, data: bytes) -> bytes:
    """Some words and a file."""
    written = base64.encodebytes(data).replace(b"\n", b"\r\n")
    part = f"Content-Type: {kind}; name={name}\r\nContent-Disposition: attachment; filename={name}\r\n".encode()
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n" + TEXT + b"--b\r\n" + part
    return head + b"Content-Transfer-Encoding: base64\r\n\r\n" + written + b"--b--\r\n"


def zip_bomb() -> bytes:
    """Ten files of ten megabytes of nothing each, a hundred kilobytes on the wire."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for number in range(10):
            bomb.writestr(f"lamp{number}.txt", bytes(10_000_000))
    return packed.getvalue()


def gzip_bomb() -> bytes:
    """A hundred megabytes of nothing."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([*(packer.compress(bytes(10_000_000)) for _ in range(10)), packer.flush()])


def commands(number: int) -> bytes:
    """A colleague's mail of nothing but commands."""
    head = b"From: anna@minta.example\r\nTo: @@anna@@\r\nSubject: Re: [HD-@@number@@] Lamp\r\n"
    return head + b"Message-ID: <c52@minta.example>\r\n\r\n" + b"#assign bela\r\n" * number


# Deep, wide, long, and what parsers read in quadratic time.
COSTLY: dict[str, Callable[[], bytes]] = {
    "C59-nested-60": lambda: nested(60),
    "C59-nested-400": lambda: nested(400),
    "C59-nested-1500": lambda: nested(1_500),
    "C59-attached-1200": lambda: HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 1_200,
    "C59-external-body-1200": lambda: HEAD + b"Content-Type: message/external-body\r\n\r\n" * 1_200,
    "C59-bare-cr-1200": lambda: HEAD + b"Content-Type: message/partial\r\r" * 1_200 + b"\r\n\r\n",
    "C59-parts-12000": lambda: multipart(b"Content-Type: application/pdf; name=a\r\n\r\nx", 12_000),
    "C59-fields-20000": lambda: b"X-A: b\r\n" * 20_000 + HEAD + b"\r\nhi",
    "C59-subject-of-a-megabyte": lambda: b"Subject: " + b"x" * 1_000_000 + b"\r\n" + HEAD + b"\r\nhi",
    "C59-semicolons": lambda: HEAD + b"Content-Type: text/plain" + b";" * 30_000 + b"\r\n\r\nhi",
    "C59-semicolons-in-parts": lambda: multipart(b"Content-Type: multipart/mixed" + b";" * 3_900 + b"\r\n\r\nx", 3_000),
    "C59-to-10000": lambda: b"To: " + b"a@x.example, " * 10_000 + b"\r\n" + HEAD + b"\r\nhi",
    "C59-cc-20000": lambda: b"Cc: " + b"a@x.example, " * 20_000 + b"\r\n" + HEAD + b"\r\nhi",
    "C59-references-10000": lambda: b"References: " + b"<a@x.example> " * 10_000 + b"\r\n" + HEAD + b"\r\nhi",
    "C59-brackets-in-from": lambda: b"From: " + b"(" * 20_000 + b"\r\n\r\nhi",
    "C59-quotes-in-from": lambda: b"From: " + b'"' * 200_000 + b"\r\n\r\nhi",
    "C59-encoded-words-12000": lambda: b"Subject: " + b"=?utf-8?q?a?=\r\n " * 12_000 + b"\r\n" + HEAD + b"\r\nhi",
    "C60-nested-div": lambda: HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 60_000 + b"hi",
    "C60-line-of-two-megabytes": lambda: HEAD + b"\r\n" + b"x" * 2_000_000,
    "C60-blank-lines": lambda: HEAD + b"\r\n" + b"\n" * 1_500_000,
    "C60-quote-ladder": lambda: HEAD + b"\r\n" + b"\n".join(b">" * n + b" x" for n in range(1_500)),
    "C60-drawn-lines": lambda: HEAD + b"\r\n" + (b"_" * 80 + b" x\n") * 2_350,
    "C60-zalgo": lambda: HEAD + b"\r\n" + "a\u0300\u0301\u0302".encode() * 50_000,
    "C60-report-of-blank-lines": lambda: (
        HEAD + b"Content-Type: message/delivery-status\r\n\r\n" + b"a: b\n\n" * 100_000
    ),
    "C60-report-of-one-line": lambda: HEAD + b"Content-Type: message/delivery-status\r\n\r\n" + b"wrote: " * 30_000,
}

MADE: dict[str, Made] = {
    **{name: Made(make) for name, make in COSTLY.items()},
    "C52-five-thousand-commands": Made(
        lambda: commands(5_000),
        {"outcome": "R", "before": ["opened"], "status": "new", "letters": ["receipt anna@minta.example"]},
    ),
    "C79-zip-bomb": Made(
        lambda: attached("lamp.zip", "application/zip", zip_bomb()),
        {"outcome": "T", "files": ["lamp.zip"], "says": ["It flickers."]},
    ),
    "C79-gzip-bomb": Made(
        lambda: attached("lamp.gz", "application/gzip", gzip_bomb()),
        {"outcome": "T", "files": ["lamp.gz"], "says": ["It flickers."]},
    ),
    "C80-attachments-1500": Made(
        lambda: multipart(b"Content-Type: text/plain\r\nContent-Disposition: attachment; filename=a\r\n\r\non", 1_500)
    ),
}
