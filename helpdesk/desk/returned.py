"""Which letter of ours came back, and why, as lines of a letter to staff."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

from helpdesk.config import Config
from helpdesk.desk.changes import NoticeKind
from helpdesk.desk.situation import Bounced
from helpdesk.mail.message import FailedRecipient

# What a status says to people (RFC 3463 3); the longest beginning that fits counts.
_MEANINGS = {
    "5.1.1": "no_such_address",
    "5.1.0": "no_such_address",
    "5.1.3": "no_such_address",
    "5.1.6": "no_such_address",
    "5.1.10": "no_mail_taken",
    "5.1.2": "no_such_domain",
    "5.4.4": "no_such_domain",
    "5.2.1": "mailbox_off",
    "5.2.2": "mailbox_full",
    "4.2.2": "mailbox_full",
    "5.2.3": "too_large",
    "5.3.4": "too_large",
    "5.6": "not_readable",
    "5.7": "refused_by_rules",
    "4": "given_up",
    "5": "refused",
}
_NAMED = frozenset(kind.value for kind in NoticeKind if kind.to_customer)


def lines(letter: Bounced, failed: Iterable[FailedRecipient], config: Config) -> tuple[str, ...]:
    """Kind and time of the letter, and for each recipient the reason in words with the status."""
    written = which(letter.kind, letter.created, config) if letter.created is not None else ()
    return (*written, *(line for person in failed for line in _about(person)))


def which(kind: str, written: datetime, config: Config) -> tuple[str, ...]:
    """The kind of a letter to a customer and when it was written, in the company's time."""
    local = written.astimezone(ZoneInfo(config.company.timezone))
    return (f"returned.{kind}: {local:%Y-%m-%d %H:%M}",) if kind in _NAMED else ()


def why(status: str, *, permanent: bool = True) -> str:
    """A status (RFC 3463; "" when there was none) in words."""
    fitting = (said for said in _MEANINGS if f"{status}.".startswith(f"{said}."))
    said = max(fitting, key=len, default=None)
    if said is None:
        return "why.unknown"
    return f"why.{_MEANINGS[said] if permanent else 'delayed'}: {status}"


def _about(person: FailedRecipient) -> Iterator[str]:
    yield f"not_delivered_to: {person.address}"
    yield why(person.status, permanent=person.permanent)
