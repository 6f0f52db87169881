"""The people who write to us."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class Contact(SQLModel, table=True):
    """One address; ``suspended`` is set while mail to it bounces (5.1.x, correlated)."""

    __tablename__ = "contacts"

    id: int | None = Field(default=None, primary_key=True)
    address: str = Field(unique=True)
    """Lower case."""
    written: str
    """The address as the person writes it."""
    name: str | None = None
    language: str | None = None
    first_seen: datetime
    last_seen: datetime
    suspended: datetime | None = None
