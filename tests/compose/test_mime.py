"""Hand-made bytes are read by others as they were meant."""

from __future__ import annotations

import email
import email.header
import email.utils
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.compose import mime
from helpdesk.mail.text import clean, file_name, one_line


def read(raw: bytes) -> Message:
    """As another program parses it."""
    return email.message_from_bytes(raw)


def part_of(raw: bytes, number: int) -> Message:
    """One part of a multipart."""
    part = read(raw).get_payload(number)
    assert isinstance(part, Message)
    return part


def content(part: Message) -> bytes:
    """The bytes that were encoded."""
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    return data


def decoded(value: str) -> str:
    """A header value with its encoded words decoded."""
    return str(email.header.make_header(email.header.decode_header(value)))


def unfolded(field: str) -> str:
    """The value of one of our fields."""
    return field.partition(":")[2].replace("\r\n", "").strip()


@given(st.text(max_size=300))
def test_a_header_survives_the_way_there_and_back(value: str) -> None:
    """Whatever is in it, it stays one field of short ASCII lines, and reads as it was written."""
    field = mime.header("Subject", value)
    assert field.isascii()
    assert all(len(line) <= 78 for line in field.split("\r\n"))
    assert all(line.startswith(" ") for line in field.split("\r\n")[1:])
    assert decoded(unfolded(field)) == " ".join(one_line(value).split())


def test_an_encoded_line_end_stays_in_its_field() -> None:
    """C56: no second recipient comes out of a subject."""
    raw = mime.letter(
        [mime.header("Subject", "x\r\nBcc: victim@evil.example\r\n\r\nbody")], "t", "<p>t</p>", [], "abcd"
    )
    assert read(raw)["Bcc"] is None
    assert read(raw)["Subject"] == "x Bcc: victim@evil.example body"


def test_what_looks_like_an_encoded_word_is_shown_literally() -> None:
    """It was decoded once, when it came in."""
    field = mime.header("Subject", "=?utf-8?Q?=0D=0ABcc:_x?=")
    assert decoded(unfolded(field)) == "=?utf-8?Q?=0D=0ABcc:_x?="


def test_the_tag_stays_readable_beside_encoded_words() -> None:
    """Other programs look for it without decoding."""
    assert mime.encoded("Re: nyomtató [HD-1042]").endswith(" [HD-1042]")


@pytest.mark.parametrize(
    "name",
    ["Kovács Anna", 'He said "hi"', "a, b; c <x@y.example>", "Nagy (Éva)", "\\", "", "=?x?=", "Ж" * 60, "plain name"],
)
def test_a_mailbox_is_one_address_with_its_name(name: str) -> None:
    """Commas, quotes and brackets in a name make no second address."""
    value = unfolded(mime.field("To", [mime.mailbox(name, "eva@customer.test")]))
    (found,) = email.utils.getaddresses([value])
    assert found[1] == "eva@customer.test"
    assert decoded(found[0]) == name


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("éva@müller.test", "éva@xn--mller-kva.test"),
        ("a\r\nBcc: b@c.test", "aBcc:b@c.test"),
        ("a@b>, <x@y.test", "a@b,x@y.test"),
        ("a@" + "ß" * 80 + ".test", "a@" + "ß" * 80 + ".test"),
    ],
)
def test_an_address_holds_no_line_end_and_no_bracket(address: str, written: str) -> None:
    """And its domain is as the DNS knows it, where that can be said."""
    assert mime.mailbox("", address) == f"<{written}>"


@given(st.text(max_size=500), st.text(max_size=500))
def test_text_and_html_are_read_as_written(words: str, markup: str) -> None:
    """Lines end in CRLF, are short, and hold no NUL."""
    raw = mime.letter(["Subject: x"], words, markup, [], "abcd")
    assert b"\0" not in raw
    assert not raw.replace(b"\r\n", b"").count(b"\r") + raw.replace(b"\r\n", b"").count(b"\n")
    assert max(map(len, raw.split(b"\r\n"))) <= mime.PLAIN_LINE
    plain, html = part_of(raw, 0), part_of(raw, 1)
    assert content(plain).decode().replace("\r\n", "\n").rstrip("\n") == clean(words).rstrip("\n")
    assert html.get_content_type() == "text/html"


@pytest.mark.parametrize(
    "words", ["From here", "x\nFrom here é", "--=_a_abcd\nend", "a" * 2_000, ".", "é" * 400 + "\nFrom"]
)
def test_lines_that_servers_change_are_encoded(words: str) -> None:
    """``From `` begins a mail in an mbox; our boundary ends a part."""
    raw = mime.letter(["Subject: x"], words, "<p></p>", [], "abcd")
    assert b"\r\nFrom " not in raw
    assert content(part_of(raw, 0)).decode().strip() == words.replace("\n", "\r\n")


@pytest.mark.parametrize(
    "name",
    [
        "foto.jpg",
        "számla.pdf",
        "счёт " * 20 + ".pdf",
        "../../etc/passwd",
        'a"b.txt',
        "",
        "x\r\ny.txt",
        "CON.txt",
        "a" * 140 + ".pdf",
    ],
)
def test_attachments_keep_their_bytes_and_a_safe_name(name: str) -> None:
    """RFC 2231 names, in pieces when they are long."""
    part = mime.Part(name=name, type="application/pdf", data=bytes(range(256)))
    raw = mime.letter(["Subject: x"], "t", "<p>t</p>", [part], "abcd")
    attached = part_of(raw, 1)
    assert content(attached) == bytes(range(256))
    assert attached.get_filename() == (file_name(name).replace('"', "_") or "attachment")
    assert max(map(len, raw.split(b"\r\n"))) <= 200


@pytest.mark.parametrize(
    ("given_type", "written"),
    [
        ("image/png", "image/png"),
        ("IMAGE/PNG", "image/png"),
        ("text/html", mime.SAFE_TYPE),
        ("image/svg+xml", mime.SAFE_TYPE),
        ("message/rfc822", mime.SAFE_TYPE),
        ("text/javascript", mime.SAFE_TYPE),
        ("nonsense", mime.SAFE_TYPE),
        ("x/y\r\nBcc: z", mime.SAFE_TYPE),
    ],
)
def test_active_types_are_for_saving_only(given_type: str, written: str) -> None:
    """C84: no mail program shows an attached page as if it were ours."""
    raw = mime.letter(["Subject: x"], "t", "<p>t</p>", [mime.Part(name="a", type=given_type, data=b"x")], "abcd")
    attached = part_of(raw, 1)
    assert attached.get_content_type() == written
    assert attached.get_content_disposition() == "attachment"
