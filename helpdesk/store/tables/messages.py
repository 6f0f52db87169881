"""What was said on a ticket, by whom, to whom."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from helpdesk.desk.ticket import MessageKind
from helpdesk.store.tables.base import JSON, words


class Message(SQLModel, table=True):
    """One mail or note of a ticket; ``text`` holds the new words, ``full_text`` all that was readable."""

    __tablename__ = "messages"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="tickets.number", index=True)
    incoming_id: int | None = Field(default=None, foreign_key="incoming.id", index=True)
    kind: MessageKind = Field(sa_type=words(MessageKind))
    staff: str | None = None
    author_name: str | None = None
    author_address: str
    message_id: str | None = Field(default=None, index=True)
    subject: str
    text: str
    full_text: str
    attachments: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    copies: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """Everybody in To and Cc, ours too: {name, address}."""
    flags: list[str] = Field(default_factory=list, sa_type=JSON)
    at: datetime
