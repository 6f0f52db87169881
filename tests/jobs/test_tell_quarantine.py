"""The admin hears of mails in quarantine, once for each arrival and not again and again."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.app import App
from helpdesk.jobs import tell_quarantine
from helpdesk.store import queues
from helpdesk.store.queues import LetterView
from tests.builders import NOW
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
