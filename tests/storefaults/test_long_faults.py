"""The whole daemon through a minute without its database, and with hardly any files or memory."""

from __future__ import annotations

import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest

from tests.conftest import NOT_RUN
from tests.flows.house import House, new_mail
from tests.servers.mailstack import USERS, MailStack
from tests.servers.postgres import Postgres
from tests.storefaults.disks import Disk
from tests.test_parse_worker import LINE

pytestmark = [pytest.mark.postfix, pytest.mark.soak]

LIMITS = "per_domain_hour = 1000"
FAULT_SECONDS = 65  # more than a minute, and more than two waits for SQLite's lock
WELL_SECONDS = 60  # until all goes on after the fault: the longest wait for a lock and the longest pause after it
CUSTOMERS = ("eva@customer.test", "janos@customer.test", "maria@customer.test")
Fault = Callable[[], AbstractContextManager[object]]


@contextmanager
def living(site: Path, stack: MailStack, url: str, *, limits: str = LIMITS) -> Iterator[House]:
    """A site with its daemon at work and empty mailboxes."""
    stack.empty(*USERS)
    house = House(site=site, stack=stack, url=url, limits=limits)
    house.write_site()
    house.start()
    try:
        yield house
    finally:
        assert house.stop() == 0, house.log


def status(house: House) -> tuple[int, str]:
    """What `helpdesk status` says, and its exit code."""
    command = [sys.executable, "-m", "helpdesk", "--site", str(house.site), "status"]
    done = subprocess.run(command, env=house.environ, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, done.stdout + done.stderr


def outlive(house: House, fault: Fault, *, says: str, log: str) -> None:
    """Mail that comes in a minute of trouble waits on the server, is not lost, and is answered once when it is over."""
    with fault():
        time.sleep(2)
        for customer in CUSTOMERS:
            house.customer_writes(customer, f"Trouble of {customer}")
        end = time.monotonic() + FAULT_SECONDS
        code, words = status(house)
        time.sleep(max(0, end - time.monotonic()))
        assert len(house.stack.inbox(house.address)) == len(CUSTOMERS)
        assert says in words and (code != 0) == bool(says) and "Traceback" not in words
    house.until(lambda: log in house.log)
    for customer in CUSTOMERS:
        house.letter(customer, lambda mail: "Trouble of" in mail.subject, seconds=WELL_SECONDS)
    house.quiet()
    for customer in CUSTOMERS:
        assert len(house.tickets(f"Trouble of {customer}")) == 1
        assert len(house.letters(customer, lambda mail: "Trouble of" in mail.subject)) == 1
    assert not house.stack.inbox(house.address) and "Traceback" not in house.log


@pytest.mark.timeout(400)
def test_a_minute_without_the_lock_of_sqlite(postfix: MailStack, tmp_path: Path) -> None:
    """Another process holds it; what stands in the database can still be looked at."""

    @contextmanager
    def locked() -> Iterator[None]:
        with closing(sqlite3.connect(house.site / "helpdesk.db", isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    with living(tmp_path / "site", postfix, "sqlite:///helpdesk.db") as house:
        outlive(house, locked, says="", log="mailbox in trouble")


@pytest.mark.timeout(400)
def test_a_minute_on_a_full_disk(postfix: MailStack, disk: Disk) -> None:
    """The status says that there is no room, from the disk itself."""

    @contextmanager
    def full() -> Iterator[None]:
        disk.fill(leave=0)
        try:
            yield
        finally:
            disk.empty()

    with living(disk.path / "site", postfix, "sqlite:///helpdesk.db") as house:
        outlive(house, full, says="0 MB free, less than 1", log="mailbox in trouble")


@pytest.mark.timeout(400)
def test_a_minute_without_postgresql(postfix: MailStack, tmp_path: Path) -> None:
    """The status says that the server cannot be reached."""
    server = Postgres()
    server.start()

    @contextmanager
    def down() -> Iterator[None]:
        server.down()
        try:
            yield
        finally:
            server.up()

    try:
        with living(tmp_path / "site", postfix, server.fresh_database()) as house:
            outlive(house, down, says="The connection to the database is lost", log="mailbox in trouble")
    finally:
        server.stop()


@pytest.mark.timeout(400)
def test_a_disk_that_does_not_write_through(postfix: MailStack, tmp_path: Path) -> None:
    """Every fsync fails: what is not safe on the disk does not count as kept, and stays on the server."""
    if shutil.which("strace") is None:
        pytest.skip(NOT_RUN + "strace is not installed")

    @contextmanager
    def failing() -> Iterator[None]:
        calls = "fsync,fdatasync"
        command = ["strace", "-f", "-q", "-o", "/dev/null", "-p", str(house.pid), "-e", f"trace={calls}"]
        with subprocess.Popen([*command, "-e", f"inject={calls}:error=EIO"]) as strace:
            house.until(lambda: strace.poll() is None and _is_traced(house.pid))
            try:
                yield
            finally:
                strace.send_signal(signal.SIGINT)

    with living(tmp_path / "site", postfix, "sqlite:///helpdesk.db") as house:
        outlive(house, failing, says="", log="disk I/O error")


def _is_traced(process: int) -> bool:
    return "TracerPid:\t0" not in Path(f"/proc/{process}/status").read_text(encoding="utf-8")


@pytest.mark.timeout(400)
def test_few_files_and_little_memory(postfix: MailStack, tmp_path: Path) -> None:
    """64 open files and a mail that needs more memory than it may: it waits for a person, all others are tickets."""
    limits = f"{LIMITS}\n\n[mail]\nparse_memory_mb = 50"
    with living(tmp_path / "site", postfix, "sqlite:///helpdesk.db", limits=limits) as house:
        resource.prlimit(house.pid, resource.RLIMIT_NOFILE, (64, 64))
        glutton = new_mail("eva@customer.test", house.address, "Glutton", "see attached")
        glutton.add_attachment((LINE * 270_000), maintype="application", subtype="octet-stream", filename="a.bin")
        house.send(glutton)
        for number in range(20):
            house.customer_writes("janos@customer.test", f"Small {number:02}")
        house.until(lambda: len(house.tickets("Small ")) == 20, seconds=WELL_SECONDS)
        house.until(house.quarantine, seconds=WELL_SECONDS)
        (held,) = house.quarantine()
        assert held.reason is not None and "50 MB of memory" in held.reason
