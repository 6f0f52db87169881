"""Brings the database to the schema of this version: all steps or none, with a copy of the file made before."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from helpdesk import plugins
from helpdesk.errors import SchemaMismatch, StoreError, StoreReadOnly
from helpdesk.store import copying, sqlite
from helpdesk.store.faults import translated
from helpdesk.store.session import Store

LOCK = 0x48454C50  # "HELP": the advisory lock of PostgreSQL under which one process migrates
VERSION = sa.text("SELECT version_num FROM alembic_version")


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """A folder of Alembic's with one file a step: ``versions/0001_first.py`` and so on, without gaps or branches."""

    folder: Path = field(default_factory=lambda: plugins.data("migrations"))

    @property
    def known(self) -> list[str]:
        """Every schema that the steps lead to, oldest first: the number that the name of a file begins with."""
        return sorted(file.name.partition("_")[0] for file in self.folder.glob("versions/[0-9]*.py"))

    @property
    def newest(self) -> str:
        """The schema after all steps: that of this version of helpdesk."""
        return self.known[-1]


def upgrade(store: Store, steps: Steps | None = None, *, keep_copy: bool = True) -> bool:
    """Make the database, or bring it up to date; True when there was something to do.

    A SQLite file is copied before, unless ``keep_copy`` is False because it is a copy itself.

    Raises SchemaMismatch when it is newer, StoreFull when there is no room for the copy, StoreError otherwise.
    """
    steps = steps or Steps()
    if _is_current(store, steps):
        return False
    with translated(store.path), _migrating(store) as connection:
        before = version_of(connection)
        if before == steps.newest:
            return False
        _refuse_newer(before, steps)
        if before and store.path and keep_copy:
            copying.copy_file(store.path, copy_name(store.path, before))
        _run(connection, steps)
        _check_references(connection)
    return True


def require_current(store: Store) -> None:
    """Raises SchemaMismatch unless the database has exactly the schema of this version."""
    if _is_current(store, Steps()):
        return
    message = "The database is not made yet, or by an older version: start `helpdesk run`, which brings it up to date."
    raise SchemaMismatch(message)


def require_known(version: str) -> None:
    """Raises SchemaMismatch when a newer version of helpdesk made a database of that schema."""
    _refuse_newer(version, Steps())


def copy_name(path: Path, version: str) -> Path:
    """Where the copy of a database of that schema is put before it is changed."""
    return path.with_name(f"{path.name}.schema-{version}")


def _is_current(store: Store, steps: Steps) -> bool:
    """Without Alembic, which takes longer to import than most commands run."""
    if not store.exists:
        return False
    with store.reading() as session:
        version = version_of(session.connection())
    _refuse_newer(version, steps)
    return version == steps.newest


def version_of(connection: Connection) -> str | None:
    """None for a database without our tables."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(VERSION)
    return version


def _refuse_newer(version: str | None, steps: Steps) -> None:
    if version is None or version in steps.known:
        return
    message = (
        f"The database has schema {version}, this version of helpdesk knows only up to {steps.newest}."
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
    _touch(store.path)
    return sqlite.engine(store.url, writer=True, checkpoint=False, foreign_keys=False)


def _touch(path: Path) -> None:
    """A new file that only we may read: it holds what customers wrote. Raises StoreReadOnly."""
    try:
        path.touch(mode=0o600)
    except OSError as error:
        message = f"The database {path} cannot be made: {error.strerror}."
        raise StoreReadOnly(message) from error


def _run(connection: Connection, steps: Steps) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(steps.folder).replace("%", "%%"))
    command.upgrade(config, "head")


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
        message = f"The new schema would break {len(broken)} references between rows; nothing was changed."
        raise StoreError(message)
