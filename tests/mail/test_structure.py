"""Every part of a mail is found, named safely, and an attached mail is never opened."""

from __future__ import annotations

import base64

import pytest

from helpdesk.mail.files import attachment
from helpdesk.mail.parse import parse


def mail(*parts: str, kind: str = "mixed") -> bytes:
    """A multipart mail of these parts."""
    body = "".join(f"--b\n{part}\n" for part in parts)
    return f"From: a@x.example\nContent-Type: multipart/{kind}; boundary=b\n\n{body}--b--\n".encode()


TEXT = "Content-Type: text/plain\n\nHello"


@pytest.mark.parametrize(
    ("part", "name"),
    [
        ("Content-Type: application/pdf; name=a.pdf\n\nx", "a.pdf"),
        ("Content-Type: application/pdf\n\nx", "part-2.pdf"),
        ("Content-Type: text/plain\nContent-Disposition: attachment; filename=../../a.txt\n\nx", "a.txt"),
        ("Content-Type: text/calendar\n\nx", "calendar.ics"),
        ("Content-Type: application/ms-tnef\n\nx", "winmail.dat"),
        ("Content-Type: message/rfc822\n\nSubject: Inner\n\nx", "Inner.eml"),
        ("Content-Type: message/rfc822\n\n\nx", "message.eml"),
        ("Content-Type: image/png\nContent-ID: <1>\n\nx", "part-2.png"),
        ("Content-Type: text/html\nContent-Disposition: attachment\n\nx", "part.html"),
        ("Content-Type: text/plain\nContent-Disposition: inline; filename=log.txt\n\nx", "log.txt"),
        ("Content-Type: application/pgp-signature; name=s.asc\n\nx", "s.asc"),
        ("Content-Type: nonsense; name=a.bin\nContent-Disposition: attachment\n\nx", "a.bin"),
        (f"Content-Type: application/pdf; name={'x' * 5000}.pdf\n\nx", "part-2.pdf"),
    ],
)
def test_every_kind_of_part_is_listed(part: str, name: str) -> None:
    """With a name that is safe to show, also where it has none (C78)."""
    listed = [each.name for each in parse(mail(TEXT, part)).attachments]
    assert len(listed) == 1
    assert listed[0] == name or (len(name) < len(listed[0]) <= 150)


def test_parts_in_odd_places_are_found() -> None:
    """Inside an alternative, below a related, behind the text."""
    html, image = "Content-Type: text/html\n\n<p>Hello</p>", "Content-Type: image/png; name=a.png\n\nx"
    inner = f"Content-Type: multipart/related; boundary=c\n\n--c\n{html}\n--c\n{image}\n--c--"
    found = parse(mail(TEXT, inner, "Content-Type: application/pdf; name=b.pdf\n\ny", kind="alternative"))
    assert [each.name for each in found.attachments] == ["a.png", "b.pdf"]
    assert found.text == "Hello"


def test_an_attached_mail_is_handed_out_as_bytes() -> None:
    """Its words are not the sender's, and its attachments are its own."""
    raw = mail(TEXT, "Content-Type: message/rfc822\n\nFrom: b@x.example\nSubject: Inner\n\n#close")
    found = parse(raw)
    assert "#close" not in found.full_text
    assert attachment(raw, found.attachments[0].position)[1] == b"From: b@x.example\nSubject: Inner\n\n#close"


def test_an_attached_mail_in_base64_is_decoded() -> None:
    """RFC 2046 forbids it, programs do it."""
    inner = base64.b64encode(b"Subject: Inner\n\nx").decode()
    raw = mail(TEXT, f"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n{inner}")
    assert attachment(raw, 1)[1] == b"Subject: Inner\n\nx"


@pytest.mark.parametrize("encoding", ["base64", "quoted-printable", "x-uuencode", "8bit", "x-foo", ""])
def test_a_broken_transfer_encoding_gives_some_bytes(encoding: str) -> None:
    """Never an error (C76)."""
    raw = mail(TEXT, f"Content-Type: application/pdf\nContent-Transfer-Encoding: {encoding}\n\n=ZZ!é=\nbegin\n")
    assert isinstance(attachment(raw, 1)[1], bytes)


def test_a_name_in_raw_eight_bit_letters_is_read() -> None:
    """Not every program encodes the names of its files."""
    part = 'Content-Type: application/pdf; name="Акт сверки.pdf"\n\nx'
    for charset in ("utf-8", "koi8-r"):
        raw = f"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{part}\n--b--\n".encode(charset)
        assert [each.name for each in parse(raw).attachments] == ["Акт сверки.pdf"]
