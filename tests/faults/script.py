"""The sixty mails of the fault runs: some of all that comes into a helpdesk, each with what must become of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.message import EmailMessage, Message
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from itertools import zip_longest

from helpdesk.demo.received import Received
from helpdesk.desk.changes import LedgerOutcome

SUPPORT = "support@helpdesk.test"
ANNA = "anna@helpdesk.test"
BLOCKED = "spam@blocked.test"
EAGER = "eager@customer.test"
EARLIER = 14  # mails that were handled and answered before the script begins
MAILS = 60
ACKNOWLEDGEMENTS_A_DAY = 3  # the limit of the site; EAGER writes more often


@dataclass(frozen=True, kw_only=True)
class Scripted:
    """One mail: its bytes, how it ends in the ledger, and who is acknowledged."""

    raw: bytes
    outcome: LedgerOutcome
    acknowledged: str | None = None
    answered: str | None = None
    """The customer who gets what a colleague wrote."""


def customer(number: int) -> str:
    """The writer of an earlier mail."""
    return f"earlier{number}@customer.test"


def earlier() -> list[bytes]:
    """Mails of people who have their tickets when the script begins."""
    return [_mail(customer(n), f"earlier{n}", f"Old trouble {n}").as_bytes() for n in range(EARLIER)]


def script(letters: Sequence[Received]) -> list[Scripted]:
    """All sixty, in order; ``letters`` are those about the earlier mails: to each writer, to each colleague."""
    to = {mail.field("To").rpartition("<")[2].rstrip(">"): mail for mail in letters}
    about = {mail.subject.rpartition(" ")[2]: mail for mail in letters if ANNA in mail.field("To")}
    new = [_new(number) for number in range(25)]
    eager = [
        _ticket(_mail(EAGER, f"eager{n}", f"Once more {n}"), EAGER if n < ACKNOWLEDGEMENTS_A_DAY else None)
        for n in range(5)
    ]
    parts = [new, [*eager, *_replies(to)], [*_machines(to), *_held(), *_staff(about)]]
    mails = [mail for row in zip_longest(*parts) for mail in row if mail is not None]
    again = [Scripted(raw=new[number].raw, outcome=LedgerOutcome.DUPLICATE) for number in (0, 2, 3, 5, 8, 13)]
    for place, copy in zip((20, 24, 31, 40, 50, 58), again, strict=True):
        mails.insert(place, copy)
    assert len(mails) == MAILS
    return mails


def _new(number: int) -> Scripted:
    sender = f"new{number}@customer.test"
    mail = _mail(sender, f"new{number}", f"Printer {number}")
    if number % 6 == 1:
        mail.add_attachment(b"%PDF-1.4 " + bytes(range(256)) * number, "application", "pdf", filename="page.pdf")
    return _ticket(mail, sender)


def _ticket(mail: Message, acknowledged: str | None = None) -> Scripted:
    return Scripted(raw=mail.as_bytes(), outcome=LedgerOutcome.TICKET, acknowledged=acknowledged)


def _replies(to: Mapping[str, Received]) -> Iterator[Scripted]:
    """By our Message-ID, by the reply address, by the tag, by a Message-ID of the script; and by a stranger."""
    for number in range(3):
        ours = to[customer(number)]
        yield _joins(_mail(customer(number), f"re{number}", "No tag", In_Reply_To=ours.field("Message-ID")))
    for number in range(3, 5):
        yield _joins(_mail(customer(number), f"re{number}", "No tag either", to=to[customer(number)].answer_to))
    for number in range(5, 7):
        yield _joins(_mail(customer(number), f"re{number}", f"Re: {to[customer(number)].subject}"))
    for number in range(2):
        parent = f"<new{number}@customer.test>"
        yield _joins(_mail(f"new{number}@customer.test", f"again{number}", "Still broken", In_Reply_To=parent))
    subject = f"Re: {to[customer(5)].subject}"
    yield _ticket(_mail("stranger@other.test", "stranger", subject), "stranger@other.test")


def _joins(mail: Message) -> Scripted:
    return Scripted(raw=mail.as_bytes(), outcome=LedgerOutcome.APPENDED)


def _machines(to: Mapping[str, Received]) -> Iterator[Scripted]:
    for number in range(7, 10):
        ours = to[customer(number)].field("Message-ID")
        fields = {"Auto_Submitted": "auto-replied", "In_Reply_To": ours}
        away = _mail(customer(number), f"away{number}", "Out of office", **fields)
        yield Scripted(raw=away.as_bytes(), outcome=LedgerOutcome.AUTOMATIC)
    yield _ticket(_mail("alarm@robots.test", "alarm", "Disk full", Auto_Submitted="auto-generated"))
    yield _ticket(_mail("news@robots.test", "news", "Great prices", Precedence="bulk"))
    yield _ticket(_mail("list@robots.test", "list", "[list] Hello", List_Id="<list.robots.test>"))
    yield Scripted(raw=_bounce(to[customer(10)]), outcome=LedgerOutcome.BOUNCE)
    yield Scripted(raw=to[customer(11)].raw, outcome=LedgerOutcome.OWN)
    yield Scripted(raw=_mail(BLOCKED, "spam", "Buy").as_bytes(), outcome=LedgerOutcome.BLOCKED)


def _held() -> Iterator[Scripted]:
    """A colleague's address without a proof, and what is no mail at all."""
    yield Scripted(raw=_mail(ANNA, "forged", "Close it").as_bytes(), outcome=LedgerOutcome.QUARANTINE)
    yield Scripted(raw=b"\r\n\r\n\r\n", outcome=LedgerOutcome.QUARANTINE)


def _staff(about: Mapping[str, Received]) -> Iterator[Scripted]:
    """Answers of a colleague, two of which close; each goes to the customer."""
    for number, words in ((10, "Please try again."), (12, "It is mended.\n\n#close"), (13, "A new one is on its way.")):
        letter = about[str(number)]
        fields = {"In_Reply_To": letter.field("Message-ID")}
        mail = _mail(ANNA, f"answer{number}", f"Re: {letter.subject}", words, to=letter.answer_to, **fields)
        yield Scripted(raw=mail.as_bytes(), outcome=LedgerOutcome.APPENDED, answered=customer(number))


def _bounce(letter: Received) -> bytes:
    """The relay tells that a letter of ours could not be delivered (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "MAILER-DAEMON@customer.test"
    report["To"] = SUPPORT
    report["Subject"] = "Undelivered Mail"
    report["Message-ID"] = "<bounce@customer.test>"
    report.attach(MIMEText("It could not be delivered."))
    status = Message()
    status["Reporting-MTA"] = "dns; mx.customer.test"
    recipient = Message()
    recipient["Final-Recipient"] = f"rfc822; {customer(10)}"
    recipient["Action"] = "failed"
    recipient["Status"] = "5.1.1"
    delivery = Message()
    delivery["Content-Type"] = "message/delivery-status"
    delivery.set_payload([status, recipient])
    report.attach(delivery)
    header = MIMEText(letter.raw.partition(b"\r\n\r\n")[0].decode("ascii", "replace"), "rfc822-headers")
    report.attach(header)
    return _crlf(report.as_bytes())


class _Mail(EmailMessage):
    """With the line ends that mail has on its way."""

    def as_bytes(self, *_: object, **__: object) -> bytes:
        return _crlf(super().as_bytes())


def _mail(sender: str, name: str, subject: str, text: str = "", *, to: str = SUPPORT, **fields: str) -> EmailMessage:
    mail = _Mail()
    mail["From"] = sender
    mail["To"] = to
    mail["Subject"] = subject
    mail["Date"] = "Mon, 02 Mar 2026 09:00:00 +0100"
    mail["Message-ID"] = f"<{name}@{sender.partition('@')[2]}>"
    for field, value in fields.items():
        mail[field.replace("_", "-")] = value
    mail.set_content(f"{text or f'These are the words of {name}.'}\n")
    return mail


def _crlf(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
