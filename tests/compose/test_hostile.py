"""What others wrote is only words in our letters: no header, no recipient, no link, no proof comes out of it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.config import Company
from helpdesk.desk import tokens
from helpdesk.desk.changes import NoticeKind
from helpdesk.mail import parse
from helpdesk.mail.message import Address
from tests.builders import ANNA, EVA, JANOS, KEYS, at_token, config, from_staff, mail, ticket
from tests.compose.letters import TO_CUSTOMERS, addresses, notice, page, person, read, words, write

FIELDS = {"From", "To", "Cc", "Reply-To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "MIME-Version"}
FIELDS |= {"Auto-Submitted", "X-Auto-Response-Suppress", "X-Loop", "Content-Type"}
# Line ends, separators of addresses and fields, encoded words, bidi marks, and ordinary letters of several scripts.
HOSTILE = st.text(
    alphabet=st.one_of(st.sampled_from("\r\n\0\t ,;:<>@\"'\\()[]=?{}%$\u202e\u2028\x85éЖ漢"), st.characters()),
    max_size=200,
)
INJECTED = "x\r\nBcc: victim@evil.test\r\nX-Evil: 1\r\n\r\nbody"


@given(HOSTILE, HOSTILE, HOSTILE, st.sampled_from(list(NoticeKind)))
def test_no_subject_name_or_text_makes_a_header(subject: str, name: str, text: str, kind: NoticeKind) -> None:
    """C56, I8: the fields are ours, there is one recipient, lines are short and end in CRLF."""
    contact = person(name, "eva@customer.test")
    hostile = ticket(subject=subject, contact=contact, participants=(contact,))
    recipient = contact if kind.to_customer else ANNA
    about = notice(kind, recipient=recipient, text=text, incoming_author=contact, lines=(f"subject: {subject}", text))
    letter = write(about, hostile, cause=mail(contact, subject=subject))
    head = letter.raw.partition(b"\r\n\r\n")[0].decode("ascii")
    names = [line.partition(":")[0] for line in re.split(r"\r\n(?! )", head)]
    assert set(names) <= FIELDS
    assert len(names) == len(set(names))
    assert addresses(letter, "To") == [letter.recipient]
    assert re.search(rb"(?<!\r)\n|\r(?!\n)|\0", letter.raw) is None
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 200


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_an_encoded_line_end_stays_in_its_field(kind: NoticeKind) -> None:
    """C56: in the subject, in a name, in an address."""
    contact = person(INJECTED, "eva@customer.test\r\nBcc: victim@evil.test")
    letter = write(
        notice(kind, incoming_author=contact, copies=(person(INJECTED, "j@customer.test"),)),
        ticket(subject=INJECTED, contact=contact),
    )
    assert (read(letter)["Bcc"], read(letter)["X-Evil"]) == (None, None)


@pytest.mark.parametrize(
    "subject",
    [
        "{{ 7*7 }}",
        "{% include 'x' %}",
        "%s %(a)s {0}",
        "'; DROP TABLE x--",
        "100%_",
        "=1+1",
        "\x1b[31mred",
        "a\nfake: log",
    ],
)
def test_a_subject_is_shown_literally(subject: str) -> None:
    """C57: no template, no format, no escape."""
    shown = " ".join(subject.replace("\x1b", "").split())
    letter = write(NoticeKind.ACKNOWLEDGEMENT, ticket(subject=subject))
    assert letter.subject == f"Re: {shown} [HD-1042]"
    assert f"> {shown.partition(' ')[0]}" in words(write(notice(NoticeKind.NEW_TICKET, text=subject)))


WORDS = "Zebra Spam"


def test_an_acknowledgement_repeats_the_subject_and_nothing_else_of_the_sender() -> None:
    """C45: not his name, not his words, not his file's name; without ``authserv_id`` nobody is known."""
    contact = person(WORDS, EVA.address)
    letter = write(
        notice(NoticeKind.ACKNOWLEDGEMENT, recipient=contact, text=WORDS),
        ticket(contact=contact, subject=f"Win {WORDS} http://evil.test/x www.evil.test " + "y" * 100),
    )
    assert letter.subject.startswith(f"Re: Win {WORDS} yyy")
    assert len(letter.subject) <= len("Re:  [HD-1042]") + 78
    assert "evil" not in letter.subject
    assert WORDS not in words(letter)
    assert WORDS not in read(letter)["To"]


def test_a_neutral_acknowledgement_repeats_nothing_at_all() -> None:
    """C45: a fixed subject with the number."""
    contact = person(WORDS, EVA.address)
    about = notice(NoticeKind.NEUTRAL_ACKNOWLEDGEMENT, recipient=contact, text=WORDS)
    site = config(mailbox={"authserv_id": "mx.helpdesk.test"})
    letter = write(about, ticket(contact=contact, subject=WORDS), site=site)
    assert WORDS.encode() not in letter.raw
    assert letter.subject == "Megkaptuk a levelét [HD-1042]"


@pytest.mark.parametrize(("authserv_id", "greeting"), [("mx", "Kedves Nagy Éva!"), ("", "Jó napot kívánunk!")])
def test_only_an_authenticated_sender_is_greeted_by_name(authserv_id: str, greeting: str) -> None:
    """And only in the acknowledgement."""
    letter = write(NoticeKind.ACKNOWLEDGEMENT, site=config(mailbox={"authserv_id": authserv_id}))
    assert words(letter).startswith(greeting)


@pytest.mark.parametrize("kind", [*TO_CUSTOMERS, NoticeKind.NEW_TICKET])
def test_only_our_own_links_can_be_clicked(kind: NoticeKind) -> None:
    """In a letter to staff nothing can; the customer's HTML never comes this far."""
    letter = write(
        notice(kind, text="see https://ok.test <script>alert(1)</script>"), ticket(subject="http://evil.test")
    )
    assert ("href" in page(letter)) is (kind is NoticeKind.ANSWER)
    assert "<script" not in page(letter)
    assert "evil.test" not in page(letter) or kind is NoticeKind.NEW_TICKET


TOKEN = tokens.write(tokens.agent(1042, 1), KEYS)
ID = tokens.message_id(ticket=1042, agent=1, unique="abcd", domain="helpdesk.test", keys=KEYS)


def test_proofs_and_the_authors_own_address_are_cut_from_an_answer() -> None:
    """The customer reads the ticket's address instead."""
    text = f"Ír: support+{TOKEN}@helpdesk.test, {ID} vagy Anna@Helpdesk.test. xanna@helpdesk.test bela@helpdesk.test"
    shown = words(write(notice(NoticeKind.ANSWER, text=text)))
    ours = "support@helpdesk.test"
    assert f"Ír: {ours}, {ours} vagy {ours}. xanna@helpdesk.test bela@helpdesk.test" in shown


def attached(kind: str, content: str) -> bytes:
    """Anna's mail with one file."""
    return (
        "From: anna@helpdesk.test\r\nTo: x@y.test\r\nSubject: x\r\nMessage-ID: <m@x.test>\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSee file.\r\n--b\r\n"
        f"Content-Type: {kind}\r\nContent-Disposition: attachment; filename=a.eml\r\n\r\n{content}\r\n--b--\r\n"
    ).encode()


@pytest.mark.parametrize("kind", ["message/rfc822", "text/plain", "text/rfc822-headers"])
@pytest.mark.parametrize("letter_kind", [NoticeKind.ANSWER, NoticeKind.STAFF_NOTE])
def test_an_attached_letter_of_ours_loses_its_proof_on_the_way_out(kind: str, letter_kind: NoticeKind) -> None:
    """Colleagues get it as it is."""
    raw = attached(kind, f"From: s@helpdesk.test\r\nReply-To: support+{TOKEN}@helpdesk.test\r\nSubject: é\r\n\r\nx")
    letter = write(notice(letter_kind, attachments=True), cause=parse.parse(raw), raw=raw)
    (part,) = read(letter).iter_attachments()
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert (TOKEN.encode() in data) is (letter_kind is NoticeKind.STAFF_NOTE)
    assert "Subject: é".encode() in data


def test_files_are_passed_on_as_they_came() -> None:
    """With their names; a letter that passes nothing on holds none."""
    raw = attached("application/pdf", "%PDF")
    cause = parse.parse(raw)
    for kind, count in ((NoticeKind.ANSWER, 1), (NoticeKind.NEW_TICKET, 1), (NoticeKind.RECEIPT, 0)):
        letter = write(notice(kind, attachments=True), cause=cause, raw=raw)
        assert [part.get_filename() for part in read(letter).iter_attachments()] == ["a.eml"] * count
    assert "a.eml (" in words(write(notice(NoticeKind.NEW_TICKET, attachments=True), cause=cause, raw=raw))


@pytest.mark.parametrize("kind", TO_CUSTOMERS)
def test_staff_lines_and_authors_never_stand_in_a_letter_to_a_customer(kind: NoticeKind) -> None:
    """Flags, doubts and a stranger's address are for staff."""
    about = notice(kind, lines=("new person", "copied: secret@x.test"), incoming_author=JANOS)
    letter = write(about, cause=from_staff(to=at_token(tokens.agent(1042, 1))))
    assert b"secret" not in letter.raw
    assert JANOS.address.encode() not in letter.raw
    assert ANNA.address.encode() not in letter.raw


def test_a_long_mail_is_cut_for_staff_and_whole_for_customers() -> None:
    """An answer is never shortened."""
    text = "word " * 12_000
    assert len(words(write(notice(NoticeKind.NEW_TICKET, text=text)))) < 60_000
    assert words(write(notice(NoticeKind.ANSWER, text=text))).count("word") == 12_000


@pytest.mark.parametrize("address", ["éva@customer.test", "a@" + "b" * 60 + ".test", "eva@müller.test"])
def test_unusual_addresses_are_written_whole(address: str) -> None:
    """As the mail server will be asked to deliver them."""
    letter = write(notice(NoticeKind.ANSWER, recipient=Address(name="Éva", address=address)))
    assert letter.recipient == address
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 998


def contact(**values: Any) -> str:
    """The last lines of a letter on a site with these keys."""
    site = config(company=Company(name="Minta Kft.", language="hu", **values))
    return words(write(values.pop("kind", NoticeKind.ANSWER), site=site)).rstrip("\n")


@pytest.mark.parametrize("kind", TO_CUSTOMERS)
def test_page_and_signature_stand_under_every_letter_to_a_customer(kind: NoticeKind) -> None:
    """As configured, several lines too; the page can be clicked."""
    company = Company(name="Minta Kft.", url="https://minta.test", signature="Tel.: 1\n  2. sor", language="hu")
    letter = write(kind, site=config(company=company))
    assert words(letter).rstrip().endswith("Minta Kft.\nhttps://minta.test\nTel.: 1\n  2. sor")
    assert '<a href="https://minta.test">' in page(letter)


def test_without_them_the_letter_ends_with_the_company() -> None:
    """No empty lines are left."""
    assert contact().endswith("-- \nKovács Anna\nSupport, Minta Kft.")
    assert contact(url="https://x.test").endswith("Minta Kft.\nhttps://x.test")


def test_staff_do_not_read_the_companys_signature() -> None:
    """They know where they work."""
    company = Company(name="Minta Kft.", url="https://minta.test", signature="Tel.: 1", language="hu")
    assert "minta.test" not in words(write(NoticeKind.NEW_TICKET, site=config(company=company)))
