"""A site opened once and handed down: configuration, store, templates, keys and the clock; no globals."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from helpdesk import plugins
from helpdesk.compose.render import Templates
from helpdesk.config import Config, load
from helpdesk.desk.tokens import Keys
from helpdesk.store import keys, migrate
from helpdesk.store.session import Store


def utc_now() -> datetime:
    """The clock of the program: aware, UTC."""
    return datetime.now(UTC)


def process_name() -> str:
    """Machine, number, and something random: in a container every process has number 1, the dead one before it too."""
    return f"{os.uname().nodename}:{os.getpid()}:{secrets.token_hex(4)}"


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything that a part of the daemon or a shell command works with."""

    config: Config
    store: Store
    templates: Templates
    keys: Keys
    now: Callable[[], datetime] = utc_now
    process: str = field(default_factory=process_name)
    """Names this process in claims and heartbeats."""


@contextmanager
def opened(
    site: Path, environ: Mapping[str, str], *, daemon: bool = False, now: Callable[[], datetime] = utc_now
) -> Iterator[App]:
    """The site in a folder; makes or upgrades its database. Raises ConfigError, StoreError, UsageError.

    A ``daemon`` holds the database's lock meanwhile, and had it before the schema was touched. Raises AlreadyRunning.
    """
    config = load(site, environ)
    store = Store(config.store.url, site=site, daemon=daemon)
    try:
        with store.daemon_lock() if daemon else nullcontext():
            migrate.upgrade(store)
            live = _keys(store, now)
            yield App(config=config, store=store, templates=templates(config), keys=live, now=now)
    finally:
        store.close()


def _keys(store: Store, now: Callable[[], datetime]) -> Keys:
    """Reading comes first: a command that only looks must not wait for the daemon, nor need the right to write."""
    with store.reading() as session:
        found = keys.signing(session)
    if found.secrets:
        return found
    with store.writing() as session:
        keys.begin(session, now())
        return keys.signing(session)


def templates(config: Config) -> Templates:
    """The shipped templates, and the site's own, which come first."""
    return Templates(plugins.data("templates"), config.site / "templates", default=config.company.language)
