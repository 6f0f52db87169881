"""Compares each mailbox with the ledger once a day, fetches what was passed over, and tells the admin of what stays."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk import console, letters
from helpdesk.app import App
from helpdesk.desk import people
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.errors import ConfigError, MailboxError, StoreBusy
from helpdesk.inbox.reconciler import Reconciler, Report
from helpdesk.store import positions, reconciliations
from helpdesk.store.apply import Cause
from helpdesk.store.reconciliations import Reconciled

EVERY = timedelta(minutes=15)
SLOW = True  # it waits for mail servers
AGAIN = timedelta(days=1)  # after a comparison; one that was missed is made up for at the next look
RETRY = timedelta(hours=1)  # after one that failed, or that left something: much of that mends itself


def run(app: App, now: datetime) -> None:
    """Compare what is due; a mailbox that cannot be read keeps no other waiting for more than its time to answer."""
    for name in _due(app, now):
        reconciler = Reconciler(name=name, config=app.config, store=app.store, now=app.now, process=app.process)
        try:
            report = reconciler.run()
        except StoreBusy as error:
            console.event("mailbox not compared", mailbox=name, reason=str(error))
        except (MailboxError, ConfigError) as error:
            console.problem("mailbox not compared", mailbox=name, reason=str(error))
        else:
            counts = {"arrived": report.arrived, "accounted": report.accounted, "staying": len(report.keys)}
            console.event("mailbox compared", mailbox=name, **counts)
            _tell(app, report)


def _due(app: App, now: datetime) -> list[str]:
    """Mailboxes that were read and are to be compared; those that failed last come last."""
    with app.store.reading() as session:
        accounts = {place.mailbox: place.account for place in positions.known(session)}
        before = reconciliations.known(session)
    due = []
    for name in app.config.mailboxes:
        last = before.get(name)
        if name in accounts and (last is None or _is_due(last, accounts[name], now)):
            due.append((last is not None and last.error is not None, name))
    return [name for _, name in sorted(due, key=lambda pair: pair[0])]


def _is_due(last: Reconciled, account: str, now: datetime) -> bool:
    if last.error_at is not None:
        return now - last.error_at >= RETRY
    if last.at is None or last.account != account:
        return True
    return now - last.at >= (RETRY if last.findings else AGAIN)


def _tell(app: App, report: Report) -> None:
    """One letter for all that nobody has been told of; what stays is not told of again tomorrow."""
    admin = app.config.admin_staff()
    if admin is None or not report.staying:
        return
    now = app.now()
    with app.store.writing() as session:
        new = set(reconciliations.tell(session, report.mailbox, report.keys))
        if not new:
            return
        notice = Notice(
            kind=NoticeKind.ADMIN_ALERT,
            recipient=people.staff_address(admin),
            key=f"{NoticeKind.ADMIN_ALERT}:reconcile:{report.mailbox}:{now.isoformat()}",
            staff=admin.key,
            lines=(
                f"not_reconciled: {report.mailbox}",
                *(str(finding) for finding in report.staying if new.intersection(finding.keys)),
            ),
        )
        letters.write(app, session, [notice], Cause(actor="helpdesk", now=now))
