"""The history: everything that changed, when, by whom, why, from which mail; never altered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from helpdesk.store.tables.base import JSON


class Event(SQLModel, table=True):
    """``kind`` is a word such as opened, message, status, owner, participant, bounced, letter, held, released."""

    __tablename__ = "events"

    id: int | None = Field(default=None, primary_key=True)
    ticket: int = Field(foreign_key="tickets.number", index=True)
    at: datetime
    kind: str = Field(max_length=32)
    actor: str
    """``staff:anna``, ``contact:eva@kunde.example``, ``helpdesk``, ``shell``."""
    reason: str
    incoming_id: int | None = Field(default=None, foreign_key="incoming.id")
    data: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
