"""Who writes of an undelivered mail in the words of servers may be a person: nobody's words are lost for that."""

from __future__ import annotations

import pytest

from helpdesk.mail.parse import parse
from tests.mail.reports import bounce

# Of servers, and of the people who keep them.
ADMINISTRATORS = [
    *('"System Administrator"@x.example', "Tom <sysadmin@x.example>", "Mail Admin <mail-admin@x.example>"),
    *("Rendszergazda <it@x.example>", "System Administrator <it@x.example>"),
]


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
    assert bounce(REPORT, "Re: [HD-1] Printer", "Tom <sysadmin@x.example>", fields) is None


def test_a_doubtful_report_is_read_as_a_persons_mail() -> None:
    """Whoever lets it in sees his words, without what he quoted."""
    text = f"{REPORT}\n\nOn Mon, 2 Mar 2026 at 09:41, Minta wrote:\n> Printer\n"
    head = "From: Tom <postmaster@x.example>\nSubject: Undeliverable\n\n"
    found = parse(f"{head}{text}".encode())
    assert found.bounce is not None
    assert found.text == REPORT
