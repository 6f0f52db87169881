"""The two doors: what is read is one state, what is written is written whole or not at all."""

from __future__ import annotations

import os
import pickle
import shutil
import sqlite3
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.errors import AlreadyRunning, StoreBroken, StoreBusy, StoreError, StoreFull, StoreReadOnly, UsageError
from helpdesk.store import migrate, parts
from helpdesk.store.session import Store
from helpdesk.store.sqlite import has_wal_reset_bug
from tests.builders import NOW
from tests.servers.postgres import Postgres


def beat(session: Session, name: str = "intake", error: str | None = None) -> None:
    """Write one small row."""
    parts.beat(session, name, process="host:1", now=NOW, error=error)


def names(store: Store) -> list[str]:
    """The rows that are there."""
    with store.reading() as session:
        return [part.name for part in parts.beats(session)]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Without the rights of root, for whom nothing is read-only."""
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)


def test_the_reading_door_cannot_write(store: Store) -> None:
    """Whoever only looks cannot change anything, on either database."""
    with pytest.raises(StoreReadOnly), store.reading() as session:
        beat(session)
    assert names(store) == []


def test_writing_after_reading_still_works(store: Store) -> None:
    """On PostgreSQL both doors share their connections; a reader's leaves no trace."""
    names(store)
    with store.writing() as session:
        beat(session)
    assert names(store) == ["intake"]


def test_reading_sees_one_state(store: Store) -> None:
    """What is committed meanwhile does not show between two statements of one reader."""
    with store.reading() as session:
        before = parts.beats(session)
        with store.writing() as other:
            beat(other)
        assert parts.beats(session) == before == []
    assert names(store) == ["intake"]


def test_an_error_undoes_everything(store: Store) -> None:
    """All or nothing: a transaction that ends with an error has written nothing."""

    def cut_off() -> None:
        with store.writing() as session:
            beat(session)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        cut_off()
    assert names(store) == []


def test_two_writers_lose_no_update(store: Store) -> None:
    """Reading, adding one and writing in two threads gives the sum of both."""
    with store.writing() as session:
        beat(session, "0")

    def add() -> None:
        for _ in range(20):
            with store.writing() as session:
                text = "SELECT name FROM parts" + (" FOR UPDATE" if store.dialect == "postgresql" else "")
                value = int(session.connection().scalar(sa.text(text)) or 0)
                session.connection().execute(sa.text("UPDATE parts SET name = :name"), {"name": str(value + 1)})

    threads = [threading.Thread(target=add) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert names(store) == ["40"]


@pytest.mark.parametrize("words", ["nul \0 here", "half \udc80 here", "\ud83d alone"])
def test_what_no_database_takes_is_replaced(store: Store, words: str) -> None:
    """NUL and lone surrogates never reach a column; a server's answer may hold them."""
    with store.writing() as session:
        beat(session, error=words)
    with store.reading() as session:
        (part,) = parts.beats(session)
    assert part.error == words.replace("\0", "\ufffd").replace("\udc80", "\ufffd").replace("\ud83d", "\ufffd")


def test_a_full_database_undoes_the_whole_transaction(sqlite: Store) -> None:
    """SQLITE_FULL ends the transaction by itself; the statement after it must not be committed alone."""
    with sqlite.writing() as session:
        pages = session.connection().exec_driver_sql("PRAGMA page_count").scalar()
        session.connection().exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    def go_on_regardless() -> None:
        with sqlite.writing() as session:
            beat(session, "before")
            with pytest.raises(sa.exc.OperationalError):
                beat(session, "fills", error="x" * 100_000)
            beat(session, "after")

    with pytest.raises(StoreError):
        go_on_regardless()
    assert names(sqlite) == []


def test_a_full_database_is_named_and_lives_on(sqlite: Store) -> None:
    """The error says that it is full; when there is room again the same store goes on."""
    with sqlite.writing() as session:
        session.connection().exec_driver_sql("PRAGMA max_page_count = 1")
    with pytest.raises(StoreFull, match=r"helpdesk\.db"), sqlite.writing() as session:
        beat(session, error="x" * 1_000_000)
    with sqlite.writing() as session:
        beat(session)
    assert names(sqlite) == ["intake"]


def test_a_locked_file_is_busy(sqlite: Store) -> None:
    """Another process that holds the lock for too long: said so, and nothing is lost when it lets go."""
    assert sqlite.path is not None
    with sqlite.writing() as session:
        session.connection().exec_driver_sql("PRAGMA busy_timeout = 50")
    other = sqlite3.connect(sqlite.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreBusy), sqlite.writing() as session:
        beat(session)
    other.execute("ROLLBACK")
    other.close()
    with sqlite.writing() as session:
        beat(session)
    assert names(sqlite) == ["intake"]


def test_a_read_only_file_is_named(sqlite_template: Path) -> None:
    """A file that we may read but not write."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "helpdesk.db"
        path.write_bytes(sqlite_template.read_bytes())
        path.chmod(0o444)
        Path(folder).chmod(0o777)
        store = Store(f"sqlite:///{path}", site=Path())
        with as_nobody(), pytest.raises(StoreReadOnly, match=r"helpdesk\.db"), store.writing() as session:
            beat(session)
        store.close()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    """No traceback, but the file and what is wrong with it."""
    (tmp_path / "helpdesk.db").write_text("these are words, not a database\n" * 100)
    store = Store("sqlite:///helpdesk.db", site=tmp_path)
    with pytest.raises(StoreError, match=r"helpdesk\.db.*not a database"), store.reading() as session:
        parts.beats(session)
    store.close()


@pytest.mark.parametrize("url", ["mysql://host/x", "nonsense", "sqlite://", "sqlite:///:memory:", "sqlite:///no/x.db"])
def test_a_useless_url_is_refused(url: str, tmp_path: Path) -> None:
    """One sentence that says how it must look."""
    with pytest.raises(UsageError, match=r"store\] url"):
        Store(url, site=tmp_path)


def test_the_old_scheme_of_postgresql_is_understood() -> None:
    """Many tools still write postgres://."""
    store = Store("postgres://user@host/helpdesk", site=Path())
    assert (store.dialect, store.url.drivername, store.path) == ("postgresql", "postgresql+psycopg", None)


def test_one_daemon_a_file(sqlite: Store) -> None:
    """A second daemon on the same file is refused; after the first has ended it may start."""
    second = Store(str(sqlite.url), site=Path(), daemon=True)
    with sqlite.daemon_lock(), pytest.raises(AlreadyRunning, match=r"helpdesk\.db"), second.daemon_lock():
        pass
    with second.daemon_lock():
        pass


@pytest.mark.postgresql
def test_several_daemons_share_postgresql(postgresql: Store) -> None:
    """There the rows are claimed, so nobody is refused."""
    with postgresql.daemon_lock(), postgresql.daemon_lock():
        assert postgresql.free_mb() is None


def test_free_space_is_told_in_megabytes(sqlite: Store) -> None:
    """Of the disk of the database file."""
    assert sqlite.path is not None
    blocks = os.statvfs(sqlite.path.parent)
    assert sqlite.free_mb() == pytest.approx(blocks.f_bavail * blocks.f_frsize / 2**20, rel=0.05, abs=200)


def test_a_folder_that_is_gone_is_a_fault_of_the_store(sqlite: Store, tmp_path: Path) -> None:
    """A disk that was taken away is waited for like any other fault of the database."""
    shutil.rmtree(tmp_path)
    with pytest.raises(StoreBroken, match="cannot be looked at: No such file"):
        sqlite.free_mb()


@pytest.mark.postgresql
def test_a_server_that_vanished_is_not_waited_for_for_hours(postgresql: Store) -> None:
    """A machine without power sends no goodbye: the kernel asks for a sign of life every half minute."""
    with postgresql.reading() as session:
        driver = session.connection().connection.dbapi_connection
        assert driver is not None
        told = driver.info.get_parameters()
    assert (told["keepalives_idle"], told["keepalives_interval"], told["keepalives_count"]) == ("30", "10", "3")
    assert told["tcp_user_timeout"] == "60000"


@pytest.mark.parametrize(("daemon", "pages"), [(True, 1000), (False, 0)])
def test_only_the_daemon_copies_the_log_back(sqlite_url: str, daemon: bool, pages: int) -> None:
    """Two connections that do may corrupt the file (the WAL-reset bug)."""
    store = Store(sqlite_url, site=Path(), daemon=daemon)
    with store.writing() as session:
        assert session.connection().exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == pages
    with store.reading() as session:
        assert session.connection().exec_driver_sql("PRAGMA wal_autocheckpoint").scalar() == 0
    store.close()


@pytest.mark.parametrize(("pragma", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)])
def test_a_commit_survives_a_power_cut(sqlite: Store, pragma: str, value: object) -> None:
    """The log is synchronised at each commit; rows keep their references."""
    with sqlite.writing() as session:
        assert session.connection().exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


@pytest.mark.parametrize(
    ("version", "bug"),
    [
        ((3, 6, 23), False),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 50, 7), False),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
    ],
)
def test_versions_with_the_wal_reset_bug(version: tuple[int, int, int], bug: bool) -> None:
    """3.7.0 to 3.51.2, but for the two that got the mending."""
    assert has_wal_reset_bug(version) is bug


def test_a_new_database_is_nobody_elses_to_read(tmp_path: Path) -> None:
    """It holds what customers wrote; so does the log beside it."""
    store = Store("sqlite:///helpdesk.db", site=tmp_path)
    assert not store.exists
    migrate.upgrade(store)
    assert store.exists
    with store.writing() as session:
        beat(session)
        modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    store.close()
    assert modes == {0o600}


def test_a_store_opens_anew_in_another_process(store: Store) -> None:
    """A copy carries no connection, only where the database is."""
    copy: Store = pickle.loads(pickle.dumps(store))
    with copy.writing() as session:
        beat(session)
    copy.close()
    assert names(store) == ["intake"]


@pytest.mark.postgresql
@pytest.mark.slow
def test_a_server_that_was_restarted_is_reached_again(postgresql: Store, postgres: Postgres) -> None:
    """Kept connections are dead after a restart; each is asked for a sign of life before it is used."""
    names(postgresql)
    postgres.restart()
    assert names(postgresql) == []
