"""What must come of each generated mail, and of all together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from helpdesk.desk.changes import LedgerOutcome


class Kind(StrEnum):
    """What a generated mail is."""

    TICKET = "ticket"
    REPLY = "reply"
    VACATION = "vacation"
    BOUNCE = "bounce"
    MAILING_LIST = "mailing list"
    MONITORING = "monitoring"
    COPY = "copy"
    """The same bytes under another UID."""
    DETOUR = "detour"
    """The same mail by another way: other Received fields."""


class Way(StrEnum):
    """How a reply is linked to what it answers."""

    OWN = "own mail, both fields"
    """In-Reply-To and References name the customer's own earlier mail."""
    OWN_REFERENCES = "own mail, References"
    OWN_IN_REPLY_TO = "own mail, In-Reply-To"
    CHAIN = "own reply"
    """It answers the customer's own reply."""
    LETTER = "our letter, both fields"
    LETTER_REFERENCES = "our letter, References"
    REPLY_ADDRESS = "our reply address"
    SUBJECT = "subject tag"


OUTCOMES = {
    Kind.TICKET: LedgerOutcome.TICKET,
    Kind.REPLY: LedgerOutcome.APPENDED,
    Kind.VACATION: LedgerOutcome.AUTOMATIC,
    Kind.BOUNCE: LedgerOutcome.BOUNCE,
    Kind.MAILING_LIST: LedgerOutcome.TICKET,
    Kind.MONITORING: LedgerOutcome.TICKET,
    Kind.COPY: LedgerOutcome.DUPLICATE,
    Kind.DETOUR: LedgerOutcome.DUPLICATE,
}


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A ticket that is there before the mails come, as its customer knows it."""

    ticket: int
    sender: str
    letter: str
    """Message-ID of our acknowledgement."""
    reply_address: str
    tag: str
    subject: str
    text: str


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What must come of one mail."""

    message_id: str
    kind: Kind
    sender: str
    text: str
    """The words that the sender wrote himself; "" where they are not looked at."""
    full_text: str
    """Everything that is readable, quoted words too."""
    ticket: int | None = None
    """The ticket that it must join, of those that were there before."""
    parent: str | None = None
    """Message-ID of the generated mail whose ticket it must join."""
    way: Way | None = None

    @property
    def outcome(self) -> LedgerOutcome:
        """How it must end in the ledger."""
        return OUTCOMES[self.kind]

    @property
    def acknowledged(self) -> bool:
        """Whether its sender must get a letter; else he must not."""
        return self.kind is Kind.TICKET


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What must come of all mails together."""

    mails: int
    tickets: int
    follow_ups: int
    acknowledgements: int
    never_answered: int
    """Mails of machines; that no duplicate and no follow-up is acknowledged is seen mail by mail."""
    duplicates: int

    def row(self) -> dict[str, int]:
        """As it is printed."""
        return asdict(self)


def totals(expected: Sequence[Expected]) -> Totals:
    """The sums."""
    outcomes = [each.outcome for each in expected]
    machines = (Kind.VACATION, Kind.BOUNCE, Kind.MAILING_LIST, Kind.MONITORING)
    return Totals(
        mails=len(expected),
        tickets=outcomes.count(LedgerOutcome.TICKET),
        follow_ups=outcomes.count(LedgerOutcome.APPENDED),
        acknowledgements=sum(each.acknowledged for each in expected),
        never_answered=sum(each.kind in machines for each in expected),
        duplicates=outcomes.count(LedgerOutcome.DUPLICATE),
    )
