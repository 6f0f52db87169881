"""A report that a mail did not arrive is told from mail by people, and names who did not get it, and why."""

from __future__ import annotations

import pytest

from helpdesk.mail.parse import parse
from tests.mail.reports import bounce
from tests.quick import AT_ONCE, seconds

SUBJECTS = [
    "Undelivered Mail Returned to Sender",
    "Delivery Status Notification (Failure)",
    "failure notice",
    "Mail delivery failed: returning message to sender",
    "Undeliverable: Printer",
    "Kézbesíthetetlen: Nyomtató",
    "Niedostarczalna: Drukarka",
    "Недоставленное: Принтер",
    "Unzustellbar: Drucker",
    "Non remis : Imprimante",
    "No se puede entregar: Impresora",
    "Non recapitabile: Stampante",
    "Não entregue: Impressora",
    "Onbestelbaar: Printer",
    "Olevererat: Skrivare",
    "Ikke leveret: Printer",
    "Nedoručitelné: Tiskárna",
    "Nedoručené: Tlačiareň",
    "Neisporučivo: Pisač",
    "Teslim edilemedi: Yazıcı",
    "系统退信",
    "配信不能",
]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_servers_subject_is_known_in_every_language(subject: str) -> None:
    """A daemon's address and such a subject make a bounce."""
    found = bounce("nobody@other.example: 550 5.1.1 unknown", subject)
    assert found is not None
    assert [(each.address, each.status, each.permanent) for each in found.recipients] == [
        ("nobody@other.example", "5.1.1", True)
    ]


@pytest.mark.parametrize(
    ("subject", "sender"),
    [
        ("Undeliverable parcel", "eva@kunde.example"),
        ("Printer", "postmaster@x.example"),
        ("Hello", "eva@kunde.example"),
    ],
)
def test_a_person_is_not_taken_for_a_server(subject: str, sender: str) -> None:
    """One sign alone, the words or the address, is not enough."""
    assert bounce("nobody@other.example 550 5.1.1", subject, sender) is None


def test_the_null_path_with_a_servers_subject_is_enough() -> None:
    """Some servers write under a person's name."""
    assert bounce("x@other.example failed", "Undeliverable", "it@x.example", "Return-Path: <>\n") is not None


def test_a_delay_is_not_for_good() -> None:
    """Nobody's address is suspended because a server is slow."""
    found = bounce("Delivery to nobody@other.example has been delayed. It will be retried.", "Delivery delayed")
    assert found is not None
    assert not found.recipients[0].permanent


def test_each_recipient_has_its_own_status_and_is_named_once() -> None:
    """The status that stands nearest behind the address."""
    found = bounce("<a@other.example>: 550 5.1.1 unknown\n<b@other.example>: 452 4.2.2 full\n<a@other.example> again")
    assert found is not None
    assert [(each.address, each.status) for each in found.recipients] == [
        ("a@other.example", "5.1.1"),
        ("b@other.example", "4.2.2"),
    ]


def test_our_message_id_is_found_in_the_returned_headers() -> None:
    """It ties the bounce to what we sent."""
    found = bounce("nobody@other.example failed\n\n> Message-ID: <ours@minta.example>\n> Subject: x")
    assert found is not None
    assert found.message_ids == ("<ours@minta.example>",)


SENDERS = [
    *("MAILER-DAEMON", "MAILER-DAEMON <>", "post_master@sms.example", "Mail.Delivery.System@x.example"),
    *("Mail Delivery Subsystem <admin@x.example>", "InterScan MSS <gw@x.example>"),
]


@pytest.mark.parametrize("sender", SENDERS)
def test_servers_are_known_by_address_or_name(sender: str) -> None:
    """Also where the address is no address at all."""
    assert bounce("<nobody@other.example>: 550 5.1.1 unknown", sender=sender) is not None


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Mail could not be delivered", "****** Message from InterScan ******\n\nSent <<< RCPT TO:<a@other.example>"),
        ("Delivery failure", "Your message could not be delivered to the following recipients:\n\na@other.example"),
        ("RE: Printer : non remis", "*****\nVotre message n'a pas pu etre delivre a\na@other.example\n*****"),
    ],
)
def test_a_gateway_with_any_address_is_known_by_subject_and_first_words(subject: str, text: str) -> None:
    """Nothing stands before its words, and nobody speaks of himself."""
    found = bounce(text, subject, "gw7@x.example")
    assert found is not None
    assert [each.address for each in found.recipients] == ["a@other.example"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Undelivered", "Your message could not be delivered to a@other.example, can you try again?"),
        ("Undelivered", "Hello,\n\nYour message could not be delivered:\n\na@other.example 550"),
        ("Delivery failure", "> Your message could not be delivered to\n> a@other.example"),
        ("Fwd: Delivery failure", "Your message could not be delivered to\n\na@other.example"),
        ("Printer", "Your message could not be delivered to\n\na@other.example"),
        ("Delivery failed", "Delivery of your parcel was not possible.\n\ncare@parcels.example"),
    ],
)
def test_a_person_who_speaks_of_a_report_is_a_person(subject: str, text: str) -> None:
    """A question, a greeting, a quotation, a forward, another subject, a parcel: one of them is enough."""
    assert bounce(text, subject, "eva@kunde.example") is None


@pytest.mark.parametrize(
    "text",
    [
        "Your message to a@other.example was rejected.\nQuestions? Write to help@x.example.",
        "a@other.example: unknown\n\nMAIL FROM: <team@minta.example>\nContact: it@x.example",
        "Failed addresses:\n<a@other.example>\n\n--- Transcript of session ---\n>>> RCPT TO:<b@y.example>",
        "a@other.example unknown\n\nReceived: from x\nFrom: boss@minta.example\nMessage-ID: <9@minta.example>",
    ],
)
def test_only_who_did_not_get_the_mail_is_named(text: str) -> None:
    """Not the sender, not whoever helps, not a forwarding in the transcript, nothing of the returned mail."""
    found = bounce(text)
    assert found is not None
    assert [each.address for each in found.recipients] == ["a@other.example"]


def test_where_no_address_is_named_the_only_recipient_of_the_returned_mail_counts() -> None:
    """Of a list's mail nobody knows who was meant."""
    text = "Your message was not delivered.\n\n--- Original message ---\nFrom: us@minta.example\nTo: a@other.example\n"
    found, of_a_list = bounce(text), bounce(f"{text}List-Post: <mailto:a@other.example>\n")
    assert found is not None
    assert of_a_list is not None
    assert [each.address for each in found.recipients] == ["a@other.example"]
    assert of_a_list.recipients == ()


@pytest.mark.parametrize(
    ("text", "permanent"),
    [
        ("<a@other.example>: 4.4.1\nI'm not going to try again; this message has been in the queue too long.", True),
        ("a@other.example could not be delivered.\nDelivery attempts will continue to be made for 5 days.", False),
        ("a@other.example: 421 try again later", False),
        ("a@other.example: unknown user", True),
    ],
)
def test_whether_the_server_goes_on_trying(text: str, permanent: bool) -> None:
    """What it says of its tries counts more than the status, and that more than words of any kind."""
    found = bounce(text)
    assert found is not None
    assert found.recipients[0].permanent is permanent


def test_a_report_inside_a_servers_mail_is_read() -> None:
    """Some gateways attach the report that they got to one of their own."""
    inner = "Content-Type: multipart/report; boundary=i\n\n--i\nContent-Type: message/delivery-status\n\n"
    report = f"{inner}Final-Recipient: rfc822; a@other.example\nAction: failed\nStatus: 5.1.1\n--i--\n"
    text = f"--b\nContent-Type: text/plain\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n{report}\n--b--"
    raw = f"From: MAILER-DAEMON@x.example\nSubject: Notice\nContent-Type: multipart/mixed; boundary=b\n\n{text}\n"
    found, of_a_person = parse(raw.encode()).bounce, parse(raw.replace("MAILER-DAEMON", "eva").encode()).bounce
    assert found is not None
    assert [each.address for each in found.recipients] == ["a@other.example"]
    assert of_a_person is None


def test_what_is_said_of_another_recipient_says_nothing_of_this_one() -> None:
    """Only what stands below a list of addresses is said of all of them."""
    each = bounce("<a@other.example>: no such user\n<b@other.example>: 452 4.2.2 mailbox full, try again later")
    together = bounce("a@other.example\nb@other.example\n\n550 5.1.1 unknown")
    assert each is not None
    assert together is not None
    assert [(one.status, one.permanent) for one in each.recipients] == [("", True), ("4.2.2", False)]
    assert [(one.status, one.permanent) for one in together.recipients] == [("5.1.1", True), ("5.1.1", True)]


def test_who_wrote_to_himself_is_named() -> None:
    """Sender and recipient in one, and nobody else stands there."""
    found = bounce("<support@minta.example>:\nRemote host said: 552 disk quota exceeded")
    assert found is not None
    assert [each.address for each in found.recipients] == ["support@minta.example"]


def test_a_returned_mail_and_a_servers_words_need_no_subject() -> None:
    """With the null path; some gateways answer under the name of the recipient."""
    text = "--b\n\nYour mail sent on: Monday\nCould not be delivered to: <a@other.example>\n"
    attached = "--b\nContent-Type: message/rfc822\n\nMessage-ID: <ours@minta.example>\n\nhi\n--b--"
    head = "Return-Path: <>\nFrom: eva@kunde.example\nSubject: Mail\nContent-Type: multipart/mixed; boundary=b\n\n"
    found = parse(f"{head}{text}{attached}\n".encode()).bounce
    assert found is not None
    assert [each.address for each in found.recipients] == ["a@other.example"]
    assert parse(f"{head}{text}{attached}\n".replace("Return-Path: <>\n", "").encode()).bounce is None


def test_a_message_id_among_the_fields_of_a_part_is_found() -> None:
    """Where a server pastes the returned header in at the wrong place."""
    part = "--b\nReceived: from x\nMessage-Id: <ours@minta.example>\n\nhi\n--b--"
    head = "From: MAILER-DAEMON\nSubject: Returned mail\nMessage-ID: <own@x>\n"
    head += "Content-Type: multipart/mixed; boundary=b\n\n"
    found = parse(f"{head}--b\n\na@other.example [User unknown]\n{part}\n".encode()).bounce
    assert found is not None
    assert found.message_ids == ("<ours@minta.example>",)


def test_a_shop_that_writes_from_its_address_for_bounces_reports_no_mail() -> None:
    """Parcels have a delivery status as well."""
    text = "Your parcel is on its way.\n\ncare@shop.example"
    assert bounce(text, "Your delivery status", "bounces@shop.example") is None


@pytest.mark.parametrize("behind", ["", " 5.1.1", " unknown"])
def test_fifty_recipients_in_long_prose_cost_as_much_as_one(behind: str) -> None:
    """What is said of all of them is looked for once."""
    people = "".join(f"a{number}@b{number}.example{behind}\n" for number in range(50))
    opening = "This message was created automatically by mail delivery software.\n\n"
    report = f"From: MAILER-DAEMON\nSubject: Undelivered\n\n{opening}{people}{'delivery message ' * 4_000}".encode()
    assert seconds(lambda: [parse(report) for _ in range(20)]) < AT_ONCE
