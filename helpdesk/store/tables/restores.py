"""When a backup was put back, and of when it was."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class Restore(SQLModel, table=True):
    """What happened between ``backup`` and ``at`` is not in the database."""

    __tablename__ = "restores"

    at: datetime = Field(primary_key=True)
    backup: datetime
