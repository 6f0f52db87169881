"""The way of one mail through the house: claimed, thought about, written once; trouble costs no mail."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from helpdesk import plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.desk import tokens
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import StoreFull, StoreGone
from helpdesk.intake import BATCH, Intake
from helpdesk.parse_worker import BUNDLE_MAILS
from helpdesk.store import browse, migrate, queues
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState
from tests.builders import KEYS, NOW, at_token, config
from tests.store.lost import LostAnswers

MAIL = (
    b"From: Nagy Eva <eva%d@customer.test>\r\nTo: support@helpdesk.test\r\nSubject: Printer %d\r\n"
    b"Message-ID: <%d@customer.test>\r\n\r\nIt does not print.\r\n"
)


@pytest.fixture
def app(both_databases: str, tmp_path: Path) -> Iterator[App]:
    """A site with its database made; nothing of it goes to a network."""
    store = Store(both_databases, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    site = config(site=tmp_path, url=both_databases)
    yield App(config=site, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=lambda: NOW)
    store.close()


@pytest.fixture
def intake(app: App) -> Iterator[Intake]:
    """The intake with its parse worker."""
    made = Intake(app)
    yield made
    made.close()


def keep(app: App, *raws: bytes) -> list[int]:
    fetched = [
        queues.Fetched(mailbox="support", raw=raw, received=NOW, uidvalidity=1, uid=number)
        for number, raw in enumerate(raws, 1)
    ]
    with app.store.writing() as session:
        return queues.keep(session, fetched, NOW)


def rows(app: App) -> list[Incoming]:
    with app.store.reading() as session:
        return list(session.scalars(sa.select(Incoming).order_by(Incoming.id)))  # type: ignore[arg-type]


def test_a_mail_becomes_a_ticket_with_its_letters_in_one_write(app: App, intake: Intake) -> None:
    """The ledger says how it ended; the customer's confirmation and two letters to staff wait in the outbox."""
    keep(app, MAIL % (1, 1, 1))
    assert intake.once() == 1
    (row,) = rows(app)
    with app.store.reading() as session:
        ticket = browse.ticket(session, row.ticket or 0)
    assert (row.state, row.outcome) == (IncomingState.DONE, LedgerOutcome.TICKET)
    assert ticket is not None
    assert [letter["kind"] for letter in ticket["letters"]] == ["acknowledgement", "new_ticket", "new_ticket"]
    assert {event["actor"] for event in ticket["history"]} == {"contact:eva1@customer.test"}


def test_a_mail_that_cannot_be_handled_waits_for_a_person_and_stops_nobody(app: App, intake: Intake) -> None:
    """Three tries, then quarantine; its neighbour is a ticket meanwhile."""
    keep(app, b"", MAIL % (2, 2, 2))
    for _ in range(3):
        intake.once()
    bad, good = rows(app)
    assert (bad.state, bad.attempts) == (IncomingState.QUARANTINE, 3)
    assert "empty" in (bad.reason or "")
    assert good.outcome is LedgerOutcome.TICKET


class FullOnce(Store):
    """A database that is full at one write, and well again afterwards."""

    writes, fails_at = 0, 3

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.writes += 1
        if self.writes == self.fails_at:
            raise StoreFull
        with super().writing() as session:
            yield session


def test_trouble_of_the_database_costs_no_mail_a_try(app: App, tmp_path: Path) -> None:
    """Everything waits and goes on; no mail is quarantined for it, none is handled twice."""
    keep(app, *(MAIL % (number, number, number) for number in range(5)))
    url = app.store.url.render_as_string(hide_password=False)
    failing = FullOnce(url.replace("+pysqlite", "").replace("+psycopg", ""), site=tmp_path)
    intake = Intake(replace(app, store=failing))
    try:
        with pytest.raises(StoreFull):
            intake.once()
        while intake.once():
            pass
    finally:
        intake.close()
        failing.close()
    assert {(row.outcome, row.attempts) for row in rows(app)} == {(LedgerOutcome.TICKET, 1)}


def test_a_stop_hands_back_what_is_not_begun(app: App, intake: Intake) -> None:
    """It waits as if it had never been claimed."""
    keep(app, MAIL % (1, 1, 1), MAIL % (2, 2, 2))
    stop = threading.Event()
    stop.set()
    intake.once(stop)
    intake.run(stop)
    assert [(row.state, row.attempts) for row in rows(app)] == [(IncomingState.WAITING, 0)] * 2


def test_the_next_batch_is_parsed_while_the_last_mails_are_written(app: App) -> None:
    """The parser has always something to do; a stop hands it back as if it had never been claimed."""
    keep(app, *(MAIL % (number, number, number) for number in range(BATCH + 20)))
    stop, working = threading.Event(), list[int]()

    def written() -> None:
        working.append(sum(row.state is IncomingState.WORKING for row in rows(app)))
        if len(working) == BATCH // BUNDLE_MAILS:
            stop.set()

    intake = Intake(app, letters_ready=written)
    intake.run(stop)
    intake.close()
    assert working == [BUNDLE_MAILS, 20]
    states = [(row.state, row.attempts) for row in rows(app)]
    assert states == [(IncomingState.DONE, 1)] * BATCH + [(IncomingState.WAITING, 0)] * 20


def test_trouble_with_the_next_batch_in_hand_costs_no_mail_a_try(app: App, tmp_path: Path) -> None:
    """Both are handed back at once, for whoever is well, and worked on again."""
    keep(app, *(MAIL % (number, number, number) for number in range(BATCH + 20)))
    url = app.store.url.render_as_string(hide_password=False)
    failing = FullOnce(url.replace("+pysqlite", "").replace("+psycopg", ""), site=tmp_path)
    failing.fails_at = 1 + 1 + BATCH // BUNDLE_MAILS + 1  # claim, beat, the bundles, and the next claim before the last
    intake = Intake(replace(app, store=failing))
    with pytest.raises(StoreFull):
        intake.run(threading.Event())
    waiting = [row.attempts for row in rows(app) if row.state is IncomingState.WAITING]
    assert waiting == [0] * (BUNDLE_MAILS + 20)
    while intake.once():
        pass
    intake.close()
    failing.close()
    assert {(row.outcome, row.attempts) for row in rows(app)} == {(LedgerOutcome.TICKET, 1)}


def test_old_mail_is_never_confirmed(app: App, intake: Intake) -> None:
    """A first import opens tickets and writes to nobody outside."""
    old = queues.Fetched(mailbox="support", raw=MAIL % (1, 1, 1), received=NOW, acknowledge=False)
    with app.store.writing() as session:
        queues.keep(session, [old], NOW)
    intake.once()
    with app.store.reading() as session:
        assert {letter.kind for letter in queues.letters(session)} == {"new_ticket"}


def test_a_byte_identical_copy_has_no_effect(app: App, intake: Intake) -> None:
    """C02: the same mail under another UID."""
    keep(app, MAIL % (1, 1, 1), MAIL % (1, 1, 1))
    intake.once()
    assert [row.outcome for row in rows(app)] == [LedgerOutcome.TICKET, LedgerOutcome.DUPLICATE]


def test_mails_that_an_older_version_handled_are_known_when_their_numbers_are_void(app: App, intake: Intake) -> None:
    """It wrote other content hashes; by the same bytes no second ticket is opened, and no answer goes out twice."""
    mails = [MAIL % (1, 1, 1)]
    keep(app, *mails)
    intake.once()
    to = at_token(tokens.agent(rows(app)[0].ticket or 0, 1))[0].address.encode()
    mails.append(b"From: anna@helpdesk.test\r\nTo: %b\r\nMessage-ID: <a@helpdesk.test>\r\n\r\nOn.\r\n" % to)
    keep(app, *mails)
    intake.once()
    with app.store.writing() as session:
        session.connection().execute(sa.update(Incoming).values(content_hash="of an older version"))
        before = len(queues.letters(session))
        queues.keep(session, [queues.Fetched(mailbox="support", raw=raw, received=NOW) for raw in mails], NOW)
    intake.once()
    assert [row.outcome for row in rows(app)[2:]] == [LedgerOutcome.DUPLICATE] * 2
    with app.store.reading() as session:
        assert len(queues.letters(session)) == before


def test_every_mail_of_many_bundles_becomes_its_own_ticket(app: App, intake: Intake) -> None:
    """What was parsed stays with the mail that it was parsed from, beyond the size of a bundle."""
    numbers = keep(app, *(MAIL % (number, number, number) for number in range(2 * BUNDLE_MAILS)))
    assert intake.once() == 2 * BUNDLE_MAILS
    with app.store.reading() as session:
        tickets = {row.id: browse.ticket(session, row.ticket or 0) for row in rows(app)}
    subjects = [(tickets[number] or {})["subject"] for number in numbers]
    assert subjects == [f"Printer {number}" for number in range(2 * BUNDLE_MAILS)]


class Counting(Store):
    """Counts the transactions that write."""

    writes = 0

    @contextmanager
    def writing(self) -> Iterator[Session]:
        self.writes += 1
        with super().writing() as session:
            yield session


@pytest.mark.parametrize(("odd", "writes"), [((), 1), ((b"",), 11)], ids=["all well", "one cannot be handled"])
def test_a_bundle_is_one_write_unless_a_mail_of_it_fails(
    app: App, tmp_path: Path, odd: tuple[bytes, ...], writes: int
) -> None:
    """Then each has its own, and the failed one another for its failure: claim, beat, nine mails, one failure."""
    keep(app, *(MAIL % (number, number, number) for number in range(9)), *odd)
    url = app.store.url.render_as_string(hide_password=False)
    counting = Counting(url.replace("+pysqlite", "").replace("+psycopg", ""), site=tmp_path)
    intake = Intake(replace(app, store=counting))
    try:
        intake.once()
    finally:
        intake.close()
        counting.close()
    assert [row.outcome for row in rows(app)][:9] == [LedgerOutcome.TICKET] * 9
    assert counting.writes == 2 + writes + len(odd)


def test_mails_claimed_without_our_knowing_are_handled_at_once(app: App) -> None:
    """The claim was committed and its answer lost: nobody waits until it runs out, and no try is counted."""
    keep(app, MAIL % (1, 1, 1))
    store = LostAnswers(str(app.config.store.url), site=app.config.site, daemon=True)
    intake = Intake(replace(app, store=store))
    with store.losing(), pytest.raises(StoreGone):
        intake.once()
    assert (rows(app)[0].state, rows(app)[0].attempts) == (IncomingState.WAITING, 0)
    assert intake.once() == 1
    assert (rows(app)[0].state, rows(app)[0].attempts) == (IncomingState.DONE, 1)
    intake.close()
    store.close()


def test_one_mail_with_damaged_bytes_stops_no_other(app: App, intake: Intake) -> None:
    """A bad bit on the disk: that mail waits for a person, the others are handled."""
    numbers = keep(app, *(MAIL % (number, number, number) for number in range(3)))
    with app.store.writing() as session:
        statement = "UPDATE raw_mails SET data = :odd WHERE id = (SELECT raw_id FROM incoming WHERE id = :mail)"
        session.connection().execute(sa.text(statement), {"odd": b"\x00\x11", "mail": numbers[1]})
    for _ in range(3):
        intake.once()
    found = {row.id: row for row in rows(app)}
    assert [found[number].outcome for number in numbers] == [
        LedgerOutcome.TICKET,
        LedgerOutcome.QUARANTINE,
        LedgerOutcome.TICKET,
    ]
    assert "damaged" in (found[numbers[1]].reason or "")
