"""How mails look that people write: Outlook, Thunderbird, Gmail and a telephone, each in its own manner of quoting."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime, formataddr, make_msgid
from enum import Enum

from helpdesk.demo.company import Person
from helpdesk.demo.received import Received


class Program(Enum):
    """The mail program that somebody uses."""

    OUTLOOK = "Microsoft Outlook 16.0"
    THUNDERBIRD = "Mozilla Thunderbird"
    GMAIL = "Gmail"
    PHONE = "iPhone Mail (21A329)"


# Outlook's names of From, Sent, To, Subject above a quoted mail.
_OUTLOOK_NAMES = {
    "hu": ("Feladó", "Elküldve", "Címzett", "Tárgy"),
    "pl": ("Od", "Wysłano", "Do", "Temat"),
    "ru": ("От", "Отправлено", "Кому", "Тема"),
    "bs": ("Od", "Poslano", "Za", "Predmet"),
    "en": ("From", "Sent", "To", "Subject"),
}
_OUTLOOK_PREFIX = {"pl": "ODP: ", "ru": "HA: "}

# The line above a quote in Thunderbird, Gmail and Apple Mail: who wrote it, and when.
_ATTRIBUTION = {
    "hu": "{name} <{address}> ezt írta (időpont: {at:%Y. %m. %d.}, {at:%H:%M}):",
    "pl": "W dniu {at:%d.%m.%Y} o {at:%H:%M}, {name} pisze:",
    "ru": "{at:%d.%m.%Y} {at:%H:%M}, {name} пишет:",
    "bs": "Dana {at:%d. %m. %Y.} u {at:%H:%M}, {name} <{address}> je napisao/la:",
    "en": "On {at:%d/%m/%Y} {at:%H:%M}, {name} <{address}> wrote:",
}
_FROM_PHONE = {
    "hu": "iPhone-ról küldve",
    "pl": "Wysłane z iPhone'a",
    "ru": "Отправлено с iPhone",
    "bs": "Poslano s mog iPhone-a",
    "en": "Sent from my iPhone",
}


@dataclass(frozen=True, kw_only=True)
class Writer:
    """Somebody at a mail program, with the signature that the program puts under each mail."""

    person: Person
    program: Program
    signature: str = ""

    def new(self, to: str, subject: str, words: str, *, now: datetime) -> EmailMessage:
        """A mail of its own."""
        mail = self._begun(to, subject, now)
        self._fill(mail, words, None, now)
        return mail

    def reply(self, to: Received, words: str, *, now: datetime) -> EmailMessage:
        """An answer as the program's reply button makes it: to Reply-To, threaded, with the whole mail quoted below."""
        prefix = _OUTLOOK_PREFIX.get(self.person.language, "RE: ") if self.program is Program.OUTLOOK else "Re: "
        subject = to.subject if to.subject.lower().startswith(prefix.strip().lower()) else f"{prefix}{to.subject}"
        mail = self._begun(to.answer_to, subject, now)
        thread(mail, to)
        self._fill(mail, words, to, now)
        return mail

    def _begun(self, to: str, subject: str, now: datetime) -> EmailMessage:
        mail = EmailMessage(policy.SMTP)
        mail["From"] = formataddr((self.person.name, self.person.address))
        mail["To"] = to
        mail["Subject"] = subject
        mail["Date"] = format_datetime(now)
        mail["Message-ID"] = make_msgid(domain=self.person.address.rpartition("@")[2])
        if self.program is Program.THUNDERBIRD:
            mail["User-Agent"] = self.program.value
        elif self.program is not Program.GMAIL:
            mail["X-Mailer"] = self.program.value
        return mail

    def _fill(self, mail: EmailMessage, words: str, quoted: Received | None, now: datetime) -> None:
        _BODIES[self.program](self, mail, words, quoted, now)


def thread(mail: EmailMessage, to: Received) -> None:
    """Put a mail into the thread of the one that it answers (RFC 5322 3.6.4)."""
    answered = to.field("Message-ID")
    mail["In-Reply-To"] = answered
    mail["References"] = f"{to.field('References')} {answered}".strip()


def away(person: Person, to: Received, subject: str, words: str, *, now: datetime) -> EmailMessage:
    """The out-of-office answer that a provider's server sends while somebody is on holiday (RFC 3834)."""
    mail = EmailMessage(policy.SMTP)
    mail["From"] = formataddr((person.name, person.address))
    mail["To"] = to.answer_to
    mail["Subject"] = f"{subject}{to.subject}"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = make_msgid(domain=person.address.rpartition("@")[2])
    mail["Auto-Submitted"] = "auto-replied (vacation)"
    mail["X-Auto-Response-Suppress"] = "All"
    thread(mail, to)
    mail.set_content(words)
    return mail


def _thunderbird(who: Writer, mail: EmailMessage, words: str, quoted: Received | None, now: datetime) -> None:
    lines = [words]
    if quoted:
        lines += ["", _attribution(who, quoted, now), _marked(quoted.text)]
    if who.signature:
        lines += ["", "-- ", who.signature]
    mail.set_content("\n".join(lines) + "\n", params={"format": "flowed"})


def _phone(who: Writer, mail: EmailMessage, words: str, quoted: Received | None, now: datetime) -> None:
    lines = [words, "", _FROM_PHONE[who.person.language]]
    if quoted:
        lines += ["", _attribution(who, quoted, now), "", _marked(quoted.text)]
    mail.set_content("\n".join(lines) + "\n")


def _gmail(who: Writer, mail: EmailMessage, words: str, quoted: Received | None, now: datetime) -> None:
    signature = f"\n\n-- \n{who.signature}" if who.signature else ""
    text, page = words, f'<div dir="ltr">{_html(words)}</div>'
    if quoted:
        line = _attribution(who, quoted, now)
        text += f"\n\n{line}\n\n{_marked(quoted.text)}"
        page += (
            '<br><div class="gmail_quote gmail_quote_container">'
            f'<div dir="ltr" class="gmail_attr">{_html(line)}<br></div>'
            f'<blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex">{_html(quoted.text)}</blockquote></div>'
        )
    mail.set_content(text + signature + "\n")
    mail.add_alternative(page + "\n", subtype="html")


def _outlook(who: Writer, mail: EmailMessage, words: str, quoted: Received | None, now: datetime) -> None:
    text = words + (f"\n\n{who.signature}" if who.signature else "")
    page = f'<div class="WordSection1"><p class="MsoNormal">{_html(text)}</p></div>'
    if quoted:
        names = _OUTLOOK_NAMES[who.person.language]
        values = (quoted.field("From"), f"{now:%Y-%m-%d %H:%M}", quoted.field("To"), quoted.subject)
        head = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
        text += "\n\n" + "_" * 32 + "\n" + "\n".join(head) + f"\n\n{quoted.text}"
        page += (
            '<div id="divRplyFwdMsg" style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm">'
            f'<p class="MsoNormal">{_html(chr(10).join(head))}</p></div>'
            f'<p class="MsoNormal">{_html(quoted.text)}</p>'
        )
    mail.set_content(text + "\n")
    mail.add_alternative(f"<html><body>{page}</body></html>\n", subtype="html")


_BODIES: dict[Program, Callable[[Writer, EmailMessage, str, Received | None, datetime], None]] = {
    Program.THUNDERBIRD: _thunderbird,
    Program.PHONE: _phone,
    Program.GMAIL: _gmail,
    Program.OUTLOOK: _outlook,
}


def _attribution(who: Writer, quoted: Received, now: datetime) -> str:
    pattern = _ATTRIBUTION[who.person.language]
    return pattern.format(name=quoted.sender_name, address=quoted.sender, at=now)


def _marked(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.splitlines())


def _html(text: str) -> str:
    return html.escape(text, quote=False).replace("\n", "<br>\n")
