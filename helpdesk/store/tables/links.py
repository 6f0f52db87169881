"""Tickets that have to do with each other."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Link(SQLModel, table=True):
    """``ticket`` came from ``other``: a late reply, a stranger who quoted it."""

    __tablename__ = "links"
    __table_args__ = (sa.UniqueConstraint("ticket", "other"),)

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="tickets.number")
    other: int = Field(foreign_key="tickets.number", index=True)
    reason: str
