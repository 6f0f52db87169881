"""Letters: finished bytes, one envelope recipient a row, and what became of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from helpdesk.store.tables.base import words


class OutgoingState(StrEnum):
    """Where a letter stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """The connection broke after the final dot: the server may have it or not."""
    HELD = "held"
    """A guard or the breaker asks a person first."""
    CANCELLED = "cancelled"
    """Not sent: a limit on automatic mail, or a person's decision; the reason is kept."""


class Outgoing(SQLModel, table=True):
    """One letter to one recipient; ``raw`` and ``message_id`` never change, so that a retry sends the same."""

    __tablename__ = "outgoing"
    __table_args__ = (
        sa.Index("ix_outgoing_queue", "state", "next_try"),
        sa.Index("ix_outgoing_recipient", "recipient", "counted", "created"),
        sa.Index("ix_outgoing_domain", "recipient_domain", "counted", "created"),
        sa.Index("ix_outgoing_counted", "counted", "outside", "created"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    kind: str = Field(max_length=32)
    automatic: bool
    outside: bool
    """The recipient is not one of us."""
    counted: bool
    """It uses up a limit: automatic, was or will be sent; false for what was cancelled."""
    ticket: int | None = Field(default=None, foreign_key="tickets.number", index=True)
    incoming_id: int | None = Field(default=None, foreign_key="incoming.id", index=True)
    """The mail that caused it."""
    staff: str | None = None
    """Whose letter it is: the author of an answer, or the staff member it is written to."""
    recipient: str
    """Lower case."""
    recipient_domain: str
    envelope_from: str
    """"" is the null path."""
    message_id: str = Field(index=True)
    subject: str
    subject_key: str
    """Subject without prefixes and our tag, folded: for the limit of one per address and subject a day."""
    raw: bytes
    """zlib-compressed."""
    size: int
    state: OutgoingState = Field(sa_type=words(OutgoingState))
    reason: str | None = None
    """Why held, cancelled, failed or put off."""
    created: datetime
    next_try: datetime | None
    """None: nothing will be tried by itself."""
    expires: datetime
    attempts: int = 0
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    data_started: datetime | None = None
    resent: bool = False
    """Sent once more after ``unknown``, with the identical Message-ID."""
    response: str | None = None
    """What the server answered at last."""
    done: datetime | None = None
