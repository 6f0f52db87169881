"""The parts of the running daemon and their heartbeats, for ``helpdesk status``."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class Part(SQLModel, table=True):
    """One part of one process, such as ``inbox:support``, ``intake``, ``outbox``, ``jobs``."""

    __tablename__ = "parts"

    name: str = Field(primary_key=True)
    process: str = Field(primary_key=True)
    started: datetime
    beat: datetime
    state: str = Field(max_length=32)
    """starting, running, waiting, failed, stopped; standby while another process does it."""
    error: str | None = None
    error_at: datetime | None = None
