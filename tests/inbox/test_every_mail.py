"""Every mail of a watched folder ends in exactly one outcome, counted from the server's side (I1, I2)."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpdesk import plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.inbox.reconciler import Reconciler, Report
from helpdesk.intake import Intake
from helpdesk.store.tables import Incoming, Message, RawMail
from tests import builders
from tests.inbox.place import USER, Place, mail, utc_now
from tests.servers.mailstack import PASSWORD

pytestmark = pytest.mark.dovecot

CORPUS = Path(__file__).resolve().parent.parent / "corpus"


def forged() -> bytes:
    """In the name of a colleague, without proof."""
    return mail("forged").replace(b"eva@customer.test\r\n", b"anna@helpdesk.test\r\n", 1)


MIXED = {
    "ticket": mail("ticket"),
    "another": mail("another"),
    "duplicate": mail("ticket"),
    "automatic": mail("away").replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:"),
    "bounce": (CORPUS / "0070-bounce-postfix.eml").read_bytes(),
    "held": forged(),
    "oversize": mail("oversize", body=("x" * 900 + "\r\n") * 1300),
    "unparsable": b"\r\n\r\n\r\n",
}


@pytest.fixture
def site(place: Place) -> App:
    """The house behind the mailbox."""
    place.mail_limits = {"maximum_mb": 1}
    given = builders.config(site=place.site)
    box = given.mailboxes["support"].model_copy(update={"imap": place.imap_config(done="Done")})
    limits = given.mail.model_copy(update=place.mail_limits)
    update = {"mailboxes": {"support": box}, "mail": limits, "environ": {"PASSWORD": PASSWORD}}
    templates = Templates(plugins.data("templates"))
    made = given.model_copy(update=update)
    return App(config=made, store=place.store, templates=templates, keys=builders.KEYS, now=utc_now)


def handle(app: App) -> None:
    intake = Intake(app)
    while intake.once():
        pass
    intake.close()


def reconcile(app: App) -> Report:
    return Reconciler(name="support", config=app.config, store=app.store, now=app.now, process="shell").run()


def test_a_mixed_batch_is_accounted_for_to_the_last_mail(place: Place, site: App) -> None:
    """What the server has, by its bytes, is what the ledger has; each mail has one outcome, and all add up."""
    place.take(done="Done")
    for raw in MIXED.values():
        place.stack.deliver(USER, raw, sender="eva@customer.test")
    whole = place.stack.inbox(USER)
    place.take(done="Done")
    handle(site)
    report = reconcile(site)
    assert Counter(report.endings) == {
        LedgerOutcome.TICKET: 3,
        LedgerOutcome.DUPLICATE: 1,
        LedgerOutcome.AUTOMATIC: 1,
        LedgerOutcome.BOUNCE: 1,
        LedgerOutcome.QUARANTINE: 2,
    }
    assert (report.arrived, report.accounted, report.findings) == (len(MIXED), len(MIXED), ())
    assert all(row.outcome is not None and row.handled_at is not None for row in place.rows())

    left, moved = place.stack.inbox(USER), place.stack.inbox(USER, "Done")
    assert len(left) == 1
    assert b"oversize" in left[0]
    assert sorted(left + moved) == sorted(whole)

    with place.store.reading() as session:
        hashes = list(session.scalars(sa.select(RawMail.sha256)))  # type: ignore[call-overload]
        sources = list(session.scalars(sa.select(Message.incoming_id)))  # type: ignore[call-overload]
    assert {hashlib.sha256(raw).hexdigest() for raw in moved} <= set(hashes)
    assert (len(hashes), len(sources)) == (len(set(hashes)), len(set(sources)))


def test_what_was_passed_over_ends_like_any_other_mail(place: Place, site: App) -> None:
    """Found by the comparison, handled by the intake, moved by the watcher: then all is accounted for."""
    place.take(done="Done")
    place.deliver("one", "two")
    place.take(done="x" * 300)  # cannot be moved yet
    with place.store.writing() as session:
        session.connection().execute(sa.delete(Incoming).where(Incoming.uid == 1))  # type: ignore[arg-type]
    first = reconcile(site)
    handle(site)
    place.take(done="Done")
    second = reconcile(site)
    assert (first.arrived, first.accounted, second.arrived, second.accounted) == (2, 0, 2, 2)
    assert len(place.stack.inbox(USER, "Done")) == 2
