"""Trouble on the way of a mail: of the database, of the parser, of one mail; none of it costs another mail anything."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import count
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlmodel import Session

from helpdesk import intake as intake_module
from helpdesk import plugins
from helpdesk.app import App
from helpdesk.blame import BLAMED_TIMES
from helpdesk.compose.render import Templates
from helpdesk.daemon import Daemon
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import ParseFailed, StoreBusy
from helpdesk.intake import BATCH, LEASE_SECONDS, Intake
from helpdesk.parse_worker import BUNDLE_MAILS, ParseWorkers, process
from helpdesk.store import migrate, postgresql, queues
from helpdesk.store.parts import INTAKE
from helpdesk.store.queues.working import TRIES
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState
from tests.builders import KEYS, NOW, config
from tests.servers.postgres import Postgres
from tests.test_intake import MAIL, rows


@pytest.fixture
def app(both_databases: str, tmp_path: Path) -> Iterator[App]:
    """A site with its database made; nothing of it goes to a network."""
    store = Store(both_databases, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    yield new_site(store, both_databases, tmp_path)
    store.close()


def new_site(store: Store, url: str, folder: Path) -> App:
    site = config(site=folder, url=url)
    return App(config=site, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=lambda: NOW)


def mails(many: int, start: int = 1) -> list[bytes]:
    return [MAIL % (number, number, number) for number in range(start, start + many)]


def keep(app: App, *raws: bytes) -> list[int]:
    fetched = [queues.Fetched(mailbox="support", raw=raw, received=NOW) for raw in raws]
    with app.store.writing() as session:
        return queues.keep(session, fetched, NOW)


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


class Jammed(Store):
    """Cannot write what a statement finds; everything else goes well."""

    finds = "SELECT 1 FROM incoming WHERE subject = 'Printer 40' AND state = 'done'"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        with super().writing() as session:
            yield session
            if self.finds and session.connection().scalar(sa.text(self.finds)):
                raise StoreBusy


@pytest.fixture
def jammed(app: App) -> Iterator[Jammed]:
    """The database of the site."""
    store = Jammed(str(app.config.store.url), site=app.config.site, daemon=True)
    yield store
    store.close()


@pytest.fixture
def intake(app: App, jammed: Jammed) -> Iterator[Intake]:
    """The intake with its parse worker, on the database that jams."""
    made = Intake(replace(app, store=jammed))
    yield made
    made.close()


def passes(intake: Intake, at_most: int = 1_000) -> list[int | None]:
    """Pass after pass until nothing is left; how many mails each had, None for a fault."""
    seen: list[int | None] = []
    while (not seen or seen[-1] != 0) and len(seen) < at_most:
        try:
            seen.append(intake.once())
        except StoreBusy:
            seen.append(None)
    return seen


def waiting(app: App) -> list[Incoming]:
    return [row for row in rows(app) if row.state in (IncomingState.WAITING, IncomingState.WORKING)]


def test_a_long_lock_costs_no_mail_a_try(app: App, jammed: Jammed, intake: Intake) -> None:
    """Tickets cannot be written for an hour, the queue can: everything waits, however often it fails."""
    jammed.finds = "SELECT 1 FROM tickets"
    keep(app, *mails(3))
    assert passes(intake, at_most=70) == [None] * 70
    jammed.finds = ""
    assert None not in passes(intake)
    assert {(row.outcome, row.attempts) for row in rows(app)} == {(LedgerOutcome.TICKET, 1)}


@pytest.mark.postgresql
def test_a_table_that_is_rewritten_for_a_long_time_costs_no_mail_a_try(
    postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As VACUUM FULL does: letters cannot be queued, mails can be claimed; then all become tickets."""
    monkeypatch.setattr(postgresql, "LOCK_MS", 20)
    url = postgres.fresh_database()
    with closing(Store(url, site=tmp_path)) as store, closing(Intake(new_site(store, url, tmp_path))) as intake:
        migrate.upgrade(store)
        keep(intake.app, *mails(3))
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE outgoing IN ACCESS EXCLUSIVE MODE")
            assert passes(intake, at_most=30) == [None] * 30
        passes(intake)
        assert {(row.outcome, row.attempts) for row in rows(intake.app)} == {(LedgerOutcome.TICKET, 1)}


def test_copies_that_go_well_during_a_lock_blame_no_mail(app: App, jammed: Jammed, intake: Intake) -> None:
    """They are only noted, and touch nothing of what is locked."""
    (known,) = mails(1)
    keep(app, known)
    intake.once()
    jammed.finds = "SELECT 1 FROM tickets WHERE subject LIKE 'Printer 4_'"
    keep(app, *mails(3, start=40))
    for _ in range(TRIES * BLAMED_TIMES + 5):
        keep(app, known)
        passes(intake, at_most=3)
    assert {(row.state, row.attempts) for row in waiting(app)} == {(IncomingState.WAITING, 0)}
    assert len(waiting(app)) == 3


def test_a_mail_that_troubles_the_database_by_itself_is_given_up_at_last(app: App, intake: Intake) -> None:
    """After many failures alone, between which others went well."""
    (poison,) = keep(app, *mails(1, start=40))
    fresh = count(1_000)
    for _ in range(1 + TRIES * BLAMED_TIMES):
        assert [row.id for row in waiting(app)] == [poison]
        passes(intake, at_most=1)
        keep(app, *mails(1, start=next(fresh)))
        passes(intake, at_most=1)
    passes(intake)
    first, *others = rows(app)
    assert (first.state, first.attempts) == (IncomingState.QUARANTINE, TRIES)
    assert {row.outcome for row in others} == {LedgerOutcome.TICKET}


def test_mails_that_failed_together_go_one_by_one_until_all_are_decided(app: App, intake: Intake) -> None:
    """A bundle with the guilty one would fail again. It costs three faults, then it waits until nothing else does:

    with its bundle, alone, and once more after another mail was well.
    """
    keep(app, *mails(BATCH + 10))
    seen = passes(intake, at_most=6)
    assert seen == [None, None, 1, None, 19, None]
    assert [row.attempts for row in waiting(app)] == [0]


def test_a_guilty_mail_lets_fresh_ones_go_together(app: App, intake: Intake) -> None:
    """It is tried again when nothing else waits."""
    keep(app, *mails(3, start=39))
    passes(intake, at_most=10)
    keep(app, *mails(BATCH, start=1_000))
    assert passes(intake, at_most=2) == [BATCH, None]


def test_a_bundle_that_fails_is_told_with_its_reason(app: App, caplog: pytest.LogCaptureFixture) -> None:
    """Before its mails go one by one: when each of them is well alone, nothing else would tell of it."""
    keep(app, *mails(2), b"")
    with closing(Intake(app)) as intake:
        intake.once()
    told = [(record.message, vars(record).get("fields")) for record in caplog.records if record.levelname == "WARNING"]
    bundle, mail = told
    assert bundle[0] == "bundle failed"
    assert bundle[1] == {"mails": 3, "reason": "The mail is empty."}
    assert mail[0] == "mail failed"


def no_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    def started(*_: object) -> None:
        raise OSError(errno.ENOMEM, "no memory")

    monkeypatch.setattr(process, "_started", started)


def test_nothing_is_claimed_before_a_parser_lives(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process that can parse finds the mails where they are, at any moment."""
    keep(app, *mails(3))
    no_parser(monkeypatch)
    monkeypatch.setattr(queues, "claim", lambda *_, **__: pytest.fail("claimed"))
    with closing(Intake(app)) as intake, pytest.raises(ParseFailed, match="no memory"):
        intake.once()
    assert {(row.state, row.attempts) for row in rows(app)} == {(IncomingState.WAITING, 0)}


def test_no_parser_is_started_before_a_mail_waits(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that stands by needs no memory for it."""
    no_parser(monkeypatch)
    with closing(Intake(app)) as intake:
        assert intake.once() == 0


def test_what_was_in_hand_when_no_parser_could_be_started_is_handed_back(
    app: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At once: during the pause another process may take it."""
    monkeypatch.setattr(intake_module, "ParseWorkers", partial(ParseWorkers, recycle_mails=1))
    with closing(Intake(app)) as intake:
        keep(app, *mails(1))
        intake.once()
        keep(app, *mails(BATCH, start=100))
        no_parser(monkeypatch)
        with pytest.raises(ParseFailed):
            intake.once()
    assert [(row.attempts, row.claimed_by) for row in waiting(app)] == [(0, None)] * BATCH


async def test_a_stop_in_the_pause_after_a_fault_hands_back_what_could_not_be_before(
    app: App, jammed: Jammed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database was in trouble then and is well at the end: nobody waits until the claims run out."""
    keep(app, *mails(3))
    jammed.finds, usual, refused, stop = "SELECT 1 FROM tickets", queues.hand_back, list[str](), asyncio.Event()

    def hand_back(session: Session, *, owner: str) -> None:
        if not stop.is_set():
            refused.append(owner)
            raise StoreBusy
        usual(session, owner=owner)

    monkeypatch.setattr(queues, "hand_back", hand_back)
    running = asyncio.create_task(Daemon(replace(app, store=jammed), does=frozenset({INTAKE})).run(stop))
    while not refused:
        await asyncio.sleep(0.01)
    stop.set()
    await running
    assert {(row.state, row.attempts) for row in rows(app)} == {(IncomingState.WAITING, 0)}
