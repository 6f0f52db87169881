"""SQLite on a disk that is full at whichever write, read-only, or locked: nothing lost, nothing twice, all goes on."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing

import pytest

from helpdesk.errors import StoreBroken, StoreError, StoreFull, StoreReadOnly
from helpdesk.store import parts
from tests.outbox.post import running, until
from tests.storefaults.disks import Disk
from tests.storefaults.site import Site, new_sender

pytestmark = [pytest.mark.dovecot, pytest.mark.xdist_group("small disk")]

# Pages that two mails take in the log until their letters are sent, and their letters alone: every write is among them.
WHOLE_WAY, LETTERS = 130, 50


def every(pages: int, *, step: int, first: int = 0) -> list[object]:
    """Some of the writes always, all of them in the long runs."""
    return [pytest.param(page, marks=[] if page % step == first else [pytest.mark.soak]) for page in range(pages)]


def begin_the_log_anew(site: Site) -> None:
    """So that every write needs room: SQLite writes into the pages first that its log has already."""
    with closing(sqlite3.connect(str(site.app.store.path))) as other:
        assert other.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


@pytest.mark.parametrize("pages", every(WHOLE_WAY, step=10))
async def test_a_disk_that_is_full_at_a_write(site: Site, disk: Disk, pages: int) -> None:
    """The mail waits where it is and the fault is told; with room again each mail and each letter goes on, once."""
    site.deliver()
    begin_the_log_anew(site)
    disk.fill(leave=pages)
    await site.work(sending=False)
    site.check_safe()
    disk.empty()
    await site.recover()
    site.check_whole()


@pytest.mark.parametrize("pages", every(LETTERS, step=16, first=15))
async def test_a_disk_that_is_full_while_letters_leave(site: Site, disk: Disk, pages: int) -> None:
    """What the mail server said is kept until it can be written; no letter leaves that is not marked as leaving."""
    site.deliver()
    await site.work(sending=False)
    begin_the_log_anew(site)
    disk.fill(leave=pages)
    async with running(new_sender(site.app)) as sender:
        await until(lambda: sender.means.status.store_trouble or site.at_rest())
        disk.empty()
        await until(site.at_rest, seconds=40)
    site.check_whole()


async def test_a_new_start_on_a_full_disk(site: Site, disk: Disk) -> None:
    """Log and index of the database are made anew, for which there is no room: told as such, and outlived."""
    site.deliver()
    site.app.store.close()
    disk.fill(leave=0)
    try:
        faults = await site.work()
    finally:
        disk.empty()
    assert faults and all(isinstance(fault, StoreFull | StoreBroken) for fault in faults)
    assert len(site.on_server("INBOX")) == 2
    await site.recover()
    site.check_whole()


async def test_a_disk_that_may_only_be_read(site: Site, disk: Disk) -> None:
    """As after a fault of the disk: nothing is fetched, nothing moved, nothing sent; the reason is told."""
    site.deliver()
    site.app.store.close()
    disk.mount("ro")
    try:
        faults = await site.work()
    finally:
        disk.mount("rw")
    assert faults and all(isinstance(fault, StoreReadOnly | StoreBroken) for fault in faults)
    assert len(site.on_server("INBOX")) == 2
    await site.recover()
    site.check_whole()


async def test_a_database_that_another_process_holds(site: Site) -> None:
    """It is waited for, then told; what stands in it can be read meanwhile; when it is let go all goes on."""
    site.deliver()
    with closing(sqlite3.connect(str(site.app.store.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        faults: list[StoreError] = await site.work()
        site.check_safe()
        with site.app.store.reading() as session:
            assert parts.beats(session)
    assert {type(fault).__name__ for fault in faults} == {"StoreBusy"}
    assert len(site.on_server("INBOX")) == 2
    await site.recover()
    site.check_whole()


async def test_below_the_reserve_nothing_is_fetched_and_letters_still_leave(site: Site, disk: Disk) -> None:
    """What the colleagues have written goes out although the mails of customers wait on the server."""
    site.deliver()
    await site.work(sending=False)
    site.deliver()
    with site.reserve(megabytes=10_000), pytest.raises(StoreFull, match="mail waits on the server"):
        await asyncio.to_thread(site.watcher.once)
    sent = len(site.smtp.taken)
    assert await site.sender.once() == len(site.smtp.taken) - sent == 6
    assert len(site.on_server("INBOX")) == 2
    await site.recover()
    site.check_whole()
