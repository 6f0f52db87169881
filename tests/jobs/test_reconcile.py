"""Each mailbox is compared with its server once a day, and the admin hears once of what stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpdesk import plugins
from helpdesk.app import App, utc_now
from helpdesk.compose.render import Templates
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.inbox.watcher import Watcher
from helpdesk.jobs import reconcile
from helpdesk.store import migrate, positions, queues, reconciliations
from helpdesk.store.reconciliations import Reconciled
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState, Position
from tests.builders import KEYS
from tests.inbox.place import USER, mail
from tests.servers.mailstack import MailStack
from tests.test_daemon import site
from tests.test_letters import outbox

pytestmark = pytest.mark.dovecot

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def app(mailstack: MailStack, database_url: str, tmp_path: Path) -> Iterator[App]:
    """Two mailboxes that were read, of which one lies on a server that is down now."""
    mailstack.empty(USER)
    store = Store(database_url, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    made = site(tmp_path, mailstack, database_url)
    with store.writing() as session:
        given = {"account": "dead", "uidvalidity": 1, "uid": 0, "acknowledge_from": utc_now(), "now": utc_now()}
        positions.reset(session, "dead", **given)  # type: ignore[arg-type]  # the types of a dict are mixed
    app = App(config=made, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=utc_now)
    read(app)
    yield app
    store.close()


def read(app: App) -> None:
    """The watcher looks once."""
    watcher = Watcher(name="support", config=app.config, store=app.store, now=app.now, process="test")
    watcher.once()
    watcher.close()


def run(app: App, *, after: timedelta = timedelta()) -> None:
    """The job looks what is due, some time later."""
    later = replace(app, now=lambda: utc_now() + after)
    reconcile.run(later, later.now())


def known(app: App) -> dict[str, Reconciled]:
    with app.store.reading() as session:
        return reconciliations.known(session)


def compared(app: App, mailbox: str = "support") -> datetime | None:
    return known(app)[mailbox].at


def alarms(app: App) -> list[str]:
    """What the admin was told."""
    found = [letter for letter in outbox(app) if letter.kind == "admin_alert"]
    with app.store.reading() as session:
        return [queues.letter_bytes(session, letter.id).decode() for letter in found]


def test_a_mailbox_is_compared_once_a_day(app: App) -> None:
    """Looking more often compares no more often; a day later, or after a stop of weeks, it is due again."""
    run(app)
    first = compared(app)
    run(app, after=DAY - HOUR)
    assert compared(app) == first
    run(app, after=20 * DAY)
    second = compared(app)
    assert first is not None
    assert second is not None
    assert second - first >= 20 * DAY


def test_a_dead_server_keeps_no_other_waiting_and_is_tried_again(app: App) -> None:
    """Each hour, not at each look."""
    run(app)
    assert compared(app) is not None
    first = known(app)["dead"]
    assert (first.at, "does not answer" in (first.error or "")) == (None, True)
    run(app, after=HOUR / 2)
    assert known(app)["dead"] == first
    run(app, after=2 * HOUR)
    assert known(app)["dead"].error_at != first.error_at


def test_a_mailbox_that_was_never_read_is_not_compared(app: App) -> None:
    """There is nothing yet that could differ."""
    with app.store.writing() as session:
        session.connection().execute(sa.delete(Position))
    run(app)
    assert known(app) == {}


def test_what_was_passed_over_is_taken_in_without_a_word(app: App, mailstack: MailStack) -> None:
    """It is mended, and nobody has to do anything."""
    with app.store.writing() as session:
        session.connection().execute(sa.update(Position).values(uid=5))
    mailstack.deliver(USER, mail("one"))
    run(app)
    assert (known(app)["support"].arrived, known(app)["support"].findings) == (1, [])
    assert alarms(app) == []


def test_what_stayed_is_looked_at_again_within_the_hour(app: App, mailstack: MailStack) -> None:
    """When it has mended itself, nobody is worried by it for the rest of the day."""
    mailstack.deliver(USER, mail("one"))
    read(app)
    run(app, after=HOUR)
    assert known(app)["support"].findings
    with app.store.writing() as session:
        ended = {"state": IncomingState.DONE, "outcome": LedgerOutcome.TICKET}
        session.connection().execute(sa.update(Incoming).values(**ended))
    run(app, after=3 * HOUR)
    assert (known(app)["support"].findings, known(app)["support"].accounted) == ([], 1)


def test_the_admin_hears_once_of_what_stays(app: App, mailstack: MailStack) -> None:
    """A mail that nobody handles: told the first day, not the next; another one is news."""
    mailstack.deliver(USER, mail("one"))
    read(app)
    for day in (1, 2, 3):
        run(app, after=day * DAY)
    (alarm,) = alarms(app)
    assert "helpdesk reconcile" in alarm.replace("=\r\n", "")
    mailstack.deliver(USER, mail("two"))
    read(app)
    run(app, after=5 * DAY)
    assert len(alarms(app)) == 2
