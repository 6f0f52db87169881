"""Fixtures of the way in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from helpdesk.inbox.watcher import Watcher
from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests.inbox.place import USER, Place
from tests.servers.mailstack import MailStack


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh database with its tables."""
    store = Store(database_url, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    yield store
    store.close()


@pytest.fixture
def place(mailstack: MailStack, store: Store, tmp_path: Path) -> Place:
    """An empty mailbox and an empty database."""
    mailstack.empty(USER)
    return Place(site=tmp_path, store=store, stack=mailstack)


@contextmanager
def running(place: Place, **changes: Any) -> Iterator[Watcher]:
    """A watcher at work, ended afterwards."""
    watcher = place.watcher(**changes)
    watcher.start()
    try:
        yield watcher
    finally:
        watcher.stop()
        watcher.cut()
        watcher.join(10)
        assert not watcher.is_alive()
