"""The migrated schema is that of the models, on both databases; what is looked up fits an index."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlmodel import SQLModel

from helpdesk.store import tables
from helpdesk.store.session import Store
from helpdesk.store.tables.base import KEY_BYTES, is_row_number, key_text
from tests.store import rows


def test_the_migrated_schema_is_that_of_the_models(store: Store) -> None:
    """Nothing to add, to drop or to alter: tables, columns, types, indexes, constraints."""
    assert tables.__all__
    with store.writing() as session:
        options = {"compare_type": True, "render_as_batch": True}
        context = MigrationContext.configure(session.connection(), opts=options)
        assert compare_metadata(context, SQLModel.metadata) == []


def test_constraints_bear_their_names(store: Store) -> None:
    """A later step can alter them only by name, on SQLite too."""
    with store.reading() as session:
        found = sa.inspect(session.connection())
        for name, made in SQLModel.metadata.tables.items():
            keys = {key["name"] for key in found.get_foreign_keys(name)}
            assert keys == {str(key.name) for key in made.foreign_key_constraints}
            uniques = {unique["name"] for unique in found.get_unique_constraints(name)}
            assert uniques == {str(key.name) for key in made.constraints if isinstance(key, sa.UniqueConstraint)}


def test_tickets_begin_with_four_figures(store: Store) -> None:
    """1001 and up, on both databases; a number is never used twice."""
    assert [rows.ticket(store) for _ in range(2)] == [1001, 1002]


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("short", 5),
        ("a" * 2000, KEY_BYTES),
        ("ő" * 2000, KEY_BYTES // 2),
        ("😀" * 2000, KEY_BYTES // 4),
        ("é" * 499, 499),
    ],
)
def test_what_is_looked_up_is_cut_to_bytes(text: str, length: int) -> None:
    """Never in the middle of a character; the same text always to the same key."""
    key = key_text(text)
    assert (len(key), key) == (length, text[:length])
    assert len(key.encode()) <= KEY_BYTES
    assert key_text(key) == key


def test_a_long_text_with_half_a_character_has_a_key() -> None:
    """A lone surrogate is not to raise an error here."""
    assert key_text("\udc80" * 2000).encode()


@pytest.mark.parametrize(
    ("number", "possible"), [(1, True), (2**31 - 1, True), (2**31, False), (0, False), (-1, False)]
)
def test_numbers_that_a_row_can_have(number: int, possible: bool) -> None:
    """What somebody types at the shell may be anything."""
    assert is_row_number(number) is possible
