"""The database: does it open, may it be written, is there room, and which SQLite is it?"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator

from helpdesk.config import Config
from helpdesk.desk.tokens import Keys
from helpdesk.doctor.advice import key
from helpdesk.doctor.findings import Check, Finding, check, note, well, wrong
from helpdesk.errors import HelpdeskError, SchemaMismatch, StoreError
from helpdesk.store import keys, migrate
from helpdesk.store.session import Store


def examine(config: Config) -> Iterator[Check]:
    """Nothing is made and no schema is changed: that is left to the daemon."""
    try:
        store = Store(config.store.url, site=config.site)
    except HelpdeskError as error:
        finding = wrong(str(error), f"Mend {key(config, 'store.url')}.")
        yield check("database", lambda: finding)
        return
    try:
        yield check("database", lambda: _database(config, store))
        if store.path is not None:
            yield check("database: free space", lambda: _space(config, store))
            yield check("database: SQLite", lambda: _version(store))
    finally:
        store.close()


def signing_keys(config: Config) -> Keys | None:
    """What signs our Message-IDs; None when the database has none yet or cannot be read."""
    try:
        store = Store(config.store.url, site=config.site)
    except HelpdeskError:
        return None
    try:
        return _keys(store) if store.exists else None
    except StoreError:
        return None
    finally:
        store.close()


def _keys(store: Store) -> Keys | None:
    migrate.require_current(store)
    with store.reading() as session:
        found = keys.signing(session)
    return found if found.secrets else None


def _database(config: Config, store: Store) -> Finding:
    if not store.exists:
        return _folder(store)
    try:
        migrate.require_current(store)
        with store.writing():
            pass
    except SchemaMismatch as error:
        return note(str(error))
    except StoreError as error:
        mend = f"Let the user of helpdesk write it, or mend {key(config, 'store.url')}."
        return wrong(str(error), mend)
    return well(f"{store.path or store.url.render_as_string(hide_password=True)} can be read and written")


def _folder(store: Store) -> Finding:
    """A database that the daemon will make."""
    assert store.path is not None
    folder = store.path.parent
    if os.access(folder, os.W_OK | os.X_OK):
        return well(f"{store.path} is made at the first start")
    return wrong(f"{store.path} cannot be made.", f"Let the user of helpdesk write the folder {folder}.")


def _space(config: Config, store: Store) -> Finding:
    free, least = store.free_mb() or 0, config.store.minimum_free_mb
    if free >= least:
        return well(f"{free} MB, at least {least} are wanted")
    mend = f"Make room there, or lower {key(config, 'store.minimum_free_mb')}."
    return wrong(f"{free} MB are free, less than {least}: no mail is fetched.", mend)


def _version(store: Store) -> Finding:
    if not store.wal_reset_bug:
        return well(sqlite3.sqlite_version)
    return well(
        f"{sqlite3.sqlite_version}; its known bug (WAL-reset) cannot happen with helpdesk, where only the daemon copies"
        " the log back. There is nothing to do, but let no other program open the file while the daemon runs"
    )
