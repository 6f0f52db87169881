"""One person's mail program: looks into the inbox by IMAP and hands mails to the server by SMTP."""

from __future__ import annotations

import imaplib
import smtplib
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import parseaddr
from types import TracebackType
from typing import Any, Self

from helpdesk.demo.accounts import Account
from helpdesk.demo.received import Received
from helpdesk.errors import HelpdeskError

TIMEOUT_SECONDS = 15  # for one answer of the server on this machine


class PostError(HelpdeskError):
    """The demo's mail server did not do what a mail program asked."""


class MailProgram:
    """Logs in at the first look and stays logged in; every mail is fetched once and stays as it is on the server."""

    def __init__(self, account: Account, *, host: str, imap_port: int, smtp_port: int) -> None:
        self.account = account
        self._host, self._imap_port, self._smtp_port = host, imap_port, smtp_port
        self._imap: imaplib.IMAP4 | None = None
        self._mails: list[Received] = []
        self._expected: set[int] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._imap is not None:
            self._imap.logout()

    def send(self, mail: EmailMessage, *, envelope_from: str | None = None) -> None:
        """Submit a mail to the address in To; a provider's out-of-office goes out under the null path, ``""``."""
        sender = self.account.address if envelope_from is None else envelope_from
        with smtplib.SMTP(self._host, self._smtp_port, timeout=TIMEOUT_SECONDS) as smtp:
            smtp.login(self.account.address, self.account.password)
            smtp.sendmail(sender, [_recipient(mail)], mail.as_bytes())

    def inbox(self) -> list[Received]:
        """Every mail in the inbox, the oldest first."""
        imap = self._connected()
        _asked(imap.noop())
        (found,) = _asked(imap.uid("SEARCH", "ALL"))
        known = {mail.number for mail in self._mails}
        for number in sorted(set(map(int, found.split())) - known):
            answers = _asked(imap.uid("FETCH", str(number), "(BODY.PEEK[])"))
            # Only the answer with a mail in it is a pair; the server may tell of flags beside it.
            raw = next(answer[1] for answer in answers if isinstance(answer, tuple))
            self._mails.append(Received.read(number, raw))
        return list(self._mails)

    def find(self, fits: Callable[[Received], bool]) -> Received | None:
        """The first mail in the inbox that nobody has expected before and that fits; it counts as expected then."""
        for mail in self.inbox():
            if mail.number not in self._expected and fits(mail):
                self._expected.add(mail.number)
                return mail
        return None

    def unexpected(self) -> list[Received]:
        """The mails that `find` never gave out."""
        return [mail for mail in self.inbox() if mail.number not in self._expected]

    def _connected(self) -> imaplib.IMAP4:
        if self._imap is None:
            self._imap = imaplib.IMAP4(self._host, self._imap_port, timeout=TIMEOUT_SECONDS)
            self._imap.login(self.account.address, self.account.password)
            _asked(self._imap.select("INBOX", readonly=True))
        return self._imap


def hand_in(mail: EmailMessage, *, host: str, smtp_port: int) -> None:
    """Bring a mail from outside, as another provider's server does; nobody checks who wrote it."""
    with smtplib.SMTP(host, smtp_port, timeout=TIMEOUT_SECONDS) as smtp:
        smtp.sendmail(parseaddr(str(mail["From"]))[1], [_recipient(mail)], mail.as_bytes())


def _recipient(mail: EmailMessage) -> str:
    return parseaddr(str(mail["To"]))[1]


def _asked(answer: tuple[str, list[Any]]) -> list[Any]:
    word, data = answer
    if word != "OK":
        message = f"The demo's mail server said {word}: {data}"
        raise PostError(message)
    return [item for item in data if item is not None]
