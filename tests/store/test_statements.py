"""Statements that both databases understand tell how many rows they made or changed."""

from __future__ import annotations

import pytest

from helpdesk.store.session import Store
from helpdesk.store.statements import insert_new, update
from helpdesk.store.tables import LetterHour
from helpdesk.store.tables.base import table
from tests.builders import NOW
from tests.store.rows import all_of


@pytest.mark.parametrize(("letters", "new"), [((), 0), ((1,), 1), ((1, 2), 1)])
def test_only_new_rows_are_inserted_and_counted(store: Store, letters: tuple[int, ...], new: int) -> None:
    """Whatever the unique constraint; the row that is there stays."""
    rows = [{"hour": NOW, "letters": number} for number in letters]
    with store.writing() as session:
        assert insert_new(session, LetterHour, rows) == new
        assert insert_new(session, LetterHour, rows) == 0
    assert [row.letters for row in all_of(store, LetterHour)] == list(letters[:1])


def test_changed_rows_are_counted(store: Store) -> None:
    """Nobody, where the condition holds for none."""
    hours = table(LetterHour)
    with store.writing() as session:
        insert_new(session, LetterHour, [{"hour": NOW, "letters": 1}])
        assert update(session, hours, hours.c.letters == 1, {"letters": 2}) == 1
        assert update(session, hours, hours.c.letters == 1, {"letters": 3}) == 0
