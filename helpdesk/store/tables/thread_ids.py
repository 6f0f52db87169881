"""Every Message-ID that belongs to a ticket: its mails', our letters', and those that its mails refer to."""

from __future__ import annotations

from enum import StrEnum

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from helpdesk.store.tables.base import words


class IdSource(StrEnum):
    """How we came to know the id."""

    MAIL = "mail"
    """A mail that is a message of the ticket."""
    NOTE = "note"
    """A mail that only staff may read; matched like the others, never named to a customer."""
    LETTER = "letter"
    """A letter that we wrote."""
    REFERENCE = "reference"
    """Named in In-Reply-To or References of a message; its own mail may still come."""


class ThreadId(SQLModel, table=True):
    """A pair (Message-ID, ticket); ids are cut by `key_text`."""

    __tablename__ = "thread_ids"
    __table_args__ = (sa.UniqueConstraint("message_id", "ticket"),)

    id: int | None = Field(default=None, primary_key=True)
    message_id: str
    ticket: int = Field(foreign_key="tickets.number", index=True)
    source: IdSource = Field(sa_type=words(IdSource))
