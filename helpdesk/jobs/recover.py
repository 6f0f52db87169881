"""Settles letters whose sender has died: what surely did not leave is queued again, the rest is marked unknown."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk import console
from helpdesk.app import App
from helpdesk.store import queues

EVERY = timedelta(minutes=1)


def run(app: App, now: datetime) -> None:
    """Only letters whose claim has run out; a living sender keeps its own."""
    with app.store.writing() as session:
        found = queues.recover_letters(session, now)
    if found.queued or found.again or found.unknown:
        console.problem("letters recovered", queued=found.queued, sent_again=found.again, unknown=found.unknown)
