"""The parts of a running site: a fault of one is told, outlived, and stops no other."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from helpdesk import plugins
from helpdesk.app import App, utc_now
from helpdesk.compose.render import Templates
from helpdesk.config import Config, Imap, Mailbox, Smtp, StoreConfig
from helpdesk.daemon import Daemon
from helpdesk.errors import MailboxError
from helpdesk.store import browse, migrate, parts, queues
from helpdesk.store.session import Store
from tests.builders import KEYS, NOW, config
from tests.inbox.place import USER, mail
from tests.servers.mailstack import PASSWORD, MailStack
from tests.servers.ports import free_ports

pytestmark = pytest.mark.dovecot

SECONDS = 20


def imap(stack: MailStack, port: int) -> Imap:
    return Imap(host="localhost", port=port, user=USER, password_env="PASSWORD", ca_file=str(stack.ca))


def site(folder: Path, stack: MailStack, url: str) -> Config:
    """Two mailboxes, of which one lies on a server that is down, as the way out does."""
    (nobody,) = free_ports(1)
    boxes = {
        "dead": Mailbox(name="dead", address="dead@helpdesk.test", department="support", imap=imap(stack, nobody)),
        "support": Mailbox(name="support", address=USER, department="support", imap=imap(stack, stack.imaps)),
    }
    smtp = Smtp(host="localhost", port=nobody, security="none", insecure=True)
    return config(
        site=folder,
        mailboxes=boxes,
        smtp=smtp,
        store=StoreConfig(url=url, minimum_free_mb=1),
        environ={"PASSWORD": PASSWORD},
    )


@pytest.fixture
def app(mailstack: MailStack, database_url: str, tmp_path: Path) -> Iterator[App]:
    """The site with an empty mailbox and an empty database."""
    mailstack.empty(USER)
    store = Store(database_url, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    made = site(tmp_path, mailstack, database_url)
    yield App(config=made, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=utc_now)
    store.close()


def states(app: App) -> dict[str, str]:
    with app.store.reading() as session:
        return {beat.name: beat.state for beat in parts.beats(session)}


def tickets(app: App) -> int:
    with app.store.reading() as session:
        return len(browse.tickets(session))


async def run_until(app: App, fits: Callable[[], bool]) -> None:
    """Run the daemon until something is so, then stop it."""
    stop = asyncio.Event()
    running = asyncio.create_task(Daemon(app).run(stop))
    try:
        async with asyncio.timeout(SECONDS):
            while not await asyncio.to_thread(fits):
                assert not running.done()
                await asyncio.sleep(0.05)
    finally:
        stop.set()
        await running


async def test_a_mailbox_that_fails_holds_up_no_other(app: App, mailstack: MailStack) -> None:
    """The dead one is told of; mail of the other becomes a ticket; at the end everything says that it is stopped."""
    await run_until(app, lambda: states(app).get("inbox:support") == "running")
    mailstack.deliver(USER, mail("hello"))
    seen: dict[str, str] = {}

    def fits() -> bool:
        seen.update({name: state for name, state in states(app).items() if state != "stopped"})
        return tickets(app) == 1 and seen.get("inbox:dead") == "failed"

    await run_until(app, fits)
    assert seen["inbox:support"] == "running"
    assert set(states(app).values()) == {"stopped"}


async def test_one_pass_reads_what_can_be_read_and_tells_what_cannot(app: App, mailstack: MailStack) -> None:
    """`run --once` ends with the error, after the other mailbox was read and its mail handled."""
    with pytest.raises(MailboxError, match="does not answer"):
        await Daemon(app, read_only=True).once()
    mailstack.deliver(USER, mail("hello"))
    with pytest.raises(MailboxError, match="does not answer"):
        await Daemon(app, read_only=True).once()
    assert tickets(app) == 1


async def test_read_only_sends_nothing(app: App, mailstack: MailStack) -> None:
    """What would be sent waits in the outbox."""
    with pytest.raises(MailboxError):
        await Daemon(app, read_only=True).once()
    mailstack.deliver(USER, mail("hello"))
    with pytest.raises(MailboxError):
        await Daemon(app, read_only=True).once()
    with app.store.reading() as session:
        assert {letter.state.value for letter in queues.letters(session)} == {"queued"}


async def test_what_a_crash_left_in_hand_is_taken_up_at_the_start(app: App) -> None:
    """A mail that a dead daemon had claimed does not wait until the claim runs out."""
    with app.store.writing() as session:
        queues.keep(session, [queues.Fetched(mailbox="support", raw=mail("left"), received=NOW)], utc_now())
    with app.store.writing() as session:
        assert queues.claim(session, owner="dead:1", now=utc_now(), limit=10, lease_seconds=3600)
    with pytest.raises(MailboxError):
        await Daemon(app, read_only=True).once()
    assert tickets(app) == (1 if app.store.path else 0)


async def test_a_slow_job_holds_up_neither_its_next_turn_nor_the_others(app: App) -> None:
    """It waits for servers in a thread of its own, never twice at once; when it fails it is told of and runs again."""
    daemon, go, runs = Daemon(app, read_only=True), threading.Event(), []

    def slow(_app: App, _now: datetime) -> None:
        runs.append(threading.current_thread().name)
        go.wait(SECONDS)
        message = "the server is gone"
        raise MailboxError(message)

    for _ in range(3):
        daemon.begin_slow_job("slow", slow)
    go.set()
    async with asyncio.timeout(SECONDS):
        while states(app).get("jobs") != "failed":
            await asyncio.sleep(0.02)
    assert runs == ["slow"]
