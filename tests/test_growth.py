"""Days of work leave nothing behind: the daemon's memory, files and threads stay what they were."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bench import processes
from bench.generate import SEED, mails
from bench.servers import Inbox, lacking, running
from bench.site import Site
from helpdesk.parse_worker import RECYCLE_MAILS
from tests.conftest import NOT_RUN

SLACK = 1.08  # memory is taken in pieces, and the largest mail of a batch leaves its mark
MOST = 120 * 2**20  # bytes of one process, of which it has about 100
SPARE = 6  # files: connections to the mail server come and go
IDLE_THREADS = 5  # a pool starts another thread only when all of it are busy

pytestmark = pytest.mark.xdist_group("bench")


@dataclass(frozen=True, kw_only=True)
class Size:
    """Of the daemon: resident bytes, open files, threads; and who parses."""

    memory: int
    files: int
    threads: int
    parser: int


def size(pid: int) -> Size:
    """What it holds now."""
    children = [each.pid for each in processes.tree(pid) if "parse_worker" in each.what]
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    files = len(list(Path(f"/proc/{pid}/fd").iterdir()))
    return Size(memory=pages * 4096, files=files, threads=len(processes.threads(pid)), parser=children[0])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A daemon that waits for mail."""
    if reason := lacking("sqlite"):
        pytest.skip(NOT_RUN + reason)
    with running("sqlite") as servers:
        made = Site(folder=tmp_path / "site", servers=servers)
        made.write()
        made.start()
        made.said("mailbox begun", 60)
        yield made
        made.stop()


@pytest.mark.parametrize(
    ("batches", "each"),
    [(3, 30), pytest.param(20, RECYCLE_MAILS, marks=[pytest.mark.soak, pytest.mark.timeout(7200)])],
    ids=["an hour", "weeks"],
)
def test_nothing_grows(site: Site, batches: int, each: int) -> None:
    """Measured after each batch; the first two fill caches. Who parses is replaced in time."""
    inbox, sizes = Inbox(site.servers.stack), []
    with site.opened() as app:
        for number in range(batches):
            inbox.put([made.raw for made in mails(each, seed=SEED + number)])
            site.settled(app, (number + 1) * each)
            sizes.append(size(site.pid))
    before, after = sizes[1], sizes[-1]
    assert after.memory < min(before.memory * SLACK, MOST)
    assert after.files <= before.files + SPARE
    assert after.threads <= before.threads + IDLE_THREADS
    assert len({one.parser for one in sizes}) == max(1, batches * each // RECYCLE_MAILS)
