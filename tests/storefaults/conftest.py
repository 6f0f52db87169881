"""A site on a small disk, and one on PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from helpdesk.store.session import Store
from tests.conftest import NOT_RUN
from tests.servers.mailstack import MailStack
from tests.storefaults.disks import Disk, small_disk
from tests.storefaults.site import Site, working_site

BUSY_SECONDS = 0.2  # for SQLite's lock, so that nobody waits half a minute here
DISK_MB = 24  # the database with its log many times over


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Disk]:
    """A small disk for the tests of a module."""
    with ExitStack() as stack:
        try:
            disk = stack.enter_context(small_disk(tmp_path_factory.mktemp("disk") / "small", megabytes=DISK_MB))
        except PermissionError as error:
            pytest.skip(NOT_RUN + str(error))
        yield disk


@pytest.fixture(scope="module")
def site(disk: Disk, mailstack: MailStack) -> Iterator[Site]:
    """A site whose database lies on the small disk; it goes from fault to fault."""
    store = Store("sqlite:///helpdesk.db", site=disk.path, daemon=True, busy_seconds=BUSY_SECONDS)
    with working_site(disk.path, mailstack, store) as site:
        yield site
    store.close()
