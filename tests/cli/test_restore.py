"""`helpdesk restore`: refuses while the daemon runs, says what it did, and works on an empty machine."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from helpdesk.cli.restore import _restored
from helpdesk.errors import UsageError
from helpdesk.store import parts
from helpdesk.store.session import Store
from tests.cli import shell as shells
from tests.cli.shell import Shell, dialogue
from tests.servers.postgres import Postgres


@pytest.fixture
def file(shell: Shell, tmp_path: Path) -> str:
    """A backup with one ticket, and the letters about it that waited."""
    with shell.opened() as app:
        shells.keep(app)
        shells.handle(app)
    assert shell("backup", str(tmp_path / "file")).code == 0
    return str(tmp_path / "file")


def held(shell: Shell) -> list[int]:
    """The letters that wait for a person."""
    return [letter["id"] for letter in shell("outbox", "list", "--state", "held", "--json").json]


def test_it_says_what_it_did_and_what_to_do_now(shell: Shell, file: str) -> None:
    """Within 80 columns; the letters are held, the one before is kept."""
    told = shell("restore", file, "--yes", terminal=True)
    assert told.code == 0, told.err
    for words in ("The database is as it was at", "is kept as", "HD-3001"):
        assert words in told.out
    typed = f"  helpdesk --site {shell.site} "
    commands = [line for line in told.out.splitlines() if line.startswith(typed)]
    wanted = ["outbox list --restored", "outbox cancel --restored", "outbox release --restored", "run"]
    assert [line.removeprefix(typed) for line in commands] == wanted
    assert max(len(line) for line in told.out.splitlines() if line not in commands) <= 80
    assert len(held(shell)) > 0


def test_the_letters_are_cancelled_or_released_at_one_stroke(shell: Shell, file: str) -> None:
    """Each in the state and with the history that a single one would have."""
    assert shell("restore", file, "--yes", "--json").json["letters_held"] == len(held(shell)) > 1
    assert shell("outbox", "release", str(held(shell)[0])).code == 0
    waiting = held(shell)
    told = shell("outbox", "cancel", "--restored")
    assert (told.code, told.out.count("cancelled"), held(shell)) == (0, len(waiting), [])
    assert "No letter waits" in shell("outbox", "release", "--restored").err
    assert shell("outbox", "release").code == 2


def test_what_a_guard_held_is_not_listed_among_the_restored(shell: Shell, file: str) -> None:
    """Letters wait for two reasons, and only those of the restore go by its word."""
    shell("restore", file, "--yes")
    first, *others = held(shell)
    with shell.opened() as app, app.store.writing() as session:
        session.connection().exec_driver_sql(f"UPDATE outgoing SET reason = 'empty: no words' WHERE id = {first}")
    listed = [letter["id"] for letter in shell("outbox", "list", "--restored", "--json").json]
    assert (sorted(listed), len(others) > 0) == (sorted(others), True)


def test_letters_of_one_mail_are_released_together(shell: Shell, file: str) -> None:
    """The first takes its copies along; the next ones are no mistake."""
    with shell.opened() as app, app.store.writing() as session:
        session.connection().exec_driver_sql("UPDATE outgoing SET kind = 'new_ticket'")
    assert shell("backup", file, "--overwrite").code == 0
    assert shell("restore", file, "--yes").code == 0
    told = shell("outbox", "release", "--restored")
    assert (told.code, told.err, told.out.count("released"), held(shell)) == (0, "", 1, [])


def test_while_the_daemon_runs_nothing_is_done(shell: Shell, file: str) -> None:
    """One sentence that names the lock."""
    with shell.opened() as app, app.store.daemon_lock():
        refused = shell("restore", file, "--yes")
    assert refused.code == 1
    assert "stop it first" in refused.err
    assert held(shell) == []


def test_on_an_empty_machine_the_settings_come_out_of_the_backup(shell: Shell, file: str, tmp_path: Path) -> None:
    """One file is enough; settings that are there are never touched."""
    (tmp_path / "new").mkdir()
    new = Shell(tmp_path / "new")
    told = new("restore", file, "--yes", "--json")
    assert told.code == 0, told.err
    assert "helpdesk.toml" in told.json["site_files_written"]
    assert (told.json["kept"], len(new("tickets", "list", "--json").json)) == (None, 1)
    (shell.site / "helpdesk.toml").write_text((shell.site / "helpdesk.toml").read_text() + "# mine\n")
    assert shell("restore", file, "--yes", "--json").json["site_files_written"] == []
    assert (shell.site / "helpdesk.toml").read_text().endswith("# mine\n")


@pytest.mark.parametrize("schema", ["", "9999"])
def test_whoever_says_no_or_is_refused_finds_no_file_changed(file: str, tmp_path: Path, schema: str) -> None:
    """Also on an empty machine, where the settings are read out of the backup; not even the lock is made."""
    if schema:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute("UPDATE alembic_version SET version_num = ?", [schema])
    (tmp_path / "new").mkdir()
    code, seen = dialogue(Shell(tmp_path / "new").command("restore", file), *([] if schema else ["n"]))
    assert (code > 0, ("Nothing was changed." in seen) is not bool(schema)) == (True, True), seen
    assert list((tmp_path / "new").iterdir()) == []


def test_settings_that_cannot_be_written_are_written_the_next_time(file: str, tmp_path: Path) -> None:
    """The database is in place, and the message says so; the main file is the last of the settings."""
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "config").write_text("in the way")
    new = Shell(tmp_path / "new")
    refused = new("restore", file, "--yes")
    assert (refused.code, "The database is in place" in refused.err) == (2, True), refused.err
    assert not (tmp_path / "new" / "helpdesk.toml").exists()
    (tmp_path / "new" / "config").unlink()
    assert new("restore", file, "--yes").code == 0
    assert new("check").code == 0


def test_it_asks_before(shell: Shell, file: str) -> None:
    """A no, and where nobody can be asked, change nothing."""
    refused = shell("restore", file)
    assert (refused.code, "--yes" in refused.err) == (2, True)
    code, seen = dialogue(shell.command("restore", file), "n")
    assert (code, "Nothing was changed." in seen) == (1, True)
    assert held(shell) == []


def test_after_other_means_only_what_comes_after_is_done(shell: Shell, file: str) -> None:
    """For a snapshot of the machine or pg_restore."""
    assert file
    told = shell("restore", "--elsewhere", "--yes", "--json")
    assert told.code == 0, told.err
    assert told.json["letters_held"] == len(held(shell)) > 0
    assert told.json["next_ticket"] == 3001
    assert (shell("restore", "--yes").code, shell("restore", file, "--elsewhere", "--yes").code) == (2, 2)


def test_a_second_time_it_holds_nothing_unless_it_is_said(shell: Shell, file: str) -> None:
    """The letters since the first time are fresh."""
    assert file
    assert shell("restore", "--elsewhere", "--yes").code == 0
    with shell.opened() as app:
        shells.keep(app, 2)
        shells.handle(app)
    before = held(shell)
    refused = shell("restore", "--elsewhere", "--yes")
    assert (refused.code, "--once-more" in refused.err, held(shell)) == (2, True, before)
    assert shell("restore", "--elsewhere", "--once-more", "--yes").code == 0
    assert len(held(shell)) > len(before)


@pytest.mark.postgresql
def test_beside_a_daemon_on_postgresql_it_refuses(shell: Shell, postgres: Postgres) -> None:
    """There is no lock of a file there; the daemon's signs of life speak instead."""
    main = shell.site / "helpdesk.toml"
    main.write_text(main.read_text().replace("sqlite:///helpdesk.db", postgres.fresh_database()))
    with shell.opened() as app, app.store.writing() as session:
        parts.beat(session, "intake", process="host:1", now=datetime.now(UTC))
    refused = shell("restore", "--elsewhere", "--yes")
    assert (refused.code, "host:1" in refused.err) == (1, True), refused.err


def test_mistakes_are_one_sentence(shell: Shell, file: str, tmp_path: Path) -> None:
    """Never a traceback."""
    assert file
    (tmp_path / "text").write_text("x" * 5000)
    for name, words in (("none", "There is no file"), ("text", "is not a backup of helpdesk")):
        refused = shell("restore", str(tmp_path / name), "--yes")
        assert (refused.code, words in refused.err, "Traceback" in refused.err) == (2, True, False)


def test_postgresql_is_told_its_own_way(tmp_path: Path) -> None:
    """Both commands to type, without the password."""
    store = Store("postgresql://desk:secret@db.test/desk", site=tmp_path)
    with pytest.raises(UsageError, match=r"pg_restore .* --dbname=postgresql://desk@db.test/desk f, .*--elsewhere"):
        _restored(store, Path("f"))


def test_the_question_says_of_whom_and_when_the_backup_is(shell: Shell, file: str) -> None:
    """So that nobody takes another company's, or last year's, for the right one."""
    _, seen = dialogue(shell.command("restore", file), "n")
    words = " ".join(seen.split())
    assert "the backup of Minta Kft. made 20" in words
    assert "is kept beside it" in words
