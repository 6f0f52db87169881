"""What an answer of the mail server means: is it about this letter, its sender, or the whole way out?"""

from __future__ import annotations

import re

from helpdesk.errors import ChannelLost, ChannelRefused
from helpdesk.mail.text import one_line
from helpdesk.outbox.outcomes import Refused, SenderRefused

WORDS = 300  # characters of a server's answer that are kept

NOT_AVAILABLE = 421  # the server is about to hang up
GO_AHEAD = 354
LOGIN_NEEDED = 530
MAILBOX_FULL = 552  # to MAIL it means: more than I take of anybody (RFC 1870 6.1)
TOO_LARGE = re.compile(r"5\.3\.4\b")
POLICY = re.compile(r"5\.7\.\d")  # security or policy (RFC 3463 3.8)


def kind(code: int) -> int:
    """2 well, 3 go on, 4 not now, 5 never (RFC 5321 4.2.1)."""
    return code // 100


def words(code: int, message: str) -> str:
    """An answer as one short line that can be stored."""
    return f"{code} {one_line(message)[:WORDS]}".rstrip()


def to_mail(code: int, message: str, *, sender: str, where: str) -> Refused | SenderRefused | None:
    """The answer to MAIL; None when the letter may go on. Raises ChannelError, as it is seldom about the letter."""
    if kind(code) == 2:
        return None
    said = words(code, message)
    if code == MAILBOX_FULL or TOO_LARGE.match(message):
        return Refused(permanent=True, words=said)
    _check_login(code, said, where)
    if kind(code) != 5:
        problem = f"{where} takes no letters now: {said}"
        raise ChannelLost(problem)
    if sender:
        return SenderRefused(words=f"{where} refuses the sender {sender}: {said}")
    mend = 'set automatic_envelope = "mailbox" in [smtp]'
    return SenderRefused(words=f"{where} refuses the null sender, {mend}: {said}")


def about_letter(code: int, message: str, *, where: str) -> Refused | None:
    """The answer to RCPT or the final dot; None when the letter may go on. Raises ChannelError."""
    if kind(code) == 2:
        return None
    said = words(code, message)
    _check_login(code, said, where)
    if kind(code) not in (4, 5):
        problem = f"{where} gave an answer that is no SMTP: {said}"
        raise ChannelLost(problem)
    permanent = kind(code) == 5
    return Refused(permanent=permanent, words=said, policy=permanent and bool(POLICY.match(message)))


def to_data(code: int, message: str, *, where: str) -> Refused | None:
    """The answer to DATA; None when the server waits for the letter. Raises ChannelError."""
    if code == GO_AHEAD:
        return None
    refused = about_letter(code, message, where=where)
    if refused is None:
        problem = f"{where} gave an answer that is no SMTP: {words(code, message)}"
        raise ChannelLost(problem)
    return refused


def _check_login(code: int, said: str, where: str) -> None:
    if code == LOGIN_NEEDED:
        problem = f"{where} wants a login first: {said}"
        raise ChannelRefused(problem)
