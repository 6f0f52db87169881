"""`helpdesk status` says how everything is, and exit 1 when something is unwell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.app import App, opened
from helpdesk.cli.status import COMPARED_DAYS, MOVED_DAYS, QUIET_MINUTES, STUCK_MINUTES, gather
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store import parts, positions, queues, reconciliations, settling
from helpdesk.store.queues import Ending
from helpdesk.store.tables import OutgoingState, Position
from helpdesk.store.tables.base import table
from tests.builders import NOW
from tests.cli.shell import HOSTILE, Shell, fits, written
from tests.config import sites
from tests.store import rows

PARTS = ("inbox:support", "intake", "outbox", "jobs")
STUCK = NOW - timedelta(minutes=STUCK_MINUTES + 1)


@pytest.fixture
def app(tmp_path: Path) -> Iterator[App]:
    """A site whose daemon runs, at the instant NOW."""
    written(tmp_path)
    with opened(tmp_path, {}, now=lambda: NOW) as site:
        run(site)
        yield site


def begin(session: Session, mailbox: str, *, account: str = "support@mail.test/INBOX", now: datetime = NOW) -> None:
    """Its position, as the watcher sets it."""
    positions.reset(session, mailbox, account=account, uidvalidity=7, uid=1, acknowledge_from=now, now=now)


def run(app: App, *, at: datetime = NOW) -> None:
    """Every part has just given a sign of life."""
    with app.store.writing() as session:
        for name in PARTS:
            parts.beat(session, name, process="x", now=at)
        begin(session, "support", now=at)


def beat(app: App, name: str, **values: Any) -> None:
    """Another sign of life of one part."""
    with app.store.writing() as session:
        given: dict[str, Any] = {"process": "x", "now": NOW}
        parts.beat(session, name, **(given | values))


def problems(app: App) -> list[str]:
    found = gather(app)
    assert found["well"] == all(text.startswith("note:") for text in found["problems"])
    return list(found["problems"])


def test_a_running_daemon_is_well(app: App) -> None:
    """Nothing to complain of."""
    assert problems(app) == []


def test_a_daemon_that_never_ran_is_unwell(tmp_path: Path) -> None:
    """With the command that starts it."""
    written(tmp_path)
    with opened(tmp_path, {}) as fresh:
        assert problems(fresh) == [
            "the daemon is not running; type: helpdesk run",
            "the mailbox support has never been read",
        ]


@pytest.mark.parametrize("state", ["running", "stopped"])
def test_a_daemon_that_says_nothing_is_not_running(app: App, state: str) -> None:
    """Killed, or stopped in an orderly way."""
    for name in PARTS:
        before = NOW - timedelta(minutes=QUIET_MINUTES + 1) if state == "running" else NOW
        beat(app, name, now=before, state=state)
    assert problems(app) == ["the daemon is not running; type: helpdesk run"]


def test_a_daemon_that_is_stopped_for_days_is_one_thing_to_mend(app: App) -> None:
    """That nobody has looked into the mailboxes since follows from it."""
    for name in PARTS:
        beat(app, name, state="stopped")
    with opened(app.config.site, {}, now=lambda: NOW + timedelta(days=COMPARED_DAYS)) as later:
        assert problems(later) == ["the daemon is not running; type: helpdesk run"]


@pytest.mark.parametrize("state", ["failed", "waiting"])
def test_a_part_in_trouble_is_told_with_its_error(app: App, state: str) -> None:
    """The way out that waits for a mended password, say."""
    beat(app, "outbox", state=state, error="the password is refused")
    assert problems(app) == [f"outbox is {state}: the password is refused"]


def test_an_error_that_is_over_is_no_trouble(app: App) -> None:
    """It can be read below the part, and that is all."""
    beat(app, "outbox", state="waiting", error="the server is down")
    beat(app, "outbox")
    assert problems(app) == []


def test_one_silent_part_is_told(app: App) -> None:
    """The others are well."""
    beat(app, "intake", now=NOW - timedelta(minutes=QUIET_MINUTES + 1))
    assert problems(app) == [f"intake has been silent for {QUIET_MINUTES + 1} minutes"]


def test_a_mailbox_in_trouble_is_told(app: App) -> None:
    """With what the watcher said."""
    with app.store.writing() as session:
        positions.error(session, "support", "the folder INBOX is not there", now=NOW)
    assert problems(app) == ["the mailbox support: the folder INBOX is not there"]


def test_a_mailbox_that_nobody_looks_at_is_told(app: App) -> None:
    """Its thread may beat, and hang in the middle of its work."""
    with app.store.writing() as session:
        positions.beat(session, "support", now=NOW - timedelta(minutes=30))
    assert problems(app) == ["the mailbox support was last looked at 30 minutes ago"]


def test_a_mailbox_that_was_taken_out_is_forgotten(app: App) -> None:
    """Its last beat and its last error concern nobody."""
    beat(app, "inbox:old", now=NOW - timedelta(days=3))
    with app.store.writing() as session:
        begin(session, "old")
        positions.error(session, "old", "refused", now=NOW)
    assert problems(app) == []


def test_a_missing_folder_for_what_is_done_is_told_after_a_restore(app: App) -> None:
    """What the watcher says of it, which is trouble, and that the search is not over; no more once it is."""
    with app.store.writing() as session:
        settling.settle(session, backup=NOW - timedelta(hours=5), now=NOW)
        positions.error(session, "support", "The folder Done is not there.", now=NOW)
    for name in PARTS:
        beat(app, name)
    looked_for = "note: the mailbox support: what was filed since the backup is still looked for in `done`"
    assert problems(app) == ["the mailbox support: The folder Done is not there.", looked_for]
    with app.store.writing() as session:
        positions.beat(session, "support", now=NOW)
    assert problems(app) == [looked_for]
    with app.store.writing() as session:
        positions.done_read_again(session, "support")
    assert problems(app) == []


def test_where_nothing_was_ever_filed_nothing_is_looked_for_after_a_restore(app: App) -> None:
    """A mailbox without `done` has no folder in which mail could lie; where it had one the search waits for it."""
    with app.store.writing() as session:
        settling.settle(session, backup=NOW - timedelta(hours=5), now=NOW)
    box = app.config.mailboxes["support"]
    box = box.model_copy(update={"imap": box.imap.model_copy(update={"done": None})})
    without = replace(app, config=app.config.model_copy(update={"mailboxes": {"support": box}}))
    assert not [text for text in gather(without)["problems"] if "looked for" in text]
    with app.store.writing() as session:
        session.connection().execute(sa.update(table(Position)).values(done_again_folder="Done"))
    assert [text for text in gather(without)["problems"] if "looked for" in text]


@pytest.mark.parametrize(("days", "told"), [(0, 1), (MOVED_DAYS - 1, 1), (MOVED_DAYS, 0)])
def test_a_mailbox_that_is_read_at_another_place_is_told_for_some_days(app: App, days: int, told: int) -> None:
    """Both places, and what it means; nobody is kept from working by it."""
    with app.store.writing() as session:
        begin(session, "support", account="help@new.test/INBOX", now=NOW - timedelta(days=days))
        positions.beat(session, "support", now=NOW)
    since = f"{(NOW - timedelta(days=days)).astimezone(ZoneInfo('Europe/Budapest')):%Y-%m-%d %H:%M %Z}"
    note = f"note: the mailbox support is help@new.test/INBOX now, it was support@mail.test/INBOX until {since}"
    assert problems(app) == [f"{note}; mail there is not read any more"] * told


def test_mail_that_nobody_works_on_is_told(app: App) -> None:
    """A fresh one is not."""
    rows.keep(app.store, rows.fetched(1))
    assert problems(app) == []
    with opened(app.config.site, {}, now=lambda: NOW + timedelta(minutes=STUCK_MINUTES + 1)) as later:
        run(later, at=later.now())
        assert problems(later) == [f"1 mail waiting for more than {STUCK_MINUTES} minutes"]


def test_letters_that_nobody_sends_are_told(app: App) -> None:
    """Those whose time has not come yet are not."""
    rows.put(app.store, rows.answer(), rows.answer(), now=STUCK)
    rows.put(app.store, rows.answer())
    assert problems(app) == [f"2 letters waiting for more than {STUCK_MINUTES} minutes"]


def test_letters_of_unknown_fate_are_counted(app: App) -> None:
    """Nobody can close the window after the final dot; how often it happens is for everybody to see."""
    rows.put(app.store, rows.answer(), rows.answer())
    with app.store.writing() as session:
        claimed = queues.claim_letters(session, owner="x", now=NOW, limit=10, lease_seconds=60)
        lost = [Ending(id=letter.id, state=OutgoingState.UNKNOWN, words="cut") for letter in claimed]
        queues.settle(session, lost, owner="x", now=NOW)
    assert problems(app) == ["note: 2 letters unknown; type: helpdesk outbox list"]


def test_letters_that_wait_on_purpose_are_only_noted(app: App) -> None:
    """`run --read-only`: nothing is sent in the days before switching over, whether something waits or not."""
    beat(app, "outbox", state="stopped")
    rows.put(app.store, rows.answer(), now=STUCK)
    (note,) = problems(app)
    assert note == "note: run --read-only: nothing is sent, 1 letter waiting on purpose"
    assert gather(app)["read_only"] is True


def test_too_little_room_is_told(app: App, tmp_path: Path) -> None:
    """Nothing is fetched until there is more."""
    sites.write(tmp_path, main=sites.changed(sites.MAIN, "minimum_free_mb = 500", "minimum_free_mb = 999999999"))
    with opened(tmp_path, {}, now=lambda: NOW) as full:
        assert "no mail is fetched until there is room" in problems(full)[0]


def test_plain_text_is_noted(app: App, tmp_path: Path) -> None:
    """As long as it lasts."""
    plain = 'port = 2525\ninsecure = true\nsecurity = "none"\nuser'
    sites.write(tmp_path, main=sites.changed(sites.MAIN, 'port = 465\nsecurity = "tls"\nuser', plain))
    with opened(tmp_path, {"HELPDESK_STORE__MINIMUM_FREE_MB": "1"}, now=lambda: NOW) as bare:
        assert problems(bare) == ["note: smtp is insecure: everything travels readable"]


def test_the_command_says_it_in_words_and_as_json(shell: Shell) -> None:
    """Exit 1 when unwell; hostile words of a server stay words, within 80 columns."""
    with shell.opened() as app:
        run(app, at=datetime.now(UTC))
        beat(app, "outbox", state="waiting", error=HOSTILE, now=datetime.now(UTC))
    answer = shell("status", terminal=True)
    assert (answer.code, answer.out.splitlines()[0]) == (1, "UNWELL")
    tables = answer.out.partition("\nParts\n")[2]
    assert fits(tables)
    found = shell("status", "--json").json
    assert (found["well"], found["problems"]) == (False, [f"outbox is waiting: {HOSTILE}"])
    assert {part["name"] for part in found["parts"]} == set(PARTS)


def test_well_is_exit_0(shell: Shell) -> None:
    """For monitoring."""
    with shell.opened() as app:
        run(app, at=datetime.now(UTC))
    answer = shell("status")
    assert (answer.code, answer.out.splitlines()[0]) == (0, "well")


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("inbox:support", "no process does inbox:support; stop the daemon, and type: helpdesk run"),
        ("intake", "no process does intake; stop the daemon, and type: helpdesk run"),
        ("jobs", "no process does jobs; stop the daemon, and type: helpdesk run"),
    ],
)
def test_a_part_that_nobody_does_is_told(app: App, name: str, told: str) -> None:
    """Its process was stopped; one that only stands by does not count. On SQLite another process cannot help."""
    beat(app, name, state="stopped")
    beat(app, name, state="standby", process="y")
    assert problems(app) == [told]


def test_sending_that_nobody_does_is_told(app: App) -> None:
    """The process that sent has been stopped, the others go on."""
    beat(app, "outbox", process="y")
    beat(app, "outbox", process="y", state="stopped")
    with app.store.writing() as session:
        session.connection().execute(sa.text("DELETE FROM parts WHERE name = 'outbox' AND process = 'x'"))
    assert problems(app) == ["no process does outbox; stop the daemon, and type: helpdesk run"]


def test_the_other_process_keeps_a_part_well(app: App) -> None:
    """One of two was killed long ago."""
    beat(app, "intake", now=NOW - timedelta(minutes=30))
    beat(app, "intake", process="y")
    assert problems(app) == []


def test_of_several_processes_each_is_named(shell: Shell) -> None:
    """Which of them does what; of one alone it need not be said."""
    with shell.opened() as app:
        run(app, at=datetime.now(UTC))
        assert "host:2" not in shell("status").out
        beat(app, "jobs", process="host:2:c0ffee", state="standby", now=datetime.now(UTC))
    shown = shell("status", terminal=True).out
    assert "host:2 " in shown and "c0ffee" not in shown and "standby" in shown
    assert fits(shown.partition("\nParts\n")[2])


def test_an_error_is_shown_with_its_time(shell: Shell) -> None:
    """In the company's zone, as it may be over."""
    with shell.opened() as app:
        run(app, at=datetime.now(UTC))
        beat(app, "outbox", state="waiting", error="the server is down")
        beat(app, "outbox", now=datetime.now(UTC))
    here = f"{NOW.astimezone(ZoneInfo('Europe/Budapest')):%Y-%m-%d %H:%M %Z}"
    assert f"{here}: the server is down" in shell("status").out


def compared(app: App, *uids: int, what: str = "missed", at: datetime = NOW, error: str | None = None) -> None:
    """The daily comparison ran; these were passed over and could not be taken in."""
    missed = [{"what": what, "uids": list(uids), "why": "not handed out", "mended": False}] if uids else []
    with app.store.writing() as session:
        counts = {"arrived": len(uids), "accounted": 0}
        reconciliations.compared(session, "support", account="x", **counts, findings=missed, keys=(), now=at)
        if error:
            reconciliations.failed(session, "support", error, now=NOW)


def test_every_mail_is_accounted_for(app: App) -> None:
    """Handled or in quarantine; what is on its way is named."""
    numbers = rows.keep(app.store, *(rows.fetched(uid, received=NOW) for uid in range(1, 4)))
    rows.claim(app.store, limit=2)
    rows.finish(app.store, numbers[0])
    rows.finish(app.store, numbers[1], outcome=LedgerOutcome.QUARANTINE)
    assert gather(app)["ledger"] == {"arrived": 3, "accounted": 2, "missing": {"waiting": 1}}


def test_what_the_comparison_with_the_server_found_is_counted_and_told(app: App) -> None:
    """Mails that arrived and are not in the ledger; with the command that says which."""
    compared(app, 3, 4)
    assert gather(app)["ledger"] == {"arrived": 2, "accounted": 0, "missing": {"passed over": 2}}
    (words,) = problems(app)
    assert words.startswith("the mailbox support and the ledger did not agree at ")
    assert words.endswith("type: helpdesk reconcile --mailbox support")


def test_mails_that_only_lie_in_the_wrong_folder_are_a_note(app: App) -> None:
    """As after `done` was set: nothing is lost, and `--move` is a person's decision."""
    compared(app, 3, what="left")
    assert [text.startswith("note: ") for text in problems(app)] == [True]
    assert gather(app)["ledger"]["missing"] == {}


def test_a_mailbox_that_is_not_compared_for_days_is_told_of(app: App) -> None:
    """With the reason, when there is one; a night without a comparison is made up for."""
    days = timedelta(days=COMPARED_DAYS)
    compared(app, at=NOW - days)
    assert problems(app) == []
    compared(app, at=NOW - days - timedelta(hours=1), error="no answer")
    words = f"the mailbox support has not been compared with the ledger for {COMPARED_DAYS} days: no answer"
    assert problems(app) == [words]


def test_the_counts_stand_on_the_screen(tmp_path: Path) -> None:
    """One line above the queues."""
    shell = written(tmp_path)
    with shell.opened() as app:
        rows.keep(app.store, rows.fetched(1))
    assert "1 arrived, 0 accounted for: 1 waiting\n" in shell("status").out
