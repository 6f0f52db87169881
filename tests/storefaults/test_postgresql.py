"""PostgreSQL that loses connections in COMMIT, refuses, is restarted or down: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest

from helpdesk.errors import StoreBusy, StoreGone
from helpdesk.intake import BATCH, Intake
from helpdesk.parse_worker import BUNDLE_MAILS
from helpdesk.store.session import Store
from tests.outbox.post import running, until
from tests.servers.mailstack import MailStack
from tests.servers.postgres import Postgres
from tests.storefaults.proxy import Proxy, When
from tests.storefaults.site import Site, new_sender, working_site

pytestmark = [pytest.mark.dovecot, pytest.mark.postgresql, pytest.mark.xdist_group("postgresql faults")]

# Commits of two mails until they are tickets, and of their letters.
COMMITS = 5
LETTER_COMMITS = 5
# Of an intake with more mails than a batch: its claim, a sign of life, all bundles but the last, then the next claim.
CLAIM_AHEAD = 1 + 1 + (BATCH // BUNDLE_MAILS - 1) + 1
MOMENT_SECONDS = 0.05
STATES = ("40001", "40P01", "55P03", "57014", "53300", "53100", "57P01")
TABLES = ("tickets", "incoming", "outgoing")
REFUSALS = [
    pytest.param(state, table, marks=[] if table == "tickets" or state == "53100" else [pytest.mark.soak])
    for state in STATES
    for table in TABLES
]


@pytest.fixture(scope="module")
def proxy(postgres: Postgres) -> Iterator[Proxy]:
    """Between the site and its database."""
    proxy = Proxy(postgres.port)
    yield proxy
    proxy.close()


@pytest.fixture(scope="module")
def direct(postgres: Postgres) -> str:
    """The database without the proxy."""
    return postgres.fresh_database()


@pytest.fixture(scope="module")
def site(
    direct: str, postgres: Postgres, proxy: Proxy, mailstack: MailStack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site that reaches its database through the proxy; it goes from fault to fault."""
    folder: Path = tmp_path_factory.mktemp("site")
    store = Store(direct.replace(f":{postgres.port}/", f":{proxy.port}/"), site=folder, daemon=True)
    with working_site(folder, mailstack, store) as site:
        yield site
    store.close()


def cells(commits: int) -> list[object]:
    """Every third commit always, all of them in the long runs."""
    return [
        pytest.param(commit, when, marks=[] if commit % 3 == 1 else [pytest.mark.soak])
        for commit in range(1, commits + 1)
        for when in ("before", "after")
    ]


@pytest.mark.parametrize(("commit", "when"), cells(COMMITS))
async def test_a_connection_that_is_lost_in_commit(site: Site, proxy: Proxy, commit: int, when: When) -> None:
    """Nobody knows whether it was committed: the next pass finds out, and neither mail nor letter is there twice."""
    site.deliver()
    proxy.cut_at(commit, when)
    faults = await site.work(sending=False)
    assert proxy.cuts == 1
    assert all(isinstance(fault, StoreGone) for fault in faults)  # none where a part has outlived it by itself
    site.check_safe()
    proxy.cut_at(0, when)
    await site.recover()
    site.check_whole()


@pytest.mark.parametrize(("commit", "when"), cells(LETTER_COMMITS))
async def test_a_connection_that_is_lost_in_commit_while_letters_leave(
    site: Site, proxy: Proxy, commit: int, when: When
) -> None:
    """No letter leaves twice, none waits until a claim runs out, and what the mail server said is not forgotten."""
    site.deliver()
    await site.work(sending=False)
    proxy.cut_at(commit, when)
    async with running(new_sender(site.app)):
        await until(site.at_rest, seconds=40)
    assert proxy.cuts == 1
    proxy.cut_at(0, when)
    site.check_whole()


@pytest.mark.parametrize(
    ("commit", "when"),
    [
        (CLAIM_AHEAD + 1, "before"),
        pytest.param(CLAIM_AHEAD, "before", marks=pytest.mark.soak),
        pytest.param(CLAIM_AHEAD, "after", marks=pytest.mark.soak),
        pytest.param(CLAIM_AHEAD + 1, "after", marks=pytest.mark.soak),
    ],
)
async def test_a_connection_that_is_lost_with_two_batches_in_hand(
    site: Site, proxy: Proxy, commit: int, when: When
) -> None:
    """The mails of both are worked on again, and no try is counted."""
    site.deliver(BATCH + 3)
    site.watcher.once()
    intake, stop = Intake(site.app, letters_ready=lambda: None), threading.Event()
    proxy.cut_at(commit, when)
    with pytest.raises(StoreGone):
        await asyncio.to_thread(intake.run, stop)
    assert proxy.cuts == 1
    proxy.cut_at(0, when)
    while await asyncio.to_thread(intake.once):
        pass
    intake.close()
    await site.recover()
    site.check_whole()


@pytest.mark.parametrize(("state", "table"), REFUSALS)
async def test_a_write_that_the_server_refuses(site: Site, direct: str, state: str, table: str) -> None:
    """Serialization failure, deadlock, time-out, full disk and their kind say nothing about a mail: no try is lost."""
    site.deliver()
    with refusing(direct, table, state):
        faults = await site.work(sending=False)
        site.check_safe()
    assert faults
    await site.recover()
    site.check_whole()


async def test_a_deadlock_with_another_session(site: Site, direct: str) -> None:
    """The server ends our transaction; the mail is handled again, and once."""
    site.deliver()
    site.watcher.once()
    with psycopg.connect(direct) as other:
        other.execute("SET deadlock_timeout = '1h'")  # ours is the one that finds it
        other.execute("LOCK TABLE outgoing IN EXCLUSIVE MODE")
        handling = asyncio.create_task(asyncio.to_thread(site.intake.once))
        await until(lambda: waits_for_a_lock(direct), seconds=30)
        await asyncio.to_thread(other.execute, "LOCK TABLE tickets IN EXCLUSIVE MODE")
        with pytest.raises(StoreBusy):
            await handling
        other.rollback()
    await site.recover()
    site.check_whole()


async def test_a_server_that_ends_our_connections_again_and_again(site: Site, direct: str) -> None:
    """In the middle of whatever is done at that moment."""
    site.deliver(10)
    with ending_connections(direct) as ended:
        for _ in range(5):
            await site.work(sending=False)
    assert ended
    site.check_safe()
    await site.recover()
    site.check_whole()


async def test_a_restart_in_the_middle_of_work(site: Site, postgres: Postgres) -> None:
    """At once, as after a cut of the power; the same parts go on by themselves."""
    site.deliver(20)
    restart = threading.Timer(0.3, postgres.restart)
    restart.start()
    async with running(new_sender(site.app)):
        while restart.is_alive():
            await site.work(sending=False)
        site.check_safe()
        await site.work(sending=False)
        await until(site.at_rest, seconds=60)
    site.check_whole()


@contextmanager
def refusing(url: str, table: str, state: str) -> Iterator[None]:
    """Inside, the server answers every write to a table with this SQLSTATE."""
    body = f"BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '{state}'; END"
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(f"CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
        other.execute(f"CREATE TRIGGER r BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse()")
        try:
            yield
        finally:
            other.execute("DROP FUNCTION refuse CASCADE")


def waits_for_a_lock(url: str) -> bool:
    """Whether any session does."""
    with psycopg.connect(url) as other:
        return other.execute("SELECT 1 FROM pg_locks WHERE NOT granted").fetchone() is not None


@contextmanager
def ending_connections(url: str) -> Iterator[list[object]]:
    """Inside, no connection of a helpdesk lives for longer than a moment; gives those that were ended."""
    over, ended = threading.Event(), list[object]()
    query = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'helpdesk'"

    def end() -> None:
        with psycopg.connect(url, autocommit=True) as other:
            while not over.wait(MOMENT_SECONDS):
                ended.extend(other.execute(query).fetchall())

    thread = threading.Thread(target=end)
    thread.start()
    try:
        yield ended
    finally:
        over.set()
        thread.join()
