"""The secrets behind reply addresses and Message-IDs; the newest signs, the two newest verify."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class SigningKey(SQLModel, table=True):
    """32 random bytes, written as hexadecimal."""

    __tablename__ = "signing_keys"

    id: int | None = Field(default=None, primary_key=True)
    secret: str = Field(max_length=64)
    created: datetime
    last_ticket: int | None = None
    last_letter: int | None = None
    """Set when a backup was restored: numbers above were given again since, and this key does not vouch for them."""
