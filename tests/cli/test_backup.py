"""`helpdesk backup`: one file with everything, of its owner alone, made while the daemon runs."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from helpdesk.cli.backup import _copied
from helpdesk.errors import UsageError
from helpdesk.store import backups
from helpdesk.store.session import Store
from tests.cli import shell as shells
from tests.cli.shell import Shell


@pytest.fixture
def site(shell: Shell) -> Shell:
    """A site with a ticket, a template of its own, and a file with a password."""
    with shell.opened() as app:
        shells.keep(app)
        shells.handle(app)
    (shell.site / "templates/hu").mkdir(parents=True)
    (shell.site / "templates/hu/closing.j2").write_text("Kész.")
    (shell.site / "config/imap.password").write_text("secret")
    return shell


def test_it_holds_the_database_settings_and_templates_and_no_password(site: Shell, tmp_path: Path) -> None:
    """It says what is in it, and that it is secret; nobody else can read it."""
    told = site("backup", str(tmp_path / "file"))
    assert told.code == 0, told.err
    assert "Written and checked" in told.out
    assert "Not in it: passwords" in told.out
    found = backups.read(tmp_path / "file")
    assert {"helpdesk.toml", "config/staff.toml", "templates/hu/closing.j2"} <= found.files.keys()
    assert "config/imap.password" not in found.files
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o600


def test_a_running_daemon_does_not_mind(site: Shell, tmp_path: Path) -> None:
    """It holds the lock that refuses a second daemon, and may be writing."""
    with site.opened() as app, app.store.daemon_lock(), app.store.writing() as session:
        session.connection()
        assert site("backup", str(tmp_path / "file")).code == 0


def test_an_existing_file_is_kept_unless_told(site: Shell, tmp_path: Path) -> None:
    """Yesterday's backup is not lost by a typing error."""
    (tmp_path / "file").write_text("yesterday's")
    refused = site("backup", str(tmp_path / "file"))
    assert (refused.code, "--overwrite" in refused.err) == (2, True)
    assert (tmp_path / "file").read_text() == "yesterday's"
    done = site("backup", str(tmp_path / "file"), "--overwrite", "--json")
    assert (done.code, done.json["bytes"]) == (0, (tmp_path / "file").stat().st_size)


def test_mistakes_are_one_sentence(site: Shell, tmp_path: Path) -> None:
    """A folder, the database itself, a folder that there is not."""
    for file, words in (
        (tmp_path, "is a folder"),
        (site.site / "helpdesk.db", "itself"),
        (tmp_path / "a/b", "no folder"),
    ):
        refused = site("backup", str(file))
        assert (refused.code, words in refused.err, "Traceback" in refused.err) == (2, True, False)


def test_before_the_first_start_there_is_nothing_to_back_up(shell: Shell, tmp_path: Path) -> None:
    """It says what to type first."""
    assert f"`helpdesk --site {shell.site} run`" in shell("backup", str(tmp_path / "file")).err


def test_postgresql_is_told_its_own_way(tmp_path: Path) -> None:
    """The command to type, without the password."""
    store = Store("postgresql://desk:secret@db.test/desk", site=tmp_path)
    with pytest.raises(UsageError) as refused:
        _copied(store, Path("/backup/file"))
    assert str(refused.value).endswith("pg_dump --format=custom --file=/backup/file postgresql://desk@db.test/desk")
