"""Every kind of letter in every language: who it is from, how it threads, what marks it bears."""

from __future__ import annotations

import re

import pytest

from helpdesk.compose import message, threads
from helpdesk.config import Department, Mailbox, Smtp, Staff
from helpdesk.desk import tokens
from helpdesk.desk.changes import NoticeKind
from helpdesk.mail import parse
from helpdesk.mail.marker import MARKER
from helpdesk.mail.message import Attachment
from tests.builders import EVA, JANOS, KEYS, NOW, config, mail, ticket
from tests.compose.letters import (
    LANGUAGES,
    TEMPLATES,
    TO_CUSTOMERS,
    TO_STAFF,
    WITHOUT_TICKET,
    addresses,
    in_language,
    notice,
    page,
    person,
    read,
    words,
    write,
)

KINDS = pytest.mark.parametrize("kind", list(NoticeKind))
STAFF_TOKEN = re.compile(rb"[ah]\.\d+\.\d+\.(?:[a-z0-9]+\.)?[a-z2-7]{16}", re.IGNORECASE)


@KINDS
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_letter_is_read_back_as_it_was_meant(kind: NoticeKind, language: str) -> None:
    """By our own parser: sender, recipient, ids and words; lines end in CRLF and are short."""
    letter = write(notice(kind), ticket(language=language), site=in_language(language))
    found = parse.parse(letter.raw)
    assert found.sender is not None
    assert (found.sender.address, found.message_id) == ("support@helpdesk.test", letter.message_id)
    assert [one.address for one in found.to] == [letter.recipient]
    assert found.subject == letter.subject
    assert not found.defects
    assert re.search(rb"(?<!\r)\n|\r(?!\n)", letter.raw) is None
    assert max(map(len, letter.raw.split(b"\r\n"))) <= 200


@KINDS
@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_say_the_same(kind: NoticeKind, language: str) -> None:
    """Without a sign of a template that was not filled in, and in the language that it claims."""
    letter = write(notice(kind), ticket(language=language), site=in_language(language))
    html, text = page(letter), words(letter)
    assert f'<html lang="{language}">' in html
    shown = re.sub(r"\s+|&nbsp;|>", "", re.sub(r"<[^>]*>", "", html.partition("<body")[2].partition(">")[2]))
    plain = re.sub(r"\s+|>", "", text.replace("\n-- \n", "\n"))
    assert shown.replace("&lt;", "<").replace("&gt;", "").replace("&#39;", "'").replace("&#34;", '"').replace(
        "<", ""
    ) == plain.replace("<", "")
    assert not re.search(r"\{[{%]|[%}]\}|None|\n\n\n\n", text + letter.subject)


@KINDS
def test_only_a_machines_letters_are_marked_as_such(kind: NoticeKind) -> None:
    """RFC 3834: acknowledgements are replies; the words of a person bear no mark."""
    found = read(write(kind))
    expected = "auto-replied" if "acknowledgement" in kind.value else "auto-generated"
    marks = [found["Auto-Submitted"], found["X-Auto-Response-Suppress"], found["X-Loop"]]
    assert marks == ([expected, "All", config().instance] if kind is not NoticeKind.ANSWER else [None] * 3)


@pytest.mark.parametrize("kind", TO_CUSTOMERS)
def test_a_customer_replies_to_the_ticket(kind: NoticeKind) -> None:
    """The address carries the customer's token and nobody else's."""
    letter = write(kind)
    address = f"support+{tokens.write(tokens.customer(1042), KEYS)}@helpdesk.test"
    assert addresses(letter, "Reply-To") == [address]
    assert STAFF_TOKEN.search(letter.raw) is None
    assert MARKER.strip() not in words(letter)


@pytest.mark.parametrize("kind", [kind for kind in TO_STAFF if kind not in WITHOUT_TICKET])
def test_a_staff_member_replies_to_an_address_of_his_own(kind: NoticeKind) -> None:
    """Bound to him and the ticket, or to him and the held letter."""
    token = tokens.held(77, 1) if kind is NoticeKind.GUARD_HELD else tokens.agent(1042, 1)
    letter = write(kind)
    assert addresses(letter, "Reply-To") == [f"support+{tokens.write(token, KEYS)}@helpdesk.test"]
    assert words(letter).startswith(MARKER)


@pytest.mark.parametrize("kind", WITHOUT_TICKET)
def test_a_warning_about_no_ticket_cannot_be_answered(kind: NoticeKind) -> None:
    """There is nobody whom an answer could reach."""
    assert read(write(kind))["Reply-To"] is None


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (NoticeKind.ANSWER, "Kovács Anna (Minta Kft.)"),
        (NoticeKind.ACKNOWLEDGEMENT, "Minta Kft. Support"),
        (NoticeKind.NEW_TICKET, "Nagy Éva via HD-1042"),
        (NoticeKind.RECEIPT, "Minta Kft. Support"),
        (NoticeKind.ADMIN_ALERT, "Minta Kft."),
    ],
)
def test_the_sender_is_our_address_with_a_name_that_says_who_speaks(kind: NoticeKind, name: str) -> None:
    """The agent's display name in answers; never the agent's address."""
    (sender,) = read(write(kind))["From"].addresses
    assert (sender.display_name, sender.addr_spec) == (name, "support@helpdesk.test")


@pytest.mark.parametrize("kind", list(NoticeKind))
def test_a_department_answers_from_the_address_it_was_given(kind: NoticeKind) -> None:
    """Letters to customers only; staff go on writing to the ticket's mailbox."""
    base = config()
    sales = Mailbox(**(dict(base.mailboxes["support"]) | {"name": "sales", "address": "sales@helpdesk.test"}))
    support = Department(key="support", name="Support", members=("anna",), address="sales")
    site = base.model_copy(
        update={"mailboxes": {**base.mailboxes, "sales": sales}, "departments": {"support": support}}
    )
    letter = write(kind, site=site)
    assert addresses(letter, "From") == ["sales@helpdesk.test" if kind.to_customer else "support@helpdesk.test"]
    assert letter.envelope_from == addresses(letter, "From")[0]


def test_the_thread_of_an_answer_leads_back_to_the_first_mail() -> None:
    """Our signed anchor, every public message, and In-Reply-To the latest of them; the subject stays the same."""
    ours = tokens.message_id(ticket=1042, agent=None, unique="abcd", domain="helpdesk.test", keys=KEYS)
    anchor = tokens.message_id(ticket=1042, agent=None, unique=threads.ANCHOR, domain="helpdesk.test", keys=KEYS)
    letter = write(NoticeKind.ANSWER, ticket(thread=("<first@customer.test>", ours, "<second@customer.test>")))
    found = parse.parse(letter.raw)
    assert found.in_reply_to == ("<second@customer.test>",)
    assert found.references == (anchor, "<first@customer.test>", ours, "<second@customer.test>")
    assert letter.subject == "Re: Nyomtató [HD-1042]"
    assert tokens.read_message_id(letter.message_id, KEYS) == tokens.customer(1042)


@pytest.mark.parametrize("kind", [NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT])
def test_an_acknowledgement_answers_the_mail_that_opened_the_ticket(kind: NoticeKind) -> None:
    """So that it stands below it in every mail program."""
    assert read(write(kind))["In-Reply-To"] == "<first@customer.test>"


def test_a_letter_to_staff_proves_its_reader_by_its_ids() -> None:
    """Where replies have no address of their own, the ids take its place."""
    letter = write(NoticeKind.NEW_TICKET, site=config(mailbox={"reply_address": "none"}))
    found = parse.parse(letter.raw)
    assert read(letter)["Reply-To"] is None
    assert "#close" in words(letter)
    assert {tokens.read_message_id(value, KEYS) for value in (letter.message_id, found.references[0])} == {
        tokens.agent(1042, 1)
    }


def test_a_held_letter_cannot_be_released_by_a_message_id() -> None:
    """There ``send`` would be taken for an answer to the customer; nothing in the letter invites it."""
    letter = write(NoticeKind.GUARD_HELD, site=config(mailbox={"reply_address": "none"}))
    assert "send" not in words(letter)
    assert tokens.read_message_id(letter.message_id, KEYS) is None
    assert STAFF_TOKEN.search(letter.raw) is None


@pytest.mark.parametrize("kind", TO_CUSTOMERS)
def test_no_id_that_proves_a_staff_member_reaches_a_customer(kind: NoticeKind) -> None:
    """Neither in the thread nor as the mail that is answered."""
    proof = tokens.message_id(ticket=1042, agent=1, unique="abcd", domain="helpdesk.test", keys=KEYS)
    letter = write(kind, ticket(thread=("<first@customer.test>", proof)), cause=mail(message_id=proof))
    assert STAFF_TOKEN.search(letter.raw) is None


@pytest.mark.parametrize("value", ["<" + "x" * 900 + "@y>", "<a b@c>", "no brackets", "<é@x.test>"])
def test_an_id_that_no_header_can_hold_is_not_named(value: str) -> None:
    """C58: quoted, endless, or with letters beyond ASCII."""
    letter = write(NoticeKind.ANSWER, ticket(thread=(value, "<good@customer.test>")), cause=mail(message_id=value))
    assert parse.parse(letter.raw).references[1:] == ("<good@customer.test>",)


def test_of_a_long_thread_the_first_and_the_newest_are_named() -> None:
    """A header of a thousand ids is cut by some servers."""
    ids = tuple(f"<{number}@customer.test>" for number in range(100))
    found = parse.parse(write(NoticeKind.ANSWER, ticket(thread=ids)).raw)
    assert len(found.references) == threads.LAST_IDS + 2
    assert (found.references[1], found.references[-1]) == (ids[0], ids[-1])


def test_a_letter_about_a_ticket_without_messages_hangs_on_the_anchor() -> None:
    """It is found again by the letters that follow."""
    found = parse.parse(write(notice(NoticeKind.CLOSING), ticket(thread=())).raw)
    assert found.in_reply_to == found.references[:1]


def test_the_copies_are_named_and_each_letter_has_one_recipient() -> None:
    """To is the ticket's contact, whoever gets this copy."""
    other = notice(NoticeKind.ANSWER, recipient=JANOS, copies=(EVA, person("a, b", "third@customer.test")))
    letter = write(other)
    assert (letter.recipient, addresses(letter, "To")) == (JANOS.address, [EVA.address])
    assert addresses(letter, "Cc") == [JANOS.address, "third@customer.test"]
    assert letter.outside


@pytest.mark.parametrize(("path", "envelope"), [("mailbox", "support@helpdesk.test"), ("null", "")])
def test_the_envelope_of_automatic_mail_is_as_configured(path: str, envelope: str) -> None:
    """An answer by a person always has a sender to whom a bounce can go."""
    site = config(smtp=Smtp(host="x", automatic_envelope="null" if path == "null" else "mailbox"))
    assert write(NoticeKind.ACKNOWLEDGEMENT, site=site).envelope_from == envelope
    assert write(NoticeKind.ANSWER, site=site).envelope_from == "support@helpdesk.test"


def test_the_date_is_the_companys_local_time() -> None:
    """Nine o'clock UTC is ten in Budapest."""
    assert read(write(NoticeKind.ANSWER))["Date"] == "Mon, 02 Mar 2026 10:00:00 +0100"


@pytest.mark.parametrize(
    ("customer", "mailbox", "written"),
    [
        ("pl", "hu", "pl"),
        ("hr", "hu", "bs"),
        ("de", "ru", "ru"),
        ("", "ru", "ru"),
        ("de", None, "hu"),
        ("fr", "de", "hu"),
    ],
)
def test_a_language_that_we_do_not_write_becomes_the_mailboxs(customer: str, mailbox: str | None, written: str) -> None:
    """Then the company's; Croats and Serbs get Bosnian."""
    site = config(mailbox={"language": mailbox})
    letter = write(NoticeKind.CLOSING, ticket(language=customer), site=site)
    assert words(letter) == words(write(NoticeKind.CLOSING, ticket(language=written), site=site))


def test_staff_read_in_their_own_language() -> None:
    """Whatever the customer's is."""
    anna = Staff(key="anna", id=1, name="Anna", addresses=("anna@helpdesk.test",), language="en")
    letter = write(NoticeKind.NEW_TICKET, ticket(language="ru"), site=config(staff={"anna": anna}))
    assert "Please write your reply above this line" in words(letter)


def test_a_letter_that_no_mail_caused_hangs_on_nothing() -> None:
    """An alarm begins a conversation of its own."""
    alarm = message.write(
        notice(NoticeKind.ADMIN_ALERT),
        ticket=None,
        config=config(),
        templates=TEMPLATES,
        keys=KEYS,
        mail=None,
        raw=None,
        now=NOW,
        unique="abcd",
    )
    assert (read(alarm)["In-Reply-To"], read(alarm)["References"]) == (None, None)
    assert alarm.message_id == "<n.abcd@helpdesk.test>"


@pytest.mark.parametrize(("octets", "shown"), [(999, "999 B"), (48_211, "48 kB"), (2_500_000, "2.5 MB")])
def test_staff_see_how_large_a_file_is(octets: int, shown: str) -> None:
    """As people say it."""
    photo = Attachment(name="foto.jpg", type="image/jpeg", size=octets, position=1)
    letter = write(notice(NoticeKind.NEW_TICKET, attachments=True), cause=mail(attachments=(photo,)))
    assert f"foto.jpg ({shown})" in words(letter)


@pytest.mark.parametrize(("staff", "shell"), [("anna", True), ("bela", False)])
def test_a_shell_command_is_shown_to_who_runs_the_helpdesk(staff: str, shell: bool) -> None:
    """Anna is the admin."""
    shown = words(write(notice(NoticeKind.NEW_TICKET, staff=staff, history_cut=True)))
    assert ("helpdesk tickets show HD-1042 --full" in shown) is shell


def test_a_handover_shows_the_last_words_of_both_sides() -> None:
    """Quoted, so that nobody takes them for ours."""
    letter = write(notice(NoticeKind.NEW_TICKET, last_words="Nem megy.", last_answer="Próbálja újra."))
    assert {"> Nem megy.", "> Próbálja újra."} <= set(words(letter).splitlines())
