"""The tickets."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from helpdesk.desk.ticket import Status
from helpdesk.store.tables.base import JSON, words


class Ticket(SQLModel, table=True):
    """``number`` counts up from 1001; ``updated`` moves with every event."""

    __tablename__ = "tickets"
    __table_args__ = (
        sa.Index("ix_tickets_status_updated", "status", "updated"),
        {"sqlite_autoincrement": True},
    )

    number: int | None = Field(default=None, primary_key=True)
    status: Status = Field(sa_type=words(Status))
    subject: str
    department: str = Field(index=True)
    mailbox: str
    owner: str | None = Field(default=None, index=True)
    priority: str = "normal"
    language: str
    contact_id: int = Field(foreign_key="contacts.id", index=True)
    tags: list[str] = Field(default_factory=list, sa_type=JSON)
    flags: list[str] = Field(default_factory=list, sa_type=JSON)
    opened: datetime
    updated: datetime = Field(index=True)
    closed: datetime | None = None
    first_response: datetime | None = None
