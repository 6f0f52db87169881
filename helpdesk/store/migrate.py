"""Brings the database to the schema of this version: all steps or none, with a copy of the file made before."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helpdesk import plugins
from helpdesk.errors import SchemaMismatch, StoreError, StoreFull
from helpdesk.store import sqlite
from helpdesk.store.faults import translated
from helpdesk.store.session import Store

LOCK = 0x48454C50  # "HELP": the advisory lock of PostgreSQL under which one process migrates
VERSION = sa.text("SELECT version_num FROM alembic_version")
SPARE = 1.1  # times the size of the file must be free for its copy


def upgrade(store: Store) -> bool:
    """Make the database, or bring it up to date; True when there was something to do. Raises SchemaMismatch."""
    if _is_current(store):
        return False
    with translated(), _migrating(store) as connection:
        before = _version(connection)
        if before == newest():
            return False
        _refuse_newer(before)
        if before and store.path:
            copy_file(store.path, copy_name(store.path, before))
        _run(connection)
        _check_references(connection)
    return True


def require_current(store: Store) -> None:
    """Raises SchemaMismatch unless the database has exactly the schema of this version."""
    if _is_current(store):
        return
    message = "The database is not made yet, or by an older version: run `helpdesk migrate`, or start `helpdesk run`."
    raise SchemaMismatch(message)


def newest() -> str:
    """The schema of this version: the number that the last file in ``migrations/versions`` begins with."""
    return _known()[-1]


def copy_name(path: Path, version: str) -> Path:
    """Where the copy of a database of that schema is put before it is changed."""
    return path.with_name(f"{path.name}.schema-{version}")


def copy_file(path: Path, target: Path) -> None:
    """A whole and consistent copy of a SQLite file, also of one in use; never by `cp`. Raises StoreFull."""
    if shutil.disk_usage(path.parent).free < path.stat().st_size * SPARE:
        message = f"There is no room to copy {path} before its schema is changed."
        raise StoreFull(message)
    unfinished = target.with_name(target.name + ".part")
    unfinished.unlink(missing_ok=True)
    source, copy = sqlite3.connect(path), sqlite3.connect(unfinished)
    try:
        source.backup(copy)
    finally:
        copy.close()
        source.close()
    unfinished.replace(target)


def _is_current(store: Store) -> bool:
    """Without Alembic, which takes longer to import than most commands run."""
    if not store.exists:
        return False
    with store.reading() as session:
        version = _version(session.connection())
    _refuse_newer(version)
    return version == newest()


def _known() -> list[str]:
    return sorted(file.name.partition("_")[0] for file in _folder().glob("versions/[0-9]*.py"))


def _folder() -> Path:
    return plugins.data("migrations")


def _version(connection: Connection) -> str | None:
    """None for a database without our tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(VERSION)
    return version


def _refuse_newer(version: str | None) -> None:
    if version is None or version in _known():
        return
    message = (
        f"The database has schema {version}, this version of helpdesk knows only up to {newest()}."
        " Install the version that wrote it, or restore a copy made before."
    )
    raise SchemaMismatch(message)


@contextmanager
def _migrating(store: Store) -> Iterator[Connection]:
    """A transaction that only one process can hold; SQLite without foreign keys, or altering a table empties others."""
    engine = _engine(store)
    try:
        with engine.begin() as connection:
            if store.dialect == "postgresql":
                connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))
            yield connection
    finally:
        engine.dispose()


def _engine(store: Store) -> Engine:
    if store.path is None:
        return sa.create_engine(store.url, poolclass=sa.NullPool)
    # What customers wrote is nobody else's to read.
    store.path.touch(mode=0o600)
    return sqlite.engine(store.url, writer=True, checkpoint=False, foreign_keys=False)


def _run(connection: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_folder()).replace("%", "%%"))
    command.upgrade(config, "head")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        message = f"The new schema would break {len(broken)} references between rows; nothing was changed."
        raise StoreError(message)
