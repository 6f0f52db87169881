"""The schema is brought up to date wholly or not at all, never down, and with a copy made before."""

from __future__ import annotations

import hashlib
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlmodel import SQLModel

from helpdesk import plugins
from helpdesk.errors import SchemaMismatch, StoreError
from helpdesk.store import migrate
from helpdesk.store.migrate import Steps
from helpdesk.store.session import Store
from tests.dying import left_behind
from tests.store import dying_upgrade, rows

NEWEST = Steps().newest
LATER = f"{int(NEWEST) + 1:04}"
# Databases stand at each of these: what is to be added needs a step of its own.
GIVEN_OUT = {
    "0001_first.py": "e7d72e98bef93af6",
    "0002_reconciliations.py": "40c0cd55d60de7ac",
    "0003_processes.py": "bfd9ac4fbc00d8b1",
    "0004_restored.py": "577f936a2173f925",
    "0005_filed.py": "170a17002a00583c",
}
# What step 0004 made as well for some days, before it was put right.
GREW = (
    "ALTER TABLE positions ADD COLUMN done_again_uidvalidity BIGINT",
    "ALTER TABLE positions ADD COLUMN done_again_uid BIGINT",
    "ALTER TABLE positions ADD COLUMN done_uidvalidity BIGINT",
    "ALTER TABLE positions ADD COLUMN done_uidnext BIGINT",
    "CREATE TABLE restores (at {instant} NOT NULL, backup {instant} NOT NULL, CONSTRAINT pk_restores PRIMARY KEY (at))",
    "ALTER TABLE positions ADD COLUMN done_again_folder VARCHAR",
    "ALTER TABLE positions ADD COLUMN done_folder VARCHAR",
)
STEP = '''"""A later step."""
import sqlalchemy as sa
from alembic import op
revision = "{later}"
down_revision = "{newest}"
def upgrade() -> None:
    op.execute("CREATE TABLE news (id INTEGER PRIMARY KEY)")
    with op.batch_alter_table("contacts") as contacts:
        contacts.add_column(sa.Column("phone", sa.String(), nullable=True))
    with op.batch_alter_table("tickets") as tickets:
        tickets.alter_column("priority", nullable=True)
    {last}
'''


@pytest.fixture(params=["sqlite_url", pytest.param("postgres_copy", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest) -> str:
    """Databases that may be altered."""
    return str(request.getfixturevalue(request.param))


class Cut(Exception):
    """The process ends here."""


@contextmanager
def cut_at(number: int) -> Iterator[Callable[[], int]]:
    """The statement with this number is not carried out; gives how many there were."""
    seen = 0

    def count(*_: Any) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise Cut

    event.listen(Engine, "before_cursor_execute", count)
    try:
        yield lambda: seen
    finally:
        event.remove(Engine, "before_cursor_execute", count)


def steps(folder: Path, last: str = "pass") -> Steps:
    """The shipped steps, and one more that makes tables anew to which others refer."""
    made = steps_until(NEWEST, folder / "steps")
    text = STEP.format(last=last, later=LATER, newest=NEWEST)
    (made.folder / "versions" / f"{LATER}_later.py").write_text(text)
    return made


def steps_until(newest: str, folder: Path) -> Steps:
    """The steps that an older version had."""
    (folder / "versions").mkdir(parents=True)
    shipped = plugins.data("migrations")
    (folder / "env.py").write_text((shipped / "env.py").read_text())
    for file in shipped.glob("versions/[0-9]*.py"):
        if file.name[: len(newest)] <= newest:
            (folder / "versions" / file.name).write_text(file.read_text())
    return Steps(folder=folder)


def has_tables(store: Store) -> set[str]:
    """The names of all tables."""
    with store.reading() as session:
        return set(sa.inspect(session.connection()).get_table_names())


def version(store: Store) -> str | None:
    """Which schema it says it has."""
    with store.reading() as session:
        found: str | None = session.connection().scalar(sa.text("SELECT version_num FROM alembic_version"))
    return found


def differs(store: Store) -> list[Any]:
    """What is to be added, dropped or altered for the schema to be that of the models."""
    with store.writing() as session:
        context = MigrationContext.configure(session.connection(), opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, SQLModel.metadata))


def test_a_new_database_is_made_once(both_databases: str, tmp_path: Path) -> None:
    """The second time there is nothing to do."""
    store = Store(both_databases, site=tmp_path)
    assert migrate.upgrade(store)
    assert not migrate.upgrade(store)
    assert version(store) == Steps().newest
    migrate.require_current(store)
    store.close()


def test_two_processes_that_start_together_make_one_schema(both_databases: str, tmp_path: Path) -> None:
    """One makes it, the other waits and finds it made."""
    done: list[bool] = []

    def start() -> None:
        store = Store(both_databases, site=tmp_path)
        done.append(migrate.upgrade(store))
        store.close()

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, True]


def test_cut_at_any_statement_the_old_schema_stays(store: Store, tmp_path: Path) -> None:
    """An upgrade that ends in the middle has done nothing; the next start does it all."""
    later, before = steps(tmp_path), has_tables(store)
    number = 0
    while True:
        number += 1
        try:
            with cut_at(number):
                migrate.upgrade(store, later)
            break
        except Cut:
            assert (version(store), has_tables(store)) == (NEWEST, before)
    assert number > 5
    assert version(store) == LATER
    assert has_tables(store) == before | {"news"}


@pytest.mark.parametrize("every", [15, pytest.param(1, marks=pytest.mark.soak)])
@pytest.mark.parametrize("before", Steps().known)
def test_killed_at_any_step_the_old_or_the_new_schema_stays_with_all_rows(
    both_databases: str, tmp_path: Path, before: str, every: int
) -> None:
    """From every schema that there ever was; SQLite's file has been copied before anything has changed."""
    store = Store(both_databases, site=tmp_path)
    migrate.upgrade(store, steps_until(before, tmp_path / "before"))
    columns = dying_upgrade.fill(store)
    old = dying_upgrade.look(both_databases, columns)
    store.close()
    later = str(steps(tmp_path).folder)
    *killed, last = left_behind(dying_upgrade.__name__, url=both_databases, steps=later, columns=columns, every=every)
    new = old | {"schema": LATER, "added": True}
    assert last == new
    assert killed[0] == old
    assert [each for each in killed if each not in (old, new)] == []
    if store.path is not None:
        assert dying_upgrade.look(f"sqlite:///{migrate.copy_name(store.path, before)}", columns) == old
        assert not list(tmp_path.glob("*.part"))


def test_a_killed_first_start_leaves_no_half_database(tmp_path: Path) -> None:
    """Either there are no tables, or all of them."""
    url = f"sqlite:///{tmp_path}/helpdesk.db"
    shipped = str(Steps().folder)
    found = left_behind("tests.store.dying_upgrade", url=url, steps=shipped, columns={}, every=15)
    assert {each["schema"] for each in found if each["schema"]} == {NEWEST}
    assert found[-1]["schema"] == NEWEST


def test_no_row_is_lost_when_a_table_is_made_anew(store: Store, tmp_path: Path) -> None:
    """SQLite alters a table by copying it; with foreign keys on, dropping the old one would empty others."""
    number = rows.ticket(store)
    assert migrate.upgrade(store, steps(tmp_path))
    with store.reading() as session:
        count = sa.text("SELECT count(*) FROM participants WHERE ticket = :number")
        assert session.connection().scalar(count, {"number": number}) == 1


def test_a_step_that_breaks_references_is_undone(sqlite: Store, tmp_path: Path) -> None:
    """Foreign keys are off while it runs, so they are counted at the end."""
    rows.ticket(sqlite)
    with pytest.raises(StoreError, match="break 2 references"):
        migrate.upgrade(sqlite, steps(tmp_path, last='op.execute("DELETE FROM contacts")'))
    assert version(sqlite) == NEWEST
    with sqlite.reading() as session:
        assert session.connection().scalar(sa.text("SELECT count(*) FROM contacts")) == 1


def test_the_file_is_copied_before_its_schema_changes(sqlite: Store, tmp_path: Path) -> None:
    """Whole, of the old schema, and nobody else's to read."""
    number = rows.ticket(sqlite)
    migrate.upgrade(sqlite, steps(tmp_path))
    assert sqlite.path is not None
    copy = migrate.copy_name(sqlite.path, NEWEST)
    assert copy.name == f"helpdesk.db.schema-{NEWEST}"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with sqlite3.connect(copy) as connection:
        assert connection.execute("SELECT number FROM tickets").fetchall() == [(number,)]
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(NEWEST,)]
    connection.close()
    assert not list(tmp_path.glob("*.part"))


def test_a_newer_schema_is_refused(store: Store) -> None:
    """An old version must not write into what it does not know; it says both."""
    with store.writing() as session:
        session.connection().execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(SchemaMismatch, match=f"9999.*{Steps().newest}"):
        migrate.upgrade(store)
    with pytest.raises(SchemaMismatch, match="9999"):
        migrate.require_current(store)
    assert version(store) == "9999"


def test_an_older_schema_is_not_current(sqlite: Store, tmp_path: Path) -> None:
    """Commands that must not change it say what to start; that command exists."""
    empty = Store("sqlite:///new.db", site=tmp_path)
    with pytest.raises(SchemaMismatch, match="`helpdesk run`"):
        migrate.require_current(empty)
    assert not (tmp_path / "new.db").exists()
    empty.close()


def test_the_steps_are_one_chain() -> None:
    """Each file bears the number of its schema, and the newest is the last."""
    known = Steps().known
    assert known == [f"{number:04}" for number in range(1, len(known) + 1)]
    assert Steps().newest == known[-1]


def test_a_step_that_was_given_out_is_never_changed() -> None:
    """A database that has it would never get what is written into it later."""
    files = sorted((Steps().folder / "versions").glob("[0-9]*.py"))
    assert {file.name: hashlib.sha256(file.read_bytes()).hexdigest()[:16] for file in files} == GIVEN_OUT


@pytest.mark.parametrize("before", Steps().known[:-1])
def test_every_schema_that_there_was_becomes_that_of_the_models(
    both_databases: str, tmp_path: Path, before: str
) -> None:
    """Whichever version made the database, this one finds all that it asks for."""
    store = Store(both_databases, site=tmp_path)
    migrate.upgrade(store, steps_until(before, tmp_path / "before"))
    assert differs(store)
    assert migrate.upgrade(store)
    assert differs(store) == []
    store.close()


@pytest.mark.parametrize("grown", [5, 7])
def test_a_database_that_has_a_part_of_the_newest_step_gets_the_rest(
    both_databases: str, tmp_path: Path, grown: int
) -> None:
    """For some days step 0004 made more, under the same number."""
    store = Store(both_databases, site=tmp_path)
    migrate.upgrade(store, steps_until("0004", tmp_path / "before"))
    instant = "TIMESTAMP WITH TIME ZONE" if store.dialect == "postgresql" else "DATETIME"
    with store.writing() as session:
        for statement in GREW[:grown]:
            session.connection().exec_driver_sql(statement.format(instant=instant))
    assert migrate.upgrade(store)
    assert differs(store) == []
    store.close()
