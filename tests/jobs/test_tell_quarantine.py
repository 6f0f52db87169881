"""The admin hears of mails in quarantine, once for each arrival and not again and again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.app import App
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.jobs import tell_quarantine
from helpdesk.mail.parse import parse
from helpdesk.store import queues
from helpdesk.store.queues import LetterView
from tests.builders import NOW
from tests.store import rows
from tests.test_letters import app as app
from tests.test_letters import handled, outbox

HELD = b"From: anna@helpdesk.test\r\nTo: support@helpdesk.test\r\nSubject: %s\r\nMessage-ID: <%s@x>\r\n\r\nwords\r\n"


def alarms(app: App) -> list[LetterView]:
    return [letter for letter in outbox(app) if letter.kind == "admin_alert"]


def test_nothing_waits_and_nothing_is_written(app: App) -> None:
    """An empty quarantine is no news."""
    tell_quarantine.run(app, NOW)
    assert alarms(app) == []


def test_one_letter_for_all_that_came_since_the_last(app: App) -> None:
    """With number, sender, subject and reason; the next run has nothing to add until another mail is held."""
    handled(app, HELD % (b"one", b"1"), HELD % (b"two", b"2"))
    for hours in range(3):
        tell_quarantine.run(app, NOW + timedelta(hours=hours))
    (alarm,) = alarms(app)
    with app.store.reading() as session:
        raw = queues.letter_bytes(session, alarm.id).decode()
    assert alarm.recipient == "anna@helpdesk.test"
    assert "helpdesk quarantine list" in raw.replace("=\r\n", "")


@pytest.mark.parametrize("minutes", [1, 0, -1])
def test_a_mail_that_joins_behind_a_newer_one_is_told_of(app: App, minutes: int) -> None:
    """What is tried again or given up is older by its number; a commit that was late, by its instant too."""
    older, newer = rows.keep(app.store, rows.fetched(1), rows.fetched(2))
    rows.claim(app.store)
    for number, joins in ((newer, NOW), (older, NOW + timedelta(minutes=minutes))):
        rows.finish(app.store, number, outcome=LedgerOutcome.QUARANTINE, now=joins)
        for hours in range(2):
            tell_quarantine.run(app, NOW + timedelta(hours=hours))
    with app.store.reading() as session:
        shown = [parse(queues.letter_bytes(session, alarm.id)).text for alarm in alarms(app)]
    assert [f"* {older}, eva@customer.test" in text for text in shown] == [False, True]


def test_the_mails_that_came_last_are_named(app: App) -> None:
    """Where more wait than a letter has lines for, also the old mail that has just joined them."""
    old, *others = rows.keep(app.store, *(rows.fetched(uid) for uid in range(1, tell_quarantine.NAMED + 2)))
    rows.claim(app.store, limit=len(others) + 1)
    for number in others:
        rows.finish(app.store, number, outcome=LedgerOutcome.QUARANTINE)
    rows.finish(app.store, old, outcome=LedgerOutcome.QUARANTINE, now=NOW + timedelta(hours=1))
    tell_quarantine.run(app, NOW)
    with app.store.reading() as session:
        text = parse(queues.letter_bytes(session, alarms(app)[0].id)).text
    assert f"* {old}, eva@customer.test" in text
    assert f"* {others[0]}, eva@customer.test" not in text
