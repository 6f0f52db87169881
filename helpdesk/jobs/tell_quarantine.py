"""Writes to the admin when mails have come into quarantine since the last letter about it: none waits there unseen."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from helpdesk import letters
from helpdesk.app import App
from helpdesk.desk import people
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.store import queues
from helpdesk.store.apply import Cause

EVERY = timedelta(hours=1)
NAMED = 10  # mails that the letter names; the list at the shell has them all
SUBJECT_CHARACTERS = 60
# By so much what came into quarantine earlier may be seen later: a commit that waited, or the clock of another process.
LATE = timedelta(minutes=5)


def run(app: App, now: datetime) -> None:
    """One letter for all that wait; none when nothing has come since the last one."""
    admin = app.config.admin_staff()
    with app.store.writing() as session:
        waiting = sorted(queues.quarantine_list(session), key=_arrival)
        if not waiting or admin is None:
            return
        notice = Notice(
            kind=NoticeKind.ADMIN_ALERT,
            recipient=people.staff_address(admin),
            key=f"{NoticeKind.ADMIN_ALERT}:quarantine:{_latest(waiting)}",
            staff=admin.key,
            lines=(f"in_quarantine: {len(waiting)}", *(_line(mail) for mail in waiting[-NAMED:])),
        )
        letters.write(app, session, [notice], Cause(actor="helpdesk", now=now))


def _arrival(mail: queues.Quarantined) -> tuple[datetime, int]:
    """When it came into quarantine; the number alone says nothing of that, as an old mail may come there late."""
    return mail.handled_at or mail.received, mail.id


def _latest(waiting: Sequence[queues.Quarantined]) -> str:
    """The arrivals that came last, in one word that is another one when any mail joins them.

    When one of them leaves it is another one too: rather a letter too many than a mail that waits unseen.
    """
    newest, _ = _arrival(waiting[-1])
    arrivals = [(moment.isoformat(), number) for moment, number in map(_arrival, waiting) if moment >= newest - LATE]
    return hashlib.sha256(repr(arrivals).encode()).hexdigest()


def _line(mail: queues.Quarantined) -> str:
    subject = (mail.subject or "–")[:SUBJECT_CHARACTERS]
    return f"{mail.id}, {mail.sender or '–'}, {subject} ({mail.reason})"
