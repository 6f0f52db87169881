"""What proves a staff member never leaves in a file: it is cut out, or the letter is not written."""

from __future__ import annotations

import time
from email.message import EmailMessage

import pytest

from helpdesk.compose import attached
from helpdesk.desk import tokens
from helpdesk.desk.changes import NoticeKind
from helpdesk.errors import MailError
from helpdesk.mail import parse
from helpdesk.store.letters import Letter
from tests.builders import KEYS
from tests.compose.letters import notice, read, words, write

AGENT = tokens.write(tokens.agent(1042, 1), KEYS)
HELD = tokens.write(tokens.held(77, 1), KEYS)
ID = tokens.message_id(ticket=1042, agent=1, unique="abcd", domain="helpdesk.test", keys=KEYS)
LINE = f"Reply to support+{AGENT}@helpdesk.test\r\n"


def encoded(text: str, encoding: str) -> bytes:
    """A mail whose only part is encoded; its header shows nothing."""
    inner = EmailMessage()
    inner["Subject"] = "Old letter"
    inner.set_content(text, cte=encoding)
    return inner.as_bytes()


def enclosing(inner: bytes) -> bytes:
    """A mail in a mail, each in base64."""
    outer = EmailMessage()
    outer.set_content("See below.")
    outer.add_attachment(inner, maintype="application", subtype="octet-stream", filename="inner.eml")
    return outer.as_bytes()


def answer(data: bytes, *, name: str = "a.bin", kind: NoticeKind = NoticeKind.ANSWER) -> Letter:
    """The letter that passes Anna's file on."""
    raw = mail_with(data, name)
    return write(notice(kind, attachments=True), cause=parse.parse(raw), raw=raw)


def mail_with(data: bytes, name: str) -> bytes:
    """Anna's mail with one file."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = "anna@helpdesk.test", "support@helpdesk.test", "<m@x.test>"
    mail.set_content("See the file.")
    mail.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    return mail.as_bytes()


def files(letter: Letter) -> list[tuple[str | None, bytes]]:
    """The names and bytes that the reader gets."""
    return [(part.get_filename(), bytes(part.get_payload(decode=True))) for part in read(letter).iter_attachments()]


HIDDEN = {
    "an octet stream": LINE.encode(),
    "a held letter's token": f"x{HELD}x".encode(),
    "a signed message id": f"Message-ID: {ID}\r\n\r\nx".encode(),
    "capitals": LINE.upper().encode(),
    "base64": encoded(LINE, "base64"),
    "quoted-printable": encoded(LINE + "é" * 200, "quoted-printable").replace(b"a.1042", b"a=2E10=\r\n42"),
    "a mail in a mail": enclosing(encoded(LINE, "base64")),
    "a mailbox": b"From a@b.test\r\n" + encoded("x", "7bit") + b"\r\nFrom a@b.test\r\n" + encoded(LINE, "base64"),
    "utf-16 little end": LINE.encode("utf-16-le"),
    "utf-16 big end": LINE.encode("utf-16-be"),
    "utf-16 before other bytes": b"\1\0a" + AGENT.encode("utf-16-le") + b"\0\0abc",
    "utf-16 in base64": encoded("x", "7bit") + enclosing(LINE.encode("utf-16-le")),
}


@pytest.mark.parametrize("form", HIDDEN)
def test_an_answer_is_not_written_when_a_proof_cannot_be_cut_out_of_a_file(form: str) -> None:
    """The sentence names the file and says what to do."""
    with pytest.raises(MailError, match=r"The attached file a\.bin holds .* sent again without this file\.$"):
        answer(HIDDEN[form])


@pytest.mark.parametrize("form", HIDDEN)
def test_colleagues_get_such_a_file_as_it_is(form: str) -> None:
    """They could answer for themselves as well."""
    assert files(answer(HIDDEN[form], kind=NoticeKind.STAFF_NOTE)) == [("a.bin", HIDDEN[form])]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (f"{ID.strip('<>')}.eml", "@helpdesk.test.eml"),
        (f"support+{AGENT.upper()}.pdf", "support+.pdf"),
        (AGENT, "attachment"),
        ("számla.pdf", "számla.pdf"),
    ],
)
def test_a_proof_is_cut_out_of_a_files_name(name: str, shown: str) -> None:
    """Its ending stays; where nothing is left it is an attachment."""
    assert files(answer(b"x", name=name)) == [(shown, b"x")]
    assert name in words(answer(b"x", name=name, kind=NoticeKind.NEW_TICKET))


@pytest.mark.parametrize(
    "data",
    [
        bytes(range(256)) * 100,
        encoded("Dear Éva" * 100, "base64"),
        enclosing(encoded("t.1042.abcdefghijklmnop@helpdesk.test é", "quoted-printable")),
        b"a.1042.1.short h.1.2 a.b.c.abcdefghijklmnop",
    ],
    ids=["bytes", "base64", "attached mail", "no tokens"],
)
def test_other_files_go_out_byte_for_byte(data: bytes) -> None:
    """A customer's own reply address is no secret from him."""
    assert files(answer(data)) == [("a.bin", data)]


@pytest.mark.parametrize("piece", [b"QUJD", b"QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\n", b"a.1.1.", b"=\n", b"=41", b"\0"])
def test_a_large_file_is_searched_at_once(piece: bytes) -> None:
    """The time grows with the size and not faster."""
    start = time.process_time()
    answer(piece * (4_000_000 // len(piece)))
    assert time.process_time() - start < 10


def test_encodings_are_undone_to_a_fixed_depth() -> None:
    """A file made of nothing but layers costs no more than that."""
    data = LINE.encode()
    for _ in range(attached.DEPTH):
        data = enclosing(data)
    with pytest.raises(MailError):
        answer(data)
    assert files(answer(enclosing(data)))


def test_a_letter_to_staff_carries_no_more_than_fits() -> None:
    """Their server may refuse a large letter, and then nobody hears of the customer; what stays behind is named."""
    large = b"\0" * (8 * 2**20)
    letter = answer(large, name="large.bin", kind=NoticeKind.NEW_TICKET)
    assert files(letter) == []
    assert "large.bin (8.4 MB, " in words(letter)
    assert files(answer(large, name="large.bin")) == [("large.bin", large)]
