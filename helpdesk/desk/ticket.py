"""A ticket as the thinking rooms see it: frozen, with its people and the ids of its thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from helpdesk.mail.message import Address


class Status(StrEnum):
    """Where a ticket stands."""

    NEW = "new"
    """Nobody has answered or taken it yet."""
    OPEN = "open"
    """It is our turn."""
    PENDING = "pending"
    """Waiting for the customer."""
    ON_HOLD = "on_hold"
    """Waiting for somebody else."""
    CLOSED = "closed"


class MessageKind(StrEnum):
    """Whose words a message of a ticket holds, and who may read them."""

    CUSTOMER = "customer"
    """Written by a participant; public."""
    ANSWER = "answer"
    """Written by staff and sent to the customer; public."""
    NOTE = "note"
    """For staff only."""
    DRAFT = "draft"
    """An answer that was not sent: held by a guard, or beside a refused command; for staff only."""
    AUTOMATIC = "automatic"
    """An out-of-office or the like; for staff only."""
    BOUNCE = "bounce"
    """A delivery report; for staff only."""
    STRANGER = "stranger"
    """By somebody who holds our reply address but is no participant; for staff only, nothing automatic to him."""

    @property
    def public(self) -> bool:
        """True when the customer may see it."""
        return self in (MessageKind.CUSTOMER, MessageKind.ANSWER)


@dataclass(frozen=True, kw_only=True, slots=True)
class TicketView:
    """What thinking and writing need to know of one ticket."""

    number: int
    """What people say on the phone; 0 for a ticket that is only being decided about."""
    status: Status
    subject: str
    department: str
    mailbox: str
    contact: Address
    """The customer whose ticket it is."""
    language: str
    """In which we write to the customer (ISO 639-1)."""
    opened: datetime
    owner: str | None = None
    priority: str = "normal"
    participants: tuple[Address, ...] = ()
    """Everybody who may read public messages and join the ticket, the contact included."""
    closed: datetime | None = None
    first_response: datetime | None = None
    thread: tuple[str, ...] = ()
    """Message-IDs of the public messages from the oldest to the newest, for References."""

    def ref(self, prefix: str) -> str:
        """``HD-1042``."""
        return f"{prefix}-{self.number}"

    def has_participant(self, address: str) -> bool:
        """Whether the address (any case) belongs to a participant."""
        return any(person.key == address.lower() for person in self.participants)

    def tokens_live(self, now: datetime, days: int) -> bool:
        """Reply addresses die some days after the ticket closed (docs/architecture.md, trust)."""
        return self.closed is None or now - self.closed <= timedelta(days=days)
