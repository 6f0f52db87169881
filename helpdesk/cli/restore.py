"""Puts a backup in the place of the database; what was probably sent since it was made waits for you."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpdesk.cli import Context
from helpdesk.cli._advice import typeable
from helpdesk.cli._exits import FAILED

if TYPE_CHECKING:
    from helpdesk.config import Config
    from helpdesk.store.session import Store
    from helpdesk.store.settling import Settled

# What may be done about letters that have probably been sent since the backup.
HELD = (
    ("outbox list --restored", "look at them"),
    ("outbox cancel --restored", "send none of them"),
    ("outbox release --restored", "send them all"),
)


def command(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", show_default=False, help="Written by `helpdesk backup`.")
    ] = None,
    *,
    elsewhere: Annotated[
        bool,
        typer.Option(
            "--elsewhere",
            help="The database was put back by other means (pg_restore, a snapshot of the machine): "
            "do only what comes after. Once, before the daemon starts.",
        ),
    ] = False,
    once_more: Annotated[
        bool,
        typer.Option(
            "--once-more", help="With --elsewhere: it was done before, and the database was put back once more since."
        ),
    ] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="Do not ask; needed where there is no terminal to ask at.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """The daemon must be stopped. The database before is kept; letters that were waiting in the backup are held."""
    from helpdesk import console
    from helpdesk.config import site_files
    from helpdesk.errors import UsageError

    if (file is None) is not elsewhere or (once_more and not elsewhere):
        message = "Name the backup, or give --elsewhere when the database is put back already; not both."
        raise UsageError(message)
    settings, whose = ({}, "") if file is None else _read(file)
    config, store = _opened(settings)
    try:
        if not _agreed(file, whose, store, yes=yes):
            console.say("Nothing was changed.")
            raise typer.Exit(FAILED)
        with _alone(store):
            backup, settled, kept = _elsewhere(store, once_more=once_more) if file is None else _restored(store, file)
            # Last: whatever stopped it before has changed nothing.
            written = site_files.write_new(Context.site, settings)
    finally:
        store.close()
    if json:
        console.json_out(_jsonable(backup, settled, kept, written))
    else:
        _say(config, backup, settled, kept, written)


def _jsonable(backup: datetime, settled: Settled, kept: Path | None, written: list[str]) -> dict[str, Any]:
    return {
        "backup": backup,
        "kept": str(kept) if kept else None,
        "letters_held": settled.letters,
        "mails_again": settled.mails,
        "next_ticket": settled.next_ticket,
        "site_files_written": written,
    }


@contextmanager
def _alone(store: Store) -> Iterator[None]:
    """While the daemon is stopped, and cannot be started."""
    from helpdesk.errors import AlreadyRunning

    with ExitStack() as stack:
        try:
            stack.enter_context(store.daemon_lock())
        except AlreadyRunning as error:
            message = f"The daemon works on {store.path}; stop it first."
            raise AlreadyRunning(message) from error
        yield


def _opened(settings: Mapping[str, bytes]) -> tuple[Config, Store]:
    from helpdesk.config import load
    from helpdesk.store.session import Store

    config = load(Context.site, os.environ, settings)
    return config, Store(config.store.url, site=config.site)


def _read(file: Path) -> tuple[Mapping[str, bytes], str]:
    """The settings that are missing here, as on an empty machine, and of whom and when the backup is, in words.

    Where there are settings they stay as they are.
    """
    from helpdesk.config import site_files
    from helpdesk.store import backups, migrate

    backup = backups.read(file)
    migrate.require_known(backup.schema)
    company = tomllib.loads(backup.files.get("helpdesk.toml", b"").decode()).get("company", {}).get("name")
    words = f" of {company}" if company else ""
    words += f" made {backup.made:%Y-%m-%d %H:%M} UTC" if backup.made else ""
    return site_files.missing(Context.site, backup.files), words and f", the backup{words}"


def _agreed(file: Path | None, whose: str, store: Store, *, yes: bool) -> bool:
    from helpdesk import console
    from helpdesk.errors import UsageError

    if yes:
        return True
    if not (console.is_terminal() and console.is_terminal(sys.stdin)):
        message = "Nobody can be asked here whether this is meant; look at what it does, and give --yes."
        raise UsageError(message)
    if store.exists:
        # Nobody is asked what cannot be done anyway.
        with _alone(store):
            pass
    where = store.path or store.address
    if file is None:
        return console.agrees(f"Was {where} put back from a backup just now?")
    before = " What is there now is kept beside it." if store.exists else ""
    return console.agrees(f"Replace {where} by {file}{whose}?{before}")


def _restored(store: Store, file: Path) -> tuple[datetime, Settled, Path | None]:
    from helpdesk import console
    from helpdesk.app import utc_now
    from helpdesk.errors import UsageError
    from helpdesk.store import restoring

    if store.path is None:
        put_back = f"pg_restore --clean --if-exists --single-transaction --dbname={store.address} {file}"
        message = f"The database is PostgreSQL; type: {put_back}, and then: helpdesk restore --elsewhere"
        raise UsageError(message)
    with console.bar("pages") as told:
        done = restoring.restore(store, file, now=utc_now(), told=told)
    return done.backup, done.settled, done.kept


def _elsewhere(store: Store, *, once_more: bool) -> tuple[datetime, Settled, None]:
    from helpdesk.app import utc_now
    from helpdesk.errors import StoreError
    from helpdesk.store import migrate, settling

    if not store.exists:
        message = "There is no database here; put it back first."
        raise StoreError(message)
    migrate.upgrade(store)
    now = utc_now()
    with store.writing() as session:
        if store.path is None:
            settling.require_quiet(session, now)
        if not once_more:
            settling.require_unsettled(session)
        backup = settling.as_of(session) or now
        return backup, settling.settle(session, backup=backup, now=now), None


def _say(config: Config, backup: datetime, settled: Settled, kept: Path | None, written: list[str]) -> None:
    from helpdesk import console
    from helpdesk.cli import _times

    if written:
        console.say(f"Written out of the backup: {', '.join(written)}.")
    console.say(f"The database is as it was at {_times.writer(config)(backup)}.")
    if kept is not None:
        console.say(f"The one before is kept as {kept}; delete it when you do not need it any more.")
    held, again = console.counted(settled.letters, "letter"), console.counted(settled.mails, "mail")
    console.say(f"Held, as probably sent since then: {held} that waited.")
    for command_, what in HELD if settled.letters else ():
        console.say(f"To {what}, type")
        console.command(typeable(f"helpdesk {command_}"))
    console.say(f"Handled again, with no letter to customers by itself: {again} that waited.")
    console.say(
        f"New tickets begin with {config.tickets.prefix}-{settled.next_ticket}: lower numbers may be in people's mails."
    )
    console.say("Mails since then come in again when the daemon starts:")
    console.command(typeable("helpdesk run"))
