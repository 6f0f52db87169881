"""The closed list of what may happen to a ticket; mails, staff commands and jobs all speak it.

``ticket`` is a number, or None for the ticket that the same decision opens. Every change carries its reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.mail.message import Address


class NoticeKind(StrEnum):
    """Every letter that we write; the value is the name of its template."""

    ACKNOWLEDGEMENT = "acknowledgement"
    NEUTRAL_ACKNOWLEDGEMENT = "neutral_acknowledgement"
    ANSWER = "answer"
    CLOSING = "closing"
    NEW_TICKET = "new_ticket"
    CUSTOMER_REPLY = "customer_reply"
    STAFF_NOTE = "staff_note"
    STAFF_ANSWER = "staff_answer"
    RECEIPT = "receipt"
    UNPROVEN = "unproven"
    GUARD_HELD = "guard_held"
    NOT_DELIVERED = "not_delivered"
    ADMIN_ALERT = "admin_alert"

    @property
    def to_customer(self) -> bool:
        """True for letters that leave the house."""
        return self in _TO_CUSTOMERS

    @property
    def automatic(self) -> bool:
        """True when no person wrote it: it bears RFC 3834 marks and is counted by the limits."""
        return self is not NoticeKind.ANSWER


_TO_CUSTOMERS = frozenset(
    {NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT, NoticeKind.ANSWER, NoticeKind.CLOSING}
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Notice:
    """One letter to be written to one person."""

    kind: NoticeKind
    recipient: Address
    key: str
    """Unique for ever: the same key is never queued twice (ticket or mail, kind, recipient, cycle)."""
    ticket: int | None = None
    staff: str | None = None
    """Key of the staff member that it is written to; his reply address carries his proof."""
    author: str | None = None
    """Key of the staff member who wrote the words of an ANSWER."""
    text: str = ""
    """The words of the mail that it is about: an answer's text, a customer's new words, the receipt's lines."""
    lines: tuple[str, ...] = ()
    """Facts to be shown one a line: flags, reasons, what was done."""
    attachments: bool = False
    """Pass on the attachments of the mail that caused it."""
    held: int | None = None
    """Number of the ``outgoing`` row that waits for this person's ``send``."""
    copies: tuple[Address, ...] = ()
    """Other participants who get the same answer, named in Cc."""
    closing: bool = False
    """An ANSWER that closes the ticket says so."""
    guarded: str | None = None
    """Why a guard holds this ANSWER until its author says ``send``."""
    incoming_author: Address | None = None
    """Who wrote the words of a letter to staff."""
    history_cut: bool = False
    """The shown words are a good deal shorter than the mail."""
    last_words: str = ""
    """What the customer wrote last, where ``text`` is something else."""
    last_answer: str = ""
    """What we answered last, for whoever gets the ticket."""


@dataclass(frozen=True, kw_only=True, slots=True)
class OpenTicket:
    """A new ticket begins with this mail."""

    department: str
    mailbox: str
    subject: str
    contact: Address
    language: str
    owner: str | None = None
    priority: str = "normal"
    tags: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    linked: int | None = None
    participants: tuple[Address, ...] = ()
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class KeepMessage:
    """The mail becomes a message of the ticket."""

    kind: MessageKind
    reason: str
    ticket: int | None = None
    staff: str | None = None
    """Key of the staff member who wrote it."""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class SetStatus:
    """The ticket moves to another status."""

    status: Status
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SetOwner:
    """The ticket gets another owner (or none)."""

    owner: str | None
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class AddParticipant:
    """Somebody may read and write on the ticket from now on; only by an authenticated or staff act."""

    person: Address
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FirstResponse:
    """A person of ours has answered for the first time."""

    at: datetime
    staff: str
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class MarkBounced:
    """A letter of ours did not arrive."""

    address: str
    status: str
    permanent: bool
    message_id: str
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReleaseHeld:
    """A letter held by a guard may go out: its author said ``send``."""

    outgoing: int
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class CancelHeld:
    """A letter held by a guard shall not go out."""

    outgoing: int
    reason: str
    ticket: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Notify:
    """Write a letter."""

    notice: Notice
    reason: str
    ticket: int | None = None


Change = (
    OpenTicket
    | KeepMessage
    | SetStatus
    | SetOwner
    | AddParticipant
    | FirstResponse
    | MarkBounced
    | ReleaseHeld
    | CancelHeld
    | Notify
)


class LedgerOutcome(StrEnum):
    """How a mail ended; every mail of a watched folder has exactly one of these."""

    TICKET = "ticket"
    """A new ticket."""
    APPENDED = "appended"
    """A message of an existing ticket, written by a person."""
    AUTOMATIC = "automatic"
    """An automatic mail, noted on its ticket or only recorded."""
    BOUNCE = "bounce"
    DUPLICATE = "duplicate"
    OWN = "own"
    BLOCKED = "blocked"
    ANSWERED = "answered"
    """A staff member's word about a held letter (``send``)."""
    QUARANTINE = "quarantine"
    """Held until a person releases or retries it."""
    DROPPED = "dropped"
    """Taken out of quarantine by a person who wants nothing done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What one mail leads to: how it ends in the ledger, and every change, in order."""

    outcome: LedgerOutcome
    reason: str
    ticket: int | None = None
    changes: tuple[Change, ...] = field(default=())
