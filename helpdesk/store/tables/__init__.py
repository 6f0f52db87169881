"""A table a file; importing this package makes all of them known to the metadata."""

from __future__ import annotations

from helpdesk.store.tables.base import words
from helpdesk.store.tables.contacts import Contact
from helpdesk.store.tables.events import Event
from helpdesk.store.tables.incoming import Incoming, IncomingState
from helpdesk.store.tables.leases import Lease
from helpdesk.store.tables.letter_hours import LetterHour
from helpdesk.store.tables.links import Link
from helpdesk.store.tables.messages import Message
from helpdesk.store.tables.outgoing import Outgoing, OutgoingState
from helpdesk.store.tables.participants import Participant
from helpdesk.store.tables.parts import Part
from helpdesk.store.tables.positions import Position
from helpdesk.store.tables.raw_mails import RawMail
from helpdesk.store.tables.reconciliations import Reconciliation
from helpdesk.store.tables.restores import Restore
from helpdesk.store.tables.signing_keys import SigningKey
from helpdesk.store.tables.thread_ids import IdSource, ThreadId
from helpdesk.store.tables.tickets import Ticket

__all__ = [
    "Contact",
    "Event",
    "IdSource",
    "Incoming",
    "IncomingState",
    "Lease",
    "LetterHour",
    "Link",
    "Message",
    "Outgoing",
    "OutgoingState",
    "Part",
    "Participant",
    "Position",
    "RawMail",
    "Reconciliation",
    "Restore",
    "SigningKey",
    "ThreadId",
    "Ticket",
    "words",
]
