"""What the ledger says about its mails, on both databases."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store import accounting, positions
from helpdesk.store.accounting import AT_ONCE, Entry
from helpdesk.store.positions import ReadTo
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState
from helpdesk.store.tables.base import table
from tests.builders import NOW
from tests.store.rows import claim, fetched, finish, keep

INCOMING = table(Incoming)
LATER = NOW + timedelta(hours=1)


def begun(store: Store, *, uidvalidity: int = 7) -> ReadTo:
    """The position of the support mailbox."""
    with store.writing() as session:
        given = {"account": "support@mail.test/INBOX", "uidvalidity": uidvalidity, "uid": 0}
        positions.reset(session, "support", **given, acknowledge_from=NOW, now=NOW)  # type: ignore[arg-type]
        place = positions.get(session, "support")
    assert place is not None
    return place


def entries(store: Store, place: ReadTo, *uids: int) -> list[Entry]:
    with store.reading() as session:
        return accounting.entries(session, place, uids)


def test_where_a_mailbox_was_begun_is_noted(store: Store) -> None:
    """It does not move up with the position."""
    place = begun(store)
    with store.writing() as session:
        positions.advance(session, "support", generation=1, uidvalidity=7, uid=5, now=NOW)
        after = positions.get(session, "support")
    assert after is not None
    assert (place.start_uid, after.start_uid, after.uid) == (0, 0, 5)


def test_mails_are_known_by_uid_or_because_they_are_to_be_moved(store: Store) -> None:
    """Others of the mailbox are not asked for, however many."""
    place = begun(store)
    keep(store, fetched(1, filed=True), fetched(2, filed=True), fetched(3), fetched(4, source="imap-oversize"))
    found = entries(store, place, 2, 9, *range(100, 100 + 2 * AT_ONCE))
    assert [(entry.uid, entry.filed, entry.whole) for entry in found] == [
        (2, True, True),
        (3, False, True),
        (4, False, False),
    ]


def test_mails_of_another_time_or_mailbox_have_other_uids(store: Store) -> None:
    """The same number means another mail there."""
    place = begun(store)
    keep(store, fetched(1, generation=2), fetched(1, uidvalidity=8), fetched(1, mailbox="sales"))
    assert entries(store, place, 1) == []


def test_every_mail_has_ended_or_is_on_its_way(store: Store) -> None:
    """Quarantine is an end, as a person is told of it; files count too, other mailboxes do not."""
    numbers = keep(store, fetched(1), fetched(2), fetched(uid=None), fetched(4), fetched(5, mailbox="sales"))
    claim(store, limit=3)
    finish(store, numbers[0])
    finish(store, numbers[1], outcome=LedgerOutcome.QUARANTINE)
    with store.reading() as session:
        found = accounting.accounts(session, "support")
    assert found.endings == {LedgerOutcome.TICKET: 1, LedgerOutcome.QUARANTINE: 1}
    assert (found.on_the_way, found.ended, found.total) == (2, 2, 4)


def test_mails_without_an_end_are_named_after_a_while(store: Store) -> None:
    """Waiting, lost with their process, or said to be done without saying how."""
    waiting, lost, nameless, done = keep(store, *(fetched(uid) for uid in range(1, 5)))
    claim(store)
    finish(store, done)
    states = {waiting: IncomingState.WAITING, nameless: IncomingState.DONE}
    with store.writing() as session:
        for number, state in states.items():
            session.connection().execute(sa.update(INCOMING).where(INCOMING.c.id == number).values(state=state))
    with store.reading() as session:
        soon = accounting.unhandled(session, "support", NOW)
        late = accounting.unhandled(session, "support", LATER)
    assert [mail.id for mail in soon] == [nameless]
    assert [mail.id for mail in late] == [waiting, lost, nameless]


def test_mails_whose_bytes_are_lost_are_named(sqlite: Store) -> None:
    """A damage that the database itself would not let happen."""
    first, second = keep(sqlite, fetched(1), fetched(2))
    with sqlite.writing() as session:
        session.connection().exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        session.connection().execute(sa.update(INCOMING).where(INCOMING.c.id == second).values(raw_id=999))
        assert accounting.without_bytes(session, "support") == [second]
        session.rollback()
    with sqlite.reading() as session:
        assert accounting.without_bytes(session, "support") == []
    assert first < second


def test_mails_are_settled_and_sent_on_their_way_again(store: Store) -> None:
    """Each says for which mails that was news."""
    one, two, three = keep(store, fetched(1), fetched(2, filed=True), fetched(3))
    with store.writing() as session:
        assert accounting.settle(session, [one, two]) == [one]
        assert accounting.move_again(session, [two, three]) == [two]
    place = begun(store)
    assert [(entry.id, entry.filed) for entry in entries(store, place, 1, 2, 3)] == [
        (one, True),
        (two, False),
        (three, False),
    ]
