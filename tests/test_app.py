"""A site is opened once: configuration, database, templates and keys, handed down together."""

from __future__ import annotations

import os
import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.app import opened, process_name
from helpdesk.errors import AlreadyRunning, ConfigError, SchemaMismatch, StoreBusy, UsageError
from helpdesk.store import keys
from helpdesk.store.session import Store
from tests.builders import NOW

SITE = """
[company]
name = "Minta Kft."
language = "hu"
timezone = "Europe/Budapest"
[store]
url = "{url}"
[smtp]
host = "localhost"
user = "support@helpdesk.test"
password_env = "PW"
[mailboxes.support]
address = "support@helpdesk.test"
department = "support"
language = "hu"
imap = {{ host = "localhost", user = "support@helpdesk.test", password_env = "PW" }}
"""
PEOPLE = {
    "departments": '[departments.support]\nname = "Support"\nmembers = ["anna"]\n',
    "staff": '[staff.anna]\nid = 1\nname = "Anna"\naddresses = ["anna@helpdesk.test"]\nrole = "lead"\n',
}
ENVIRON = {"PW": "secret"}


def company(folder: Path, url: str) -> Path:
    """A small one, with its database at this URL."""
    (folder / "config").mkdir()
    (folder / "helpdesk.toml").write_text(SITE.format(url=url))
    for name, text in PEOPLE.items():
        (folder / "config" / f"{name}.toml").write_text(text)
    return folder


@pytest.fixture
def site(tmp_path: Path, both_databases: str) -> Path:
    """A company on each database, one after the other."""
    return company(tmp_path, both_databases)


@pytest.fixture
def sqlite_site(tmp_path: Path) -> Path:
    """A company on a SQLite file whose path counts from the site's folder."""
    return company(tmp_path, "sqlite:///helpdesk.db")


def test_the_first_opening_makes_the_database(site: Path) -> None:
    """Migrated, with one secret; the clock is the one that was given."""
    with opened(site, ENVIRON, now=lambda: NOW) as app:
        assert (app.config.company.name, app.now()) == ("Minta Kft.", NOW)
        assert len(app.keys.secrets) == 1
        with app.store.reading() as session:
            assert keys.live(session) == app.keys.secrets


def test_the_keys_stay_the_same(site: Path) -> None:
    """Otherwise every reply address that was given out would be dead after a restart."""
    with opened(site, ENVIRON) as first, opened(site, ENVIRON) as second:
        assert first.keys == second.keys
        with first.store.writing() as session:
            keys.rotate(session, NOW)
    with opened(site, ENVIRON) as third:
        assert third.keys.secrets[1:] == first.keys.secrets


def test_the_clock_is_aware_and_utc(site: Path) -> None:
    """Local time is for people."""
    with opened(site, ENVIRON) as app:
        assert app.now().utcoffset() == timedelta(0)


def test_looking_does_not_wait_for_the_daemons_lock(sqlite_site: Path) -> None:
    """A shell command that only reads opens the site while somebody writes."""
    with opened(sqlite_site, ENVIRON):
        pass
    writer = sqlite3.connect(sqlite_site / "helpdesk.db", isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    try:
        with opened(sqlite_site, ENVIRON) as app:
            assert app.keys.secrets
    except StoreBusy:
        pytest.fail("it waited for the lock")
    finally:
        writer.close()


def test_the_daemon_keeps_a_second_one_out(sqlite_site: Path) -> None:
    """On the same file; a shell command beside it is welcome."""
    with opened(sqlite_site, ENVIRON, daemon=True):
        with pytest.raises(AlreadyRunning), opened(sqlite_site, ENVIRON, daemon=True):
            pytest.fail("two daemons on one file")
        with opened(sqlite_site, ENVIRON) as beside, beside.store.writing() as session:
            keys.rotate(session, NOW)


def test_a_site_without_its_file_is_refused(tmp_path: Path) -> None:
    """No database is made for it."""
    with pytest.raises((ConfigError, UsageError)), opened(tmp_path, ENVIRON):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_site_of_a_newer_version_is_refused(sqlite_site: Path) -> None:
    """Its database is left as it is."""
    with opened(sqlite_site, ENVIRON):
        pass
    with sqlite3.connect(sqlite_site / "helpdesk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    with pytest.raises(SchemaMismatch, match="9999"), opened(sqlite_site, ENVIRON):
        pass


def test_two_processes_of_one_number_have_two_names() -> None:
    """In containers every process has number 1; one must not end what the dead one before it had claimed."""
    first, second = process_name(), process_name()
    assert first != second
    assert first.startswith(f"{os.uname().nodename}:{os.getpid()}:")


def test_everything_is_closed_at_the_end(site: Path) -> None:
    """A store that is asked afterwards opens anew; nothing of it hangs on the site's."""
    with opened(site, ENVIRON) as app:
        store: Store = app.store
    with store.reading() as session:
        assert keys.live(session) == app.keys.secrets
    store.close()
