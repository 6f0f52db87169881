"""Everything that is known when the decision about one mail is taken."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from helpdesk.config import Config, Mailbox
from helpdesk.desk.asked import Asked
from helpdesk.desk.identity import Sender
from helpdesk.desk.matching import Match
from helpdesk.desk.people import Contact
from helpdesk.desk.routing import Route
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.verdict import Verdict
from helpdesk.mail.message import Mail


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounced:
    """A letter of ours that a bounce speaks of."""

    message_id: str
    recipient: str
    ticket: TicketView | None
    kind: str = ""
    """What kind of letter it was; "" when that is not known."""
    created: datetime | None = None
    """When it was written."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HeldLetter:
    """A letter that waits for its author's word."""

    number: int
    staff: str | None
    ticket: TicketView | None
    waiting: bool
    text: str = ""
    """The words and commands of the mail that was held, as they came."""
    done: bool = False
    """What that mail asked for besides was done when it came: only the letter waits, because a backup was restored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Situation:
    """One mail with all that the earlier steps found out; ``incoming`` is its number in the ledger."""

    mail: Mail
    incoming: int
    verdict: Verdict
    match: Match
    sender: Sender
    route: Route
    asked: Asked
    """What the staff member asked for; in a word about a held letter, what the held mail asked for."""
    contact: Contact | None
    config: Config
    mailbox: Mailbox
    now: datetime
    acknowledge: bool = True
    released: bool = False
    again: bool = False
    """It came before a backup was restored, and was probably handled once: its letters to customers are held."""
    bounced: tuple[Bounced, ...] = ()
    held: HeldLetter | None = None
    guarded: Verdict = field(default_factory=Verdict)
    """What the guards say of the answer in this mail; HOLD asks its author first."""
    last_words: str = ""
    """The customer's latest words on the ticket, for whoever it is handed to."""
    last_answer: str = ""
    """What we answered last."""
    customer_files: tuple[str, ...] = ()
    """Names of the attachments of the customer's mails, the newest mail first."""
