"""What all tables share: the names of constraints, and how a closed list of words is stored."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import SQLModel

# Constraints need names, or SQLite cannot alter them later.
SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

WORD = 32  # characters of the longest state, kind or outcome; VARCHAR(32), so that a new word needs no migration


def words(kind: type[StrEnum]) -> Any:
    """The column type of an enumeration: its values as text, given back as the enumeration."""
    return sa.Enum(kind, native_enum=False, length=WORD, values_callable=lambda e: [member.value for member in e])


# Lists and small objects; on PostgreSQL in the form that can be searched.
JSON = sa.JSON().with_variant(JSONB(), "postgresql")

LARGEST = 2**31 - 1  # PostgreSQL's integer, the type of all our row numbers
KEY_BYTES = 998  # of a text that is looked up: PostgreSQL refuses an index entry above 2,700 bytes


def key_text(value: str) -> str:
    """A Message-ID, address or the like as it is stored and looked up: cut to `KEY_BYTES` of UTF-8."""
    if len(value) * 4 <= KEY_BYTES:
        return value
    return value.encode(errors="replace")[:KEY_BYTES].decode(errors="ignore")


def is_row_number(value: int) -> bool:
    """Whether a number that somebody typed can be that of a row; larger ones are an error in either database."""
    return 0 < value <= LARGEST


def table(model: type[SQLModel]) -> sa.Table:
    """The bare table behind a model, for statements that write many rows at once or only some columns."""
    return cast(sa.Table, model.__table__)  # type: ignore[attr-defined]  # SQLModel adds it
