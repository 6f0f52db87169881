"""The ledger: a row for each mail that was taken in, and how it ended."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store.tables.base import JSON, words


class IncomingState(StrEnum):
    """Where a mail stands on its way through the house."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    QUARANTINE = "quarantine"


class Incoming(SQLModel, table=True):
    """One mail of one mailbox; its address on the server is (mailbox, generation, uidvalidity, uid), for files no uid.

    ``mailbox`` is a name of the configuration; the generation tells which account it stood for (`Position`).
    """

    __tablename__ = "incoming"
    __table_args__ = (
        sa.UniqueConstraint("mailbox", "generation", "uidvalidity", "uid"),
        sa.Index("ix_incoming_queue", "state", "id"),
        sa.Index("ix_incoming_to_file", "filed", "mailbox"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    mailbox: str
    source: str
    """imap, or the name of the file that was taken."""
    generation: int
    uidvalidity: int | None = Field(default=None, sa_type=sa.BigInteger)
    uid: int | None = Field(default=None, sa_type=sa.BigInteger)
    raw_id: int = Field(foreign_key="raw_mails.id", index=True)
    received: datetime
    kept_at: datetime
    acknowledge: bool
    """False for old mail of a first import: it never gets an automatic answer."""
    again: bool = Field(default=False, sa_column_kwargs={"server_default": sa.false()})
    """It came before a backup was restored, and was probably handled once: letters to customers that come of it wait
    for a person."""
    filed: bool
    """True when nothing is left to be done on the server (moved, or left there by configuration)."""
    state: IncomingState = Field(sa_type=words(IncomingState))
    attempts: int = 0
    claimed_by: str | None = None
    claimed_until: datetime | None = None
    released: bool = False
    """A person let it out of quarantine: HOLD findings no longer count."""
    kind: str | None = None
    outcome: LedgerOutcome | None = Field(default=None, sa_type=words(LedgerOutcome))
    reason: str | None = None
    findings: list[dict[str, str]] = Field(default_factory=list, sa_type=JSON)
    message_id: str | None = Field(default=None, index=True)
    content_hash: str | None = Field(default=None, index=True)
    sender: str | None = Field(default=None, index=True)
    subject: str | None = None
    ticket: int | None = Field(default=None, foreign_key="tickets.number", index=True)
    handled_at: datetime | None = None
