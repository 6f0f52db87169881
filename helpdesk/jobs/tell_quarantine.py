"""Writes to the admin when mails have come into quarantine since the last letter about it: none waits there unseen."""

from __future__ import annotations

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


def run(app: App, now: datetime) -> None:
    """One letter for all that wait; none when nothing has come since the last one."""
    admin = app.config.admin_staff()
    with app.store.writing() as session:
        waiting = queues.quarantine_list(session)
        if not waiting or admin is None:
            return
        notice = Notice(
            kind=NoticeKind.ADMIN_ALERT,
            recipient=people.staff_address(admin),
            # The newest of them makes the key: it is told of once, whoever else still waits.
            key=f"{NoticeKind.ADMIN_ALERT}:quarantine:{waiting[-1].id}",
            staff=admin.key,
            lines=(f"in_quarantine: {len(waiting)}", *(_line(mail) for mail in waiting[-NAMED:])),
        )
        letters.write(app, session, [notice], Cause(actor="helpdesk", now=now))


def _line(mail: queues.Quarantined) -> str:
    subject = (mail.subject or "–")[:SUBJECT_CHARACTERS]
    return f"{mail.id}, {mail.sender or '–'}, {subject} ({mail.reason})"
