"""The embedded mail server behaves as a provider's server does."""

from __future__ import annotations

import imaplib
import smtplib
import threading
from collections.abc import Iterator

import pytest

from helpdesk.demo.accounts import Account, Passed
from helpdesk.demo.server import HOST, DemoServer
from helpdesk.errors import UsageError

ANNA = Account(address="anna@minta.example", name="Kovács Anna", password="first")
SUPPORT = Account(address="support@minta.example", name="Support", password="second", aliases=("info@minta.example",))
MAIL = "From: eva@kunde.example\r\nSubject: Szia\r\n\r\nNem megy a nyomtató.\r\n".encode()
TIMEOUT_SECONDS = 10


@pytest.fixture
def passed() -> list[Passed]:
    """What the server saw going by."""
    return []


@pytest.fixture
def server(passed: list[Passed]) -> Iterator[DemoServer]:
    """A server with two accounts."""
    with DemoServer((ANNA, SUPPORT), hostname="mail.minta.example", watch=passed.append) as running:
        yield running


def send(server: DemoServer, *recipients: str, sender: str = "eva@kunde.example", raw: bytes = MAIL) -> None:
    """Hand one mail to the server, as a mail program does."""
    with smtplib.SMTP(HOST, server.smtp_port, timeout=TIMEOUT_SECONDS) as smtp:
        smtp.sendmail(sender, recipients, raw)


def inbox(server: DemoServer, account: Account) -> list[bytes]:
    """Every mail in the account's inbox, the oldest first."""
    with imaplib.IMAP4(HOST, server.imap_port, timeout=TIMEOUT_SECONDS) as imap:
        imap.login(account.address, account.password)
        imap.select("INBOX", readonly=True)
        _, (numbers,) = imap.search(None, "ALL")
        answers = [imap.fetch(number, "(BODY.PEEK[])")[1][0] for number in numbers.split()]
        return [bytes(answer[1]) for answer in answers if isinstance(answer, tuple)]


@pytest.mark.parametrize(
    "recipient",
    ["support@minta.example", "SUPPORT@Minta.example", "info@minta.example", "support+t.1001.abc@minta.example"],
)
def test_mail_reaches_the_account_by_every_address_of_it(server: DemoServer, recipient: str) -> None:
    """Its own address in any case, an alias, and a plus-address."""
    send(server, recipient)
    (raw,) = inbox(server, SUPPORT)
    assert raw.endswith(MAIL)
    assert f"Delivered-To: {recipient}".encode() in raw
    assert raw.startswith(b"Return-Path: <eva@kunde.example>\r\n")


def test_an_unknown_user_of_a_known_domain_is_refused_at_once(server: DemoServer) -> None:
    """The sending side learns it before it hands over the mail."""
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
        send(server, "nobody@minta.example")
    assert refused.value.recipients["nobody@minta.example"][0] == 550


def test_mail_for_a_foreign_domain_comes_back_as_a_report(server: DemoServer, passed: list[Passed]) -> None:
    """As with a provider's server, which cannot know before it has tried."""
    send(server, "x@elsewhere.example", sender=ANNA.address)
    (report,) = inbox(server, ANNA)
    assert b"report-type=delivery-status" in report
    assert b"Final-Recipient: rfc822; x@elsewhere.example" in report
    assert b"Subject: Szia" in report
    assert [mail.account for mail in passed] == [None, ANNA.address]


def test_a_report_that_cannot_be_delivered_is_forgotten(server: DemoServer, passed: list[Passed]) -> None:
    """A null envelope sender is never answered, or two servers would write to each other for ever."""
    send(server, "x@elsewhere.example", sender="")
    send(server, "x@elsewhere.example", sender="y@elsewhere.example")
    assert [mail.account for mail in passed] == [None, None, None]


def test_two_recipients_get_a_copy_each(server: DemoServer) -> None:
    """One envelope with two recipients."""
    send(server, ANNA.address, SUPPORT.address)
    assert len(inbox(server, ANNA)) == len(inbox(server, SUPPORT)) == 1


@pytest.mark.parametrize("mechanism", ["auth_plain", "auth_login"])
def test_a_mail_program_can_log_in_to_send(server: DemoServer, mechanism: str) -> None:
    """AUTH PLAIN and LOGIN with the account's password."""
    with smtplib.SMTP(HOST, server.smtp_port, timeout=TIMEOUT_SECONDS) as smtp:
        smtp.ehlo()
        smtp.user, smtp.password = ANNA.address, ANNA.password
        code, _ = smtp.auth(mechanism.removeprefix("auth_"), getattr(smtp, mechanism))
    assert code == 235


def test_a_wrong_password_is_refused_on_both_sides(server: DemoServer) -> None:
    """Somebody else's password does not open an account."""
    with (
        smtplib.SMTP(HOST, server.smtp_port, timeout=TIMEOUT_SECONDS) as smtp,
        pytest.raises(smtplib.SMTPAuthenticationError),
    ):
        smtp.login(ANNA.address, SUPPORT.password)
    with imaplib.IMAP4(HOST, server.imap_port, timeout=TIMEOUT_SECONDS) as imap, pytest.raises(imaplib.IMAP4.error):
        imap.login(ANNA.address, SUPPORT.password)


def test_idle_tells_of_new_mail(server: DemoServer) -> None:
    """What the daemon waits for."""
    with imaplib.IMAP4(HOST, server.imap_port, timeout=TIMEOUT_SECONDS) as imap:
        imap.login(ANNA.address, ANNA.password)
        imap.select("INBOX")
        imap.send(b"a1 IDLE\r\n")
        assert imap.readline().startswith(b"+")
        send(server, ANNA.address)
        assert imap.readline().strip() == b"* 1 EXISTS"
        imap.send(b"DONE\r\n")
        while not imap.readline().startswith(b"a1 OK"):
            pass


def test_stopping_closes_open_connections_and_leaves_no_thread() -> None:
    """A mail program that idles does not hold up the end."""
    with DemoServer((ANNA,), hostname="mail.minta.example") as server:
        imap = imaplib.IMAP4(HOST, server.imap_port, timeout=TIMEOUT_SECONDS)
        imap.login(ANNA.address, ANNA.password)
        imap.select("INBOX")
        imap.send(b"a1 IDLE\r\n")
        imap.readline()
        smtp = smtplib.SMTP(HOST, server.smtp_port, timeout=TIMEOUT_SECONDS)
    assert imap.readline() == b""
    imap.shutdown()
    smtp.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("demo")]


def test_a_port_in_use_is_said_in_one_sentence(server: DemoServer) -> None:
    """Nothing is left running behind it."""
    second = DemoServer((ANNA,), hostname="mail.minta.example", smtp_port=server.smtp_port)
    with pytest.raises(UsageError, match="Choose other ports"), second:
        pass
