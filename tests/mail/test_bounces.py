"""A report that a mail did not arrive is told from mail by people, and names who did not get it, and why."""

from __future__ import annotations

import pytest

from helpdesk.mail.message import Bounce
from helpdesk.mail.parse import parse

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


def bounce(
    text: str, subject: str = "Undeliverable", sender: str = "postmaster@x.example", extra: str = ""
) -> Bounce | None:
    """What is made of a mail with this plain text."""
    head = f"From: {sender}\nTo: support@minta.example\nSubject: {subject}\n{extra}"
    head += "Content-Type: text/plain; charset=utf-8\n"
    return parse(f"{head}\n{text}\n".encode()).bounce


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
# Of servers, and of the people who keep them.
ADMINISTRATORS = [
    *('"System Administrator"@x.example', "Tom <sysadmin@x.example>", "Mail Admin <mail-admin@x.example>"),
    *("Rendszergazda <it@x.example>", "System Administrator <it@x.example>"),
]


@pytest.mark.parametrize("sender", SENDERS)
def test_servers_are_known_by_address_or_name(sender: str) -> None:
    """Also where the address is no address at all."""
    assert bounce("<nobody@other.example>: 550 5.1.1 unknown", sender=sender) is not None


@pytest.mark.parametrize("sender", ADMINISTRATORS)
def test_an_administrator_is_a_server_only_where_something_else_shows_one(sender: str) -> None:
    """A person reads the answers to such an address, and signs with such a name."""
    text = "nobody@other.example: 550 5.1.1 unknown"
    found = bounce(text, "Login", sender, "Return-Path: <>\n")
    assert bounce(text, "Login", sender) is None
    assert found is not None
    assert [each.address for each in found.recipients] == ["nobody@other.example"]


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("Mailbox full", "Mailbox full: jan.kis@kunde.example\nPlease increase the quota.\nThomas"),
        ("Unable to send", "Unable to send mail to jan.kis@kunde.example since Monday, please check."),
        ("Mail delivery failed", "The message could not be delivered to jan@kunde.example Please check."),
        ("Login: unknown user", "Unknown user jan@kunde.example in your portal. Please create the account."),
        ("Zustellung fehlgeschlagen", "Zustellung an jan@kunde.example nicht möglich.\nBitte prüfen.\nThomas"),
        ("Nie dostarczono", "Nie można dostarczyć wiadomości do jan@kunde.example.\nProszę sprawdzić.\nJan"),
        ("Письмо не доставлено", "Не удалось доставить письмо на jan@kunde.example. Проверьте, пожалуйста."),
        ("Kézbesítési hiba", "Nem lehet kézbesíteni az jan@kunde.example címre.\nKérem nézzék meg.\nÉva"),
    ],
)
def test_who_asks_for_something_is_a_person(subject: str, text: str) -> None:
    """A ticket about mail, in the very words of servers, by anybody, or by whoever keeps the mail of his house."""
    assert bounce(text, subject, "thomas@kunde.example") is None
    assert bounce(text, subject, "Thomas <postmaster@kunde.example>") is None


@pytest.mark.parametrize(
    "sender", ["sysadmin@kunde.example", "postmaster@kunde.example", "Rendszergazda <it@x.example>"]
)
@pytest.mark.parametrize(
    "text",
    [
        "Hello,\n\nplease create an account for:\n\njan@kunde.example\n\nUnknown user in your portal.\nTom",
        "Hello, could not deliver your mails to jan@kunde.example because your SPF is wrong.\nPeter",
    ],
)
def test_who_greets_is_a_person(sender: str, text: str) -> None:
    """Also where his address or his name is that of many a server."""
    assert bounce(text, "Mail could not be delivered", sender) is None


@pytest.mark.parametrize(
    "text",
    [
        "Your message to a@other.example was rejected. Please check the recipient address and try again.",
        "Ihre Nachricht konnte nicht zugestellt werden: a@other.example\nBitte wenden Sie sich an den Administrator.",
        "Dear sender,\n\nyour message could not be delivered:\n\na@other.example",
    ],
)
def test_what_servers_ask_for_makes_no_person(text: str) -> None:
    """To look at the address, to turn to somebody else; and they greet whoever sent the mail."""
    assert bounce(text) is not None


REPORT = "Your message could not be delivered:\n\na@other.example"
HEADER = "\n\nReceived: from x\nFrom: team@minta.example\nMessage-ID: <ours@minta.example>\nSubject: Printer"


@pytest.mark.parametrize(
    ("text", "sender", "extra", "certain"),
    [
        (REPORT, "postmaster@x.example", "", False),
        (REPORT, "gw7@x.example", "", False),
        (REPORT + "\n\n-----Original Message-----\nFrom: a\nSubject: b", "postmaster@x.example", "", False),
        ("Hello,\n\n" + REPORT + HEADER, "postmaster@x.example", "", False),
        (REPORT + HEADER, "postmaster@x.example", "", True),
        (REPORT, "MAILER-DAEMON@x.example", "", True),
        (REPORT, "MAILER-DAEMON", "", True),
        (REPORT, "postmaster@x.example", "Return-Path: <>\n", True),
        (REPORT, "gw7@x.example", "X-Failed-Recipients: a@other.example\n", True),
    ],
)
def test_a_report_is_certain_by_what_no_person_sends(text: str, sender: str, extra: str, certain: bool) -> None:
    """The null path, a field, the address of a daemon, the header that it returns; its words alone are anybody's."""
    found = bounce(text, "Undeliverable", sender, extra)
    assert found is not None
    assert found.certain is certain


def test_what_is_answered_is_the_returned_mail_only_of_a_certain_report() -> None:
    """A person answers our letter, too; whoever is taken for a server by mistake is not called unreachable."""
    fields = "In-Reply-To: <ours@minta.example>\nReferences: <ours@minta.example>\n"
    doubtful = bounce(REPORT, "Re: [HD-1] Printer", "Tom <postmaster@x.example>", fields)
    certain = bounce(REPORT, "Re: [HD-1] Printer", "MAILER-DAEMON@x.example", fields)
    assert doubtful is not None
    assert certain is not None
    assert (doubtful.message_ids, certain.message_ids) == ((), ("<ours@minta.example>",))


def test_a_doubtful_report_is_read_as_a_persons_mail() -> None:
    """Whoever lets it in sees his words, without what he quoted."""
    text = f"{REPORT}\n\nOn Mon, 2 Mar 2026 at 09:41, Minta wrote:\n> Printer\n"
    head = "From: Tom <postmaster@x.example>\nSubject: Undeliverable\n\n"
    found = parse(f"{head}{text}".encode())
    assert found.bounce is not None
    assert found.text == REPORT


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
