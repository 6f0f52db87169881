"""A copy of the database is whole, of one moment and checked, however busy the file is, or it is not there at all."""

from __future__ import annotations

import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from helpdesk.errors import StoreBroken, StoreFull, UsageError
from helpdesk.store import copying, parts
from helpdesk.store.session import Store
from tests.builders import NOW
from tests.store import rows

# Each mail has its bytes, each ticket its first event and its participant.
INVARIANTS = (
    "SELECT count(*) FROM incoming WHERE raw_id NOT IN (SELECT id FROM raw_mails)",
    "SELECT count(*) FROM tickets WHERE number NOT IN (SELECT ticket FROM events WHERE kind = 'opened')",
    "SELECT count(*) FROM tickets WHERE number NOT IN (SELECT ticket FROM participants)",
    "SELECT count(*) FROM pragma_foreign_key_check",
    "SELECT count(*) FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
)


COPIES = 5  # different ones


@contextmanager
def written_to(store: Store) -> Iterator[None]:
    """The daemon is at work: mails, tickets and letters come all the time."""
    daemon, stop, errors = Store(str(store.url), site=Path(), daemon=True), threading.Event(), list[BaseException]()

    def write() -> None:
        try:
            while not stop.is_set():
                rows.keep(
                    daemon, *(rows.fetched(uid=None, raw=b"Subject: x\r\n\r\n" + b"y" * 20_000) for _ in range(5))
                )
                rows.put(daemon, rows.letter(ticket=rows.ticket(daemon)))
        except BaseException as error:
            errors.append(error)
            raise

    thread = threading.Thread(target=write)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
        daemon.close()
    assert errors == []


def counts(path: Path) -> list[int]:
    """What breaks each invariant, and at last the tickets."""
    with closing(sqlite3.connect(path)) as connection:
        return [connection.execute(query).fetchone()[0] for query in (*INVARIANTS, "SELECT count(*) FROM tickets")]


def test_copies_of_a_file_in_use_are_each_of_one_moment(sqlite: Store, tmp_path: Path) -> None:
    """Some in a row beside a busy writer; none has less than the one before."""
    assert sqlite.path is not None
    rows.ticket(sqlite)
    seen: list[int] = []
    with written_to(sqlite):
        while len(set(seen)) < COPIES:
            copying.copy_file(sqlite.path, tmp_path / "copy")
            *broken, tickets = counts(tmp_path / "copy")
            assert broken == [0] * len(INVARIANTS)
            seen.append(tickets)
    assert seen == sorted(seen)


@pytest.mark.soak
def test_a_large_file_is_copied_although_it_never_rests(sqlite: Store, tmp_path: Path) -> None:
    """Each write would begin the copy anew if it did not keep to one moment."""
    assert sqlite.path is not None
    for start in range(20):
        rows.keep(
            sqlite, *(rows.fetched(uid=None, raw=bytes([start, n]) + tmp_path.name.encode() * 9999) for n in range(200))
        )
    with written_to(sqlite):
        for number in range(20):
            copying.copy_file(sqlite.path, tmp_path / f"copy{number}")
            assert counts(tmp_path / f"copy{number}")[:-1] == [0] * len(INVARIANTS)


def test_what_is_only_in_the_log_is_copied_too(sqlite: Store, tmp_path: Path) -> None:
    """The copy is one file without a log, of the owner alone; the daemon's log stays as it is."""
    with sqlite.writing() as session:
        parts.beat(session, "intake", process="host:1", now=NOW)
    assert sqlite.path is not None
    log = sqlite.path.with_name("helpdesk.db-wal")
    before = log.stat().st_size
    copying.copy_file(sqlite.path, tmp_path / "copy")
    assert log.stat().st_size == before > 0
    with closing(sqlite3.connect(tmp_path / "copy")) as copy:
        assert copy.execute("SELECT name FROM parts").fetchall() == [("intake",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    assert stat.S_IMODE((tmp_path / "copy").stat().st_mode) == 0o600
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy"]


def test_a_bar_is_told_how_far_it_is(sqlite: Store, tmp_path: Path) -> None:
    """At the end all of it."""
    assert sqlite.path is not None
    told: list[tuple[int, int]] = []
    copying.copy_file(sqlite.path, tmp_path / "copy", told=lambda done, total: told.append((done, total)))
    assert told[-1][0] == told[-1][1] > 0


def test_a_damaged_file_has_no_copy(sqlite: Store, tmp_path: Path) -> None:
    """It is better known tonight than on the day when the copy is needed; what was there before stays."""
    rows.keep(sqlite, *(rows.fetched(uid=None, raw=b"x" * 3000) for _ in range(50)))
    assert sqlite.path is not None
    sqlite.close()
    size = sqlite.path.stat().st_size
    with sqlite.path.open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 40_000)
    (tmp_path / "copy").write_text("yesterday's")
    with pytest.raises(StoreBroken):
        copying.copy_file(sqlite.path, tmp_path / "copy")
    assert (tmp_path / "copy").read_text() == "yesterday's"
    assert not list(tmp_path.glob("*.part*"))


def both(sqlite: Store, target: Path, *, replace: bool) -> list[str]:
    """Two copies to one name: the second begins while the first is not named yet, and is ready before it."""
    assert sqlite.path is not None
    path, said = sqlite.path, list[str]()

    def copy(who: str, complete: Callable[[sqlite3.Connection], None]) -> None:
        try:
            copying.copy_file(path, target, complete=complete, shared=True, replace=replace)
        except UsageError as error:
            said.append(f"{who}: {error}")
        else:
            said.append(f"{who}: {counts(target)[-1]} tickets")

    def meanwhile(_: sqlite3.Connection) -> None:
        rows.ticket(sqlite)
        copy("second", lambda _: None)

    copy("first", meanwhile)
    return said


def test_of_two_copies_to_one_name_each_is_whole(sqlite: Store, tmp_path: Path) -> None:
    """As when a nightly one lasts until the next; what is said to be written is what stands there then."""
    rows.ticket(sqlite)
    assert both(sqlite, tmp_path / "copy", replace=True) == ["second: 2 tickets", "first: 1 tickets"]
    assert counts(tmp_path / "copy") == [0] * len(INVARIANTS) + [1]
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy"]


def test_a_name_that_another_took_meanwhile_is_left_to_it(sqlite: Store, tmp_path: Path) -> None:
    """Nobody has said that it may be replaced."""
    rows.ticket(sqlite)
    second, first = both(sqlite, tmp_path / "copy", replace=False)
    assert (second, "that one stays" in first, counts(tmp_path / "copy")[-1]) == ("second: 2 tickets", True, 2)


def test_what_a_killed_copy_left_goes_after_a_day(sqlite: Store, tmp_path: Path) -> None:
    """Else each would take the room of one more; another's that is being written stays."""
    assert sqlite.path is not None
    for name in ("copy.1.part", "copy.2.part"):
        (tmp_path / name).touch()
    os.utime(tmp_path / "copy.1.part", (0, 0))
    copying.copy_file(sqlite.path, tmp_path / "copy", shared=True)
    assert sorted(path.name for path in tmp_path.glob("copy*")) == ["copy", "copy.2.part"]


def test_without_room_nothing_is_begun(sqlite: Store) -> None:
    """Copies must not fill the disk that the daemon writes to."""
    assert sqlite.path is not None
    with copying.opened(sqlite.path) as source, pytest.raises(StoreFull, match="MB are needed"):
        copying.require_room(source, sqlite.path.parent, times=1e12)


def test_a_folder_that_cannot_be_written_is_named(sqlite: Store, tmp_path: Path) -> None:
    """One sentence, with what to do."""
    assert sqlite.path is not None
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="file/copy cannot be written: Not a directory"):
        copying.copy_file(sqlite.path, tmp_path / "file" / "copy")
