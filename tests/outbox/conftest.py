"""Fixtures of the way out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests.outbox.post import Post
from tests.outbox.scripted import ScriptedSmtp, scripted


@pytest.fixture
def store(database_url: str, tmp_path: Path) -> Iterator[Store]:
    """A fresh database with its tables."""
    store = Store(database_url, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    yield store
    store.close()


@pytest.fixture
def server() -> Iterator[ScriptedSmtp]:
    """A server that does as it is told."""
    with scripted() as server:
        yield server


@pytest.fixture
def post(store: Store, server: ScriptedSmtp, tmp_path: Path) -> Post:
    """Letters in a fresh database, and a sender for the scripted server."""
    return Post(site=tmp_path, store=store, port=server.port)
