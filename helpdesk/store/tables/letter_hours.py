"""How many automatic letters went to outsiders in each past hour; filled when the breaker asks for its usual number."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class LetterHour(SQLModel, table=True):
    """A finished hour (UTC) and its letters; a row is written once and never changes."""

    __tablename__ = "letter_hours"

    hour: datetime = Field(primary_key=True)
    letters: int
