"""A statement that goes to the driver itself gives and takes the same values as one that SQLAlchemy carries out."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk import console
from helpdesk.errors import StoreError, StoreFull, StoreGone
from helpdesk.store import migrate
from helpdesk.store.direct import Direct, at_once
from helpdesk.store.session import Session, Store
from helpdesk.store.tables import Contact, Event, LetterHour, Ticket
from helpdesk.store.tables.base import table
from tests.builders import NOW
from tests.servers.postgres import Postgres
from tests.store.queries import counted
from tests.store.rows import all_of, ticket

HOURS, TICKETS, EVENTS = table(LetterHour), table(Ticket), table(Event)
ADD = Direct(sa.insert(HOURS), columns=("hour", "letters"))
AMONG = Direct(
    sa.select(HOURS.c.letters, (HOURS.c.letters * 2).label("double"))
    .where(HOURS.c.letters.in_(sa.bindparam("letters", expanding=True)), HOURS.c.letters.in_((1, 2, 3)))
    .order_by(HOURS.c.letters)
)


@pytest.fixture(name="filled")
def _filled(store: Store) -> Store:
    """Four hours with one to four letters."""
    rows = [{"hour": NOW + timedelta(hours=number), "letters": number} for number in range(1, 5)]
    with store.writing() as session:
        assert ADD.run_all(session, rows) == len(rows)
    return store


@pytest.mark.parametrize(
    ("asked", "found"), [((), []), ((3,), [(3, 6)]), ((1, 2, 4), [(1, 2), (2, 4)]), ((9, 8, 7, 6, 1), [(1, 2)])]
)
def test_a_list_may_have_any_length(filled: Store, asked: tuple[int, ...], found: list[tuple[int, int]]) -> None:
    """The numbers that stand in the statement itself count, too."""
    with filled.reading() as session:
        rows = AMONG.rows(session, {"letters": list(asked)})
    assert [(row.letters, row.double) for row in rows] == found


def test_what_comes_back_is_what_sqlalchemy_gives(store: Store) -> None:
    """Enumerations, instants, lists and nothing at all."""
    number = ticket(store)
    query = sa.select(TICKETS).where(TICKETS.c.number == sa.bindparam("number"))
    with store.reading() as session:
        row = Direct(query).row(session, {"number": number})
        expected = session.connection().execute(query, {"number": number}).one()
        assert Direct(query).row(session, {"number": number + 1}) is None
    assert row is not None
    assert row._asdict() == expected._asdict()
    assert [type(value) for value in row] == [type(value) for value in expected]


def test_text_that_no_database_takes_is_cleaned(store: Store) -> None:
    """Inside an object, too; and whoever listens to the statements of an engine hears of this one."""
    number = ticket(store)
    add = Direct(sa.insert(EVENTS), columns=("ticket", "at", "kind", "actor", "reason", "incoming_id", "data"))
    row: dict[str, Any] = {"ticket": number, "at": NOW, "kind": "k", "actor": "a", "incoming_id": None}
    with counted() as sent, store.writing() as session:
        assert add.run(session, {**row, "reason": "a\x00b", "data": {"k": "c\ud800"}}) == 1
    (event,) = [event for event in all_of(store, Event) if event.kind == "k"]
    assert (event.reason, event.data) == ("a\ufffdb", {"k": "c\ufffd"})
    assert [each.statement[:11] for each in sent] == ["INSERT INTO"]


def test_an_error_of_the_driver_is_one_of_the_store(filled: Store) -> None:
    """And nothing of its transaction is written."""
    with pytest.raises(StoreError, match="failed"), filled.writing() as session:
        ADD.run_all(session, [{"hour": NOW, "letters": 9}] * 2)
    assert len(all_of(filled, LetterHour)) == 4
    with filled.writing() as session:
        assert ADD.run(session, {"hour": NOW, "letters": 9}) == 1


def test_what_is_left_for_later_is_found_by_the_next_statement(store: Store) -> None:
    """By ours, by several at once, and by SQLAlchemy's own; whatever is left is done before the commit."""
    count = sa.select(sa.func.count()).select_from(HOURS)
    rows = [{"hour": NOW + timedelta(hours=number), "letters": number} for number in range(1, 6)]
    with store.writing() as session:
        ADD.later(session, rows[:1])
        assert Direct(count).scalar(session) == 1
        ADD.later(session, rows[1:3])
        assert at_once(session, (Direct(count), {}), (AMONG, {"letters": [3]})) == [[(3,)], [(3, 6)]]
        ADD.later(session, rows[3:4])
        assert session.connection().scalar(count) == 4
        ADD.later(session, rows[4:])
    assert len(all_of(store, LetterHour)) == 5


def test_what_was_left_for_later_is_gone_with_its_transaction(store: Store) -> None:
    """Nothing of it turns up in the next one on the same connection."""
    with store.writing() as session:
        ADD.later(session, [{"hour": NOW, "letters": 1}])
        session.rollback()
    with store.writing() as session:
        ADD.later(session, [{"hour": NOW, "letters": 2}])
    assert [row.letters for row in all_of(store, LetterHour)] == [2]


@pytest.mark.parametrize("asks_more", [False, True], ids=["at the commit", "at the next statement"])
def test_what_was_left_for_later_fails_as_if_it_were_now(store: Store, asks_more: bool) -> None:
    """The error is that of the driver, or what the check says of the number of rows; nothing is written."""
    hour = {"hour": NOW, "letters": 1}

    def refuse(changed: int) -> None:
        raise StoreFull(f"{changed} rows")

    def twice(session: Session, *, checked: bool) -> None:
        ADD.later(session, [hour] if checked else [hour] * 2, *([refuse] if checked else []))
        if asks_more:
            AMONG.rows(session, {"letters": [1]})

    for checked, error in ((True, StoreFull), (False, StoreError)):
        with pytest.raises(error, match="1 rows" if checked else "failed"), store.writing() as session:
            twice(session, checked=checked)
        assert all_of(store, LetterHour) == []


@pytest.mark.postgresql
def test_what_a_check_refuses_is_not_committed_whoever_catches_it(postgresql: Store) -> None:
    """The refusal may come out of a statement of somebody else, who goes on: the whole transaction is gone."""

    def refuse(_changed: int) -> None:
        raise StoreFull("refused")

    def go_on_regardless() -> None:
        with postgresql.writing() as session:
            ADD.later(session, [{"hour": NOW, "letters": 1}], refuse)
            with pytest.raises(StoreFull, match="refused"):
                _one(session)

    with pytest.raises(StoreError, match="nothing of it was written"):
        go_on_regardless()
    assert all_of(postgresql, LetterHour) == []


@pytest.mark.postgresql
def test_a_commit_before_everything_was_sent_is_refused_and_leaves_nothing_behind(postgresql: Store) -> None:
    """What waited would be lost in silence; the next transaction does not meet the one that was refused."""

    def too_early() -> None:
        with postgresql.writing() as session:
            ADD.run(session, {"hour": NOW, "letters": 1})
            ADD.later(session, [{"hour": NOW + timedelta(hours=1), "letters": 2}])
            session.commit()

    with pytest.raises(StoreError, match="before all of its statements"):
        too_early()
    with postgresql.writing() as session:
        ADD.run(session, {"hour": NOW, "letters": 3})
    assert [row.letters for row in all_of(postgresql, LetterHour)] == [3]


def test_an_error_among_several_statements_puts_no_value_into_the_log(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """The driver would tell of what it ignores, with the words of the server."""
    console.setup_log()
    contact = {"address": "secret@x.test", "written": "x", "first_seen": NOW, "last_seen": NOW}
    add = Direct(sa.insert(table(Contact)), columns=contact)
    with pytest.raises(StoreError, match="failed") as told, store.writing() as session:
        add.later(session, [contact] * 2)
    assert "secret" not in caplog.text
    assert "secret" not in str(told.value)


def test_an_insert_names_all_columns_that_have_a_default(store: Store) -> None:
    """It would be left out silently."""
    with pytest.raises(TypeError, match="data"), store.writing() as session:
        Direct(sa.insert(EVENTS), columns=("ticket", "at")).run(session, {"ticket": 1, "at": NOW})


def _one(session: Session) -> None:
    AMONG.rows(session, {"letters": [1]})


def _some_rows(session: Session) -> None:
    ADD.run_all(session, [{"hour": NOW + timedelta(hours=number), "letters": 1} for number in range(2)])


def _several(session: Session) -> None:
    at_once(session, (AMONG, {"letters": [1]}), (AMONG, {"letters": [2]}))


def _after_others(session: Session) -> None:
    ADD.later(session, [{"hour": NOW + timedelta(hours=number), "letters": 1} for number in range(2)])
    AMONG.rows(session, {"letters": [1]})


@pytest.mark.postgresql
@pytest.mark.parametrize("act", [_one, _some_rows, _several, _after_others])
def test_a_process_that_sleeps_after_a_statement_keeps_no_locks(
    postgres: Postgres, tmp_path: Path, act: Callable[[Session], None]
) -> None:
    """The server ends its transaction, however the statement was sent; others would wait for it for ever."""
    store = Store(postgres.fresh_database(), site=tmp_path)
    migrate.upgrade(store)

    def sleep() -> None:
        with store.writing() as session:
            session.connection().exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = '0.3s'")
            act(session)
            time.sleep(1)
            _one(session)

    with pytest.raises(StoreGone):
        sleep()
    assert all_of(store, LetterHour) == []
    store.close()


@pytest.fixture(name="kept_plan")
def _kept_plan(postgres: Postgres, tmp_path: Path) -> str:
    """How a statement is carried out that was prepared while its table had one row, and has five thousand today."""
    store = Store(postgres.fresh_database(), site=tmp_path)
    migrate.upgrade(store)
    letters = Direct(sa.select(HOURS.c.letters).where(HOURS.c.hour == sa.bindparam("hour")))
    with closing(store), store.writing() as session:
        connection = session.connection()
        ADD.run(session, {"hour": NOW, "letters": 0})
        connection.exec_driver_sql("ANALYZE letter_hours")
        connection.exec_driver_sql("SET LOCAL jit_above_cost = 0")
        for _ in range(20):
            letters.rows(session, {"hour": NOW})
        ADD.run_all(session, [{"hour": NOW + timedelta(hours=number), "letters": 1} for number in range(1, 5000)])
        kept = "SELECT name FROM pg_prepared_statements WHERE generic_plans > 0 AND starts_with(statement, 'SELECT')"
        name = connection.exec_driver_sql(kept).scalar_one()
        return "\n".join(connection.exec_driver_sql(f"EXPLAIN EXECUTE {name} ('2026-01-05')").scalars())


@pytest.mark.postgresql
def test_a_plan_of_the_first_day_reads_no_table_whole_later(kept_plan: str) -> None:
    """It is kept, so the server is to walk by index alone from the first day."""
    assert "using pk_letter_hours" in kept_plan
    assert "Seq Scan" not in kept_plan


@pytest.mark.postgresql
def test_a_plan_is_not_compiled(kept_plan: str) -> None:
    """That takes longer than we ask for, however dear the server believes the statement to be."""
    assert "rows=" in kept_plan
    assert "JIT" not in kept_plan
