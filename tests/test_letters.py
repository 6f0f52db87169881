"""Letters on their way to the queue: composed once, limited at one door, and told of when they fail for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk import letters, plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.config import Limits
from helpdesk.intake import Intake
from helpdesk.store import browse, migrate, queues
from helpdesk.store.queues import LetterView
from helpdesk.store.session import Store
from helpdesk.store.tables import OutgoingState
from tests.builders import KEYS, NOW, config
from tests.test_intake import MAIL, keep


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """A site with its database made, whose breaker trips at the second letter."""
    store = Store(database_url, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    site = config(site=tmp_path, url=database_url, limits=Limits(breaker_hour=1))
    yield App(config=site, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=lambda: NOW)
    store.close()


def handled(app: App, *raws: bytes) -> list[LetterView]:
    """What waits in the outbox after these mails, the oldest first."""
    keep(app, *raws)
    intake = Intake(app)
    while intake.once():
        pass
    intake.close()
    return outbox(app)


def outbox(app: App) -> list[LetterView]:
    with app.store.reading() as session:
        return queues.letters(session, states=frozenset(OutgoingState))[::-1]


def fail(app: App, letter: LetterView, reason: str) -> None:
    with app.store.writing() as session:
        queues.claim_letters(session, owner="test", now=NOW, limit=100, lease_seconds=60)
        end = queues.Ending(id=letter.id, state=OutgoingState.FAILED, words=reason)
        queues.settle(session, [end], owner="test", now=NOW)
    letters.report_failure(app, letter.id)


def test_a_letter_that_fails_for_good_is_told_to_the_people_of_its_ticket(app: App) -> None:
    """And stands in the history."""
    first = handled(app, MAIL % (1, 1, 1))[0]
    fail(app, first, "550 5.1.1 no such user")
    told = [letter for letter in outbox(app) if letter.kind == "not_delivered"]
    assert sorted(letter.recipient for letter in told) == ["anna@helpdesk.test", "bela@helpdesk.test"]
    with app.store.reading() as session:
        ticket = browse.ticket(session, first.ticket or 0)
    assert ticket is not None
    assert any(event["kind"] == "not_delivered" and "5.1.1" in event["reason"] for event in ticket["history"])


def test_a_failed_letter_to_a_colleague_is_told_to_the_admin(app: App) -> None:
    """Otherwise a ticket could stay unseen."""
    to_bela = next(letter for letter in handled(app, MAIL % (1, 1, 1)) if letter.recipient.startswith("bela"))
    fail(app, to_bela, "552 mailbox full")
    (alert,) = [letter for letter in outbox(app) if letter.kind == "admin_alert"]
    assert alert.recipient == "anna@helpdesk.test"


def test_a_failed_letter_to_the_admin_writes_no_other_to_him(app: App) -> None:
    """It would fail too, and be told of, and so on for ever."""
    to_anna = next(letter for letter in handled(app, MAIL % (1, 1, 1)) if letter.recipient.startswith("anna"))
    fail(app, to_anna, "552 mailbox full")
    assert not [letter for letter in outbox(app) if letter.kind == "admin_alert"]


def test_the_breaker_holds_and_the_admin_hears_of_it_once(app: App) -> None:
    """Two more confirmations are held; one letter about it."""
    found = handled(app, *(MAIL % (number, number, number) for number in range(3)))
    states = [letter.state for letter in found if letter.kind == "acknowledgement"]
    assert states == [OutgoingState.QUEUED, OutgoingState.HELD, OutgoingState.HELD]
    assert len([letter for letter in found if letter.kind == "admin_alert"]) == 1
