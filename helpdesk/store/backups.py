"""A backup is one file: the database as it was at one moment, and the site's settings and templates beside it."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from helpdesk.errors import StoreBroken, UsageError
from helpdesk.store import copying

# Two tables that only a backup has.
MADE = (
    "CREATE TABLE backup_about (made TEXT NOT NULL, version TEXT NOT NULL)",
    "CREATE TABLE backup_files (name TEXT PRIMARY KEY, data BLOB NOT NULL)",
)
STRIPPED = ("DROP TABLE IF EXISTS backup_about", "DROP TABLE IF EXISTS backup_files")


@dataclass(frozen=True, kw_only=True, slots=True)
class Backup:
    """What a file says of itself; ``made`` is None for a copy that was made before an upgrade, or by other means."""

    schema: str
    made: datetime | None = None
    version: str | None = None
    files: Mapping[str, bytes] = field(default_factory=dict)
    """The settings and templates of the site, by their names within its folder."""


def write(
    path: Path,
    target: Path,
    *,
    files: Mapping[str, bytes],
    version: str,
    now: datetime,
    told: copying.Told,
    overwrite: bool = True,
) -> None:
    """Back up the database at ``path`` while it is in use; also beside another backup to the same file.

    Raises StoreFull, StoreBroken, StoreBusy, UsageError.
    """

    def complete(copy: sqlite3.Connection) -> None:
        for statement in (*STRIPPED, *MADE):
            copy.execute(statement)
        copy.execute("INSERT INTO backup_about VALUES (?, ?)", (now.isoformat(), version))
        copy.executemany("INSERT INTO backup_files VALUES (?, ?)", files.items())

    copying.copy_file(path, target, complete=complete, told=told, shared=True, replace=overwrite)


def read(file: Path) -> Backup:
    """What lies in a file. Raises UsageError when it is no database of helpdesk, StoreBroken when it is damaged."""
    if not file.is_file():
        message = f"There is no file {file}."
        raise UsageError(message)
    try:
        with copying.opened(file) as connection:
            names = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
            if not {"alembic_version", "tickets", "raw_mails"} <= names:
                message = f"{file} is no backup of helpdesk."
                raise UsageError(message)
            (schema,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if "backup_about" not in names:
                return Backup(schema=schema)
            made, version = connection.execute("SELECT made, version FROM backup_about").fetchone()
            files = dict(connection.execute("SELECT name, data FROM backup_files").fetchall())
            return Backup(schema=schema, made=datetime.fromisoformat(made), version=version, files=files)
    except StoreBroken as error:
        if getattr(error.__cause__, "sqlite_errorcode", None) == sqlite3.SQLITE_NOTADB:
            message = f"{file} is not a backup of helpdesk; name a file that helpdesk backup has written."
            raise UsageError(message) from error
        # A good backup, perhaps, that only cannot be read from here.
        message = f"{file} cannot be read as a backup of helpdesk: {error}"
        raise StoreBroken(message) from error


def strip(copy: sqlite3.Connection) -> None:
    """Take away what only a backup has."""
    for statement in STRIPPED:
        copy.execute(statement)
