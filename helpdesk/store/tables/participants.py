"""Who may read the public messages of a ticket and join it."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Participant(SQLModel, table=True):
    """A contact on a ticket, and why (invariant: only by an authenticated or staff act)."""

    __tablename__ = "participants"
    __table_args__ = (sa.UniqueConstraint("ticket", "contact_id"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="tickets.number", index=True)
    contact_id: int = Field(foreign_key="contacts.id", index=True)
    since: datetime
    reason: str
