"""Writes the whole memory of the site into one file, while the daemon runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import existing

if TYPE_CHECKING:
    from helpdesk.store.session import Store


def command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it, such as /backup/helpdesk.backup.")],
    *,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace a file of that name, once the new one is whole.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """The database at one moment, checked, and settings and templates; the file is secret: it can sign for the site."""
    from helpdesk import __version__, console
    from helpdesk.config import site_files
    from helpdesk.store import backups

    with existing() as app:
        path = _copied(app.store, file)
        _require_new(file, path, overwrite=overwrite)
        now, files = app.now(), site_files.read(app.config.site)
        with console.bar("pages") as told:
            backups.write(path, file, files=files, version=__version__, now=now, told=told, overwrite=overwrite)
    size = file.stat().st_size
    if json:
        console.json_out({"file": str(file), "made": now, "bytes": size, "site_files": sorted(files)})
        return
    console.say(f"Written and checked: {file}, {size / 2**20:.1f} MB, readable by its owner only.")
    console.say("In it: every mail, ticket and letter, the signing keys, " + ", ".join(sorted(files)) + ".")
    console.say("Not in it: passwords, certificates. Keep it as secret as the mailboxes themselves.")


def _copied(store: Store, file: Path) -> Path:
    """The file of the database. Raises UsageError for PostgreSQL, which has its own and better way."""
    from helpdesk.errors import UsageError

    if store.path is None:
        dump = f"pg_dump --format=custom --file={file} {store.address}"
        message = f"The database is PostgreSQL, which copies itself; type: {dump}"
        raise UsageError(message)
    return store.path


def _require_new(file: Path, database: Path, *, overwrite: bool) -> None:
    from helpdesk.errors import UsageError

    if file.is_dir():
        message = f"{file} is a folder; name a file in it."
    elif file.exists() and file.samefile(database):
        message = f"{file} is the database itself; name another file."
    elif file.exists() and not overwrite:
        message = f"{file} is there already, and nothing was written; name another file, or give --overwrite."
    elif not file.absolute().parent.is_dir():
        message = f"There is no folder {file.absolute().parent}; make it, or name another file."
    else:
        return
    raise UsageError(message)
