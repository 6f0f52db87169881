"""The mails of the story look as the mail programs of real people write them, and are read as such."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.demo import writing
from helpdesk.demo.company import CUSTOMERS
from helpdesk.demo.received import Received
from helpdesk.demo.words import FIRST, WRITERS
from helpdesk.demo.writing import Program, Writer
from helpdesk.mail.parse import parse

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
LETTER = Received.read(
    1,
    (
        b"From: =?utf-8?q?T=C3=B3th_B=C3=A9la?= <support@minta.example>\r\nTo: eva@kunde.example\r\n"
        b"Reply-To: support+t.1001.abcdefghijklmnop@minta.example\r\nSubject: Re: Printer [HD-1001]\r\n"
        b"Message-ID: <2@minta.example>\r\nReferences: <1@kunde.example>\r\n"
        b"Content-Type: text/plain; charset=utf-8\r\n\r\nAn old line.\r\n\r\nAnother old line.\r\n"
    ),
)


@pytest.mark.parametrize("key", CUSTOMERS)
@pytest.mark.parametrize("program", Program)
def test_only_the_new_words_of_a_reply_count(key: str, program: Program) -> None:
    """Every program's manner of quoting, in every language of the story."""
    writer = Writer(person=CUSTOMERS[key], program=program, signature="A name")
    mail = parse(writer.reply(LETTER, "New words.\n\nAnd some more.", now=NOW).as_bytes())
    assert mail.text.startswith("New words.\n\nAnd some more.")
    assert "old line" not in mail.text
    assert "old line" in mail.full_text


@pytest.mark.parametrize("key", FIRST)
def test_a_first_mail_keeps_its_words(key: str) -> None:
    """Nothing of a mail without quotes is cut away."""
    writer, first = WRITERS[key], FIRST[key]
    mail = parse(writer.new("support@minta.example", first.subject, first.text, now=NOW).as_bytes())
    assert mail.subject == first.subject
    assert " ".join(first.text.split()) in " ".join(mail.signed_text.split())
    assert mail.sender is not None
    assert mail.sender.name == writer.person.name


@pytest.mark.parametrize("program", Program)
def test_a_reply_goes_to_reply_to_and_stands_in_the_thread(program: Program) -> None:
    """RFC 5322 3.6.4."""
    reply = Writer(person=CUSTOMERS["eva"], program=program).reply(LETTER, "New words.", now=NOW)
    mail = parse(reply.as_bytes())
    assert [person.address for person in mail.to] == ["support+t.1001.abcdefghijklmnop@minta.example"]
    assert mail.in_reply_to == ("<2@minta.example>",)
    assert mail.references == ("<1@kunde.example>", "<2@minta.example>")
    assert "[HD-1001]" in mail.subject


def test_an_out_of_office_says_that_a_machine_wrote_it() -> None:
    """RFC 3834."""
    away = writing.away(CUSTOMERS["jan"], LETTER, "Automatyczna odpowiedź: ", "Nie ma mnie.", now=NOW)
    mail = parse(away.as_bytes())
    assert mail.marks.auto_submitted == "auto-replied"
    assert mail.in_reply_to == ("<2@minta.example>",)
