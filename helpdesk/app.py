"""A site opened once and handed down: configuration, store, templates, keys and the clock; no globals."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
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


@dataclass(frozen=True, kw_only=True)
class App:
    """Everything that a part of the daemon or a shell command works with."""

    config: Config
    store: Store
    templates: Templates
    keys: Keys
    now: Callable[[], datetime] = utc_now

    @property
    def process(self) -> str:
        """Names this process in claims and heartbeats."""
        return f"{os.uname().nodename}:{os.getpid()}"


@contextmanager
def opened(
    site: Path, environ: Mapping[str, str], *, daemon: bool = False, now: Callable[[], datetime] = utc_now
) -> Iterator[App]:
    """The site in a folder; makes or upgrades its database. Raises ConfigError, StoreError, UsageError."""
    config = load(site, environ)
    store = Store(config.store.url, site=site, daemon=daemon)
    try:
        migrate.upgrade(store)
        with store.writing() as session:
            live = Keys(secrets=keys.live(session, now=now()))
        yield App(config=config, store=store, templates=templates(config), keys=live, now=now)
    finally:
        store.close()


def templates(config: Config) -> Templates:
    """The shipped templates, and the site's own, which come first."""
    return Templates(plugins.data("templates"), config.site / "templates", default=config.company.language)
