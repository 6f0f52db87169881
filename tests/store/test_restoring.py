"""A backup takes the place of the database at one stroke, and the one before is kept."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk.errors import SchemaMismatch, StoreBroken, StoreBusy, UsageError
from helpdesk.store import backups, migrate, restoring
from helpdesk.store.migrate import Steps
from helpdesk.store.session import Store
from helpdesk.store.tables import Ticket
from tests.builders import NOW
from tests.dying import left_behind
from tests.store import dying_restore, rows
from tests.store.test_migrate import steps_until


@pytest.fixture
def file(sqlite: Store, tmp_path: Path) -> Path:
    """A backup with one ticket; the database has another one since."""
    rows.ticket(sqlite, subject="before")
    assert sqlite.path is not None
    backups.write(
        sqlite.path, tmp_path / "file", files={"helpdesk.toml": b"x"}, version="1", now=NOW, told=lambda *_: None
    )
    rows.ticket(sqlite, subject="after")
    return tmp_path / "file"


def restore(store: Store, file: Path) -> restoring.Restored:
    """As the command does."""
    store.close()
    with store.daemon_lock():
        return restoring.restore(store, file, now=NOW)


def subjects(path: Path | None) -> list[str]:
    """The tickets of a file."""
    assert path is not None
    with closing(sqlite3.connect(path)) as connection:
        return [subject for (subject,) in connection.execute("SELECT subject FROM tickets ORDER BY number")]


def test_the_backup_is_there_and_the_one_before_is_kept(sqlite: Store, file: Path) -> None:
    """Under a name that says when; what only a backup has is gone, and numbers go on behind those of both."""
    done = restore(sqlite, file)
    assert (subjects(sqlite.path), subjects(done.kept)) == (["before"], ["before", "after"])
    assert done.kept is not None
    assert done.kept.name == "helpdesk.db.replaced-20260302-090000"
    assert done.backup == NOW
    assert rows.ticket(sqlite) == done.settled.next_ticket == 3001
    with sqlite.reading() as session:
        assert not [
            name for name in session.connection().dialect.get_table_names(session.connection()) if "backup" in name
        ]
    assert not list(file.parent.glob("*restoring*"))


@pytest.mark.parametrize("every", [17, pytest.param(1, marks=pytest.mark.soak)])
def test_killed_at_any_step_it_is_the_old_or_the_new(sqlite: Store, file: Path, every: int) -> None:
    """And the next try finishes it, with the old one kept whole."""
    assert sqlite.path is not None
    sqlite.close()
    *killed, last = left_behind(dying_restore.__name__, database=str(sqlite.path), file=str(file), every=every)
    assert last["tickets"] == ["before"]
    assert ["before", "after"] in last["kept"]
    assert killed[0]["tickets"] == ["before", "after"]
    assert all(each["tickets"] in (["before"], ["before", "after"]) for each in killed)
    assert all(each["kept"] for each in killed if each["tickets"] == ["before"])


def test_a_log_of_old_is_never_taken_for_the_new_ones(sqlite: Store, file: Path) -> None:
    """The database is gone, its log is not: SQLite would copy that into the backup."""
    assert sqlite.path is not None
    log = sqlite.path.with_name("helpdesk.db-wal")
    assert log.exists()
    shutil.copy(log, file.with_name("saved"))
    sqlite.close()
    sqlite.path.unlink()
    shutil.copy(file.with_name("saved"), log)
    assert restore(sqlite, file).kept is None
    assert subjects(sqlite.path) == ["before"]
    assert list(file.parent.glob("*.replaced-*-wal"))


def test_a_damaged_database_is_replaced_and_kept_as_it_is(sqlite: Store, file: Path) -> None:
    """That is what a backup is for."""
    assert sqlite.path is not None
    sqlite.close()
    sqlite.path.write_bytes(b"no database at all " * 1000)
    done = restore(sqlite, file)
    assert subjects(sqlite.path) == ["before"]
    assert done.kept is not None
    assert done.kept.read_bytes().startswith(b"no database")


def test_while_somebody_has_it_open_nothing_is_done(sqlite: Store, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell command may be writing; the sentence says what to do."""
    monkeypatch.setattr(restoring, "TURN_SECONDS", 0)
    other = Store(str(sqlite.url), site=Path())
    with other.writing() as session:
        session.connection()
        with pytest.raises(StoreBusy, match="open; end it, and type this again"):
            restore(sqlite, file)
    other.close()
    assert subjects(sqlite.path) == ["before", "after"]


def test_a_program_that_had_it_open_before_writes_into_the_new_one(sqlite: Store, file: Path) -> None:
    """No name changes, so nothing that it does later is lost or does harm."""
    restore(sqlite, file)
    rows.ticket(sqlite, subject="new")
    assert [ticket.subject for ticket in rows.all_of(sqlite, Ticket)] == ["before", "new"]


@pytest.mark.parametrize("old", Steps().known[:-1])
def test_a_backup_of_an_older_version_is_brought_up_to_date(sqlite: Store, tmp_path: Path, old: str) -> None:
    """Also the copy that was made before an upgrade, which says nothing of itself."""
    older = Store("sqlite:///older.db", site=tmp_path)
    migrate.upgrade(older, steps_until(old, tmp_path / "old"))
    older.close()
    restore(sqlite, tmp_path / "older.db")
    migrate.require_current(sqlite)
    assert rows.all_of(sqlite, Ticket) == []
    assert not list(tmp_path.glob("*schema*"))


def test_a_newer_one_is_refused(sqlite: Store, file: Path) -> None:
    """The old database stays."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(SchemaMismatch, match="9999"):
        restore(sqlite, file)
    assert subjects(sqlite.path) == ["before", "after"]


def test_what_is_no_backup_is_refused(sqlite: Store, file: Path, tmp_path: Path) -> None:
    """Nothing, a text, another program's database, our own file, a damaged backup: each is said."""
    (tmp_path / "text").write_text("hello " * 1000)
    with closing(sqlite3.connect(tmp_path / "other")) as connection:
        connection.execute("CREATE TABLE t (a)")
    assert sqlite.path is not None
    for name, words in (
        ("none", "There is no file"),
        ("other", "is no backup"),
        ("text", "is not a backup of helpdesk"),
        ("helpdesk.db", "is the database itself"),
    ):
        with pytest.raises(UsageError, match=words):
            restore(sqlite, tmp_path / name)
    (tmp_path / "cut").write_bytes(file.read_bytes()[:5000])
    with pytest.raises(StoreBroken, match=r"cannot be read as a backup of helpdesk: .*disk"):
        restore(sqlite, tmp_path / "cut")
    with file.open("r+b") as damaged:
        damaged.seek(file.stat().st_size // 3)
        damaged.write(b"\xff" * 50_000)
    with pytest.raises(StoreBroken):
        restore(sqlite, file)
    assert subjects(sqlite.path) == ["before", "after"]
