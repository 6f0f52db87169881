"""A migrated, empty database of each kind for every test, made once: SQLite's is copied, PostgreSQL's emptied again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlmodel import SQLModel

from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests.servers.postgres import Postgres

BOTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql))
NUMBERS = count(1)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a migrated, empty database."""
    folder = tmp_path_factory.mktemp("template")
    made = Store("sqlite:///template.db", site=folder)
    migrate.upgrade(made)
    made.close()
    return folder / "template.db"


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The URL of a migrated, empty database that nobody is connected to."""
    url = postgres.fresh_database()
    made = Store(url, site=Path())
    migrate.upgrade(made)
    made.close()
    return url


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """A migrated SQLite database of its own."""
    shutil.copyfile(sqlite_template, tmp_path / "helpdesk.db")
    return f"sqlite:///{tmp_path}/helpdesk.db"


@pytest.fixture
def postgres_url(postgres_template: str) -> Iterator[str]:
    """The one migrated PostgreSQL database, emptied after the test; making another would take longer than the test."""
    yield postgres_template
    rows = "; ".join(f"DELETE FROM {table.name}" for table in reversed(SQLModel.metadata.sorted_tables))
    with psycopg.connect(postgres_template) as connection:
        first = "SELECT setval(name::regclass, CASE name WHEN 'tickets_number_seq' THEN 1001 ELSE 1 END, false)"
        names = "SELECT sequencename::text AS name FROM pg_sequences"
        connection.execute(f"{rows}; {first} FROM ({names}) AS sequences")


@pytest.fixture
def postgres_copy(postgres_template: str) -> str:
    """A migrated PostgreSQL database of its own, for tests that alter its tables."""
    server, _, template = postgres_template.rpartition("/")
    name = f"store{next(NUMBERS)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return f"{server}/{name}"


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> str:
    """A migrated database of each kind, one after the other."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url"))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Store]:
    """The same, opened."""
    yield from _opened(url, tmp_path)


@pytest.fixture
def sqlite(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    """An opened SQLite store, for what only SQLite does."""
    yield from _opened(sqlite_url, tmp_path)


@pytest.fixture
def postgresql(postgres_url: str, tmp_path: Path) -> Iterator[Store]:
    """An opened PostgreSQL store, for what only PostgreSQL does."""
    yield from _opened(postgres_url, tmp_path)


def _opened(url: str, site: Path) -> Iterator[Store]:
    made = Store(url, site=site)
    yield made
    made.close()
