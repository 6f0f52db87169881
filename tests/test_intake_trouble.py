"""Trouble on the way of a mail: of the database, of the parser, of one mail; none of it costs another mail anything."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest

from helpdesk import plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.intake import BATCH, LEASE_SECONDS, Intake
from helpdesk.parse_worker import BUNDLE_MAILS
from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests.builders import KEYS, NOW, config
from tests.test_intake import MAIL, keep, rows


@pytest.fixture
def app(both_databases: str, tmp_path: Path) -> Iterator[App]:
    """A site with its database made; nothing of it goes to a network."""
    store = Store(both_databases, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    site = config(site=tmp_path, url=both_databases)
    yield App(config=site, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=lambda: NOW)
    store.close()


def mails(many: int, start: int = 1) -> list[bytes]:
    return [MAIL % (number, number, number) for number in range(start, start + many)]


def test_mails_in_hand_are_not_taken_a_second_time_when_their_claim_runs_out(app: App) -> None:
    """The next batch is claimed while the last mails of a slow one are in hand: they are not lost."""
    keep(app, *mails(BATCH + 10))
    stop, instants, bundles = threading.Event(), count(), count(1)

    def written() -> None:
        if next(bundles) == BATCH // BUNDLE_MAILS + 1:
            stop.set()

    slow = replace(app, now=lambda: NOW + timedelta(seconds=LEASE_SECONDS / BUNDLE_MAILS * next(instants)))
    intake = Intake(slow, letters_ready=written)
    intake.run(stop)
    intake.close()
    assert {(row.outcome, row.attempts) for row in rows(app)} == {(LedgerOutcome.TICKET, 1)}
