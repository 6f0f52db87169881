"""The mail as it came, byte for byte, compressed; each different mail once."""

from __future__ import annotations

from sqlmodel import Field, SQLModel


class RawMail(SQLModel, table=True):
    """``data`` is zlib-compressed; ``sha256`` and ``size`` speak of the bytes before that."""

    __tablename__ = "raw_mails"

    id: int | None = Field(default=None, primary_key=True)
    sha256: str = Field(max_length=64, unique=True)
    size: int
    data: bytes
