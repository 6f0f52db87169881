"""Server and ledger are compared on a real server: what differs, what is mended, and beside a daemon at work."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk.config import StoreConfig
from helpdesk.errors import MailboxError, StoreBusy
from helpdesk.inbox.imap import Door
from helpdesk.inbox.reconciler import Reconciler, Report
from helpdesk.store import leases, reconciliations
from helpdesk.store.reconciliations import Reconciled
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState, Position
from tests.inbox import place as places
from tests.inbox.conftest import running
from tests.inbox.place import USER, Place, mail, until, utc_now
from tests.inbox.scripted import ScriptedServer, scripted
from tests.servers.mailstack import MailStack

pytestmark = pytest.mark.dovecot

HOUR = dt.timedelta(hours=1)
START = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)


def reconcile(place: Place, *, move: bool = False, **changes: Any) -> Report:
    """Compare, by another process than the watcher's."""
    site = places.config(place.site, place.imap_config(**changes), since=place.since, **place.mail_limits)
    site = site.model_copy(update={"store": StoreConfig(minimum_free_mb=1)})
    work = Reconciler(name="support", config=site, store=place.store, now=place.now, process="shell")
    return work.run(move=move)


@dataclass(frozen=True)
class Late:
    """A scripted server that has listed mails 1 and 3; what it says of mail 2 is the test's."""

    server: ScriptedServer
    place: Place

    def imap(self) -> dict[str, Any]:
        return {"host": "127.0.0.1", "port": self.server.port, "security": "none", "insecure": True, "user": "u"}

    def reconcile(self) -> Report:
        return reconcile(self.place, **self.imap())


@pytest.fixture
def late(store: Store, tmp_path: Path) -> Iterator[Late]:
    """Both mails are kept, and the position is at 3."""
    with scripted() as server:
        stack = MailStack.__new__(MailStack)
        stack.imaps, stack.root = server.port, tmp_path
        made = Late(server, Place(site=tmp_path, store=store, stack=stack, now=lambda: START))
        made.place.take(**made.imap())
        server.mails = {uid: mail(f"mail-{uid}") for uid in (1, 3)}
        made.place.take(**made.imap())
        yield made


def found(report: Report) -> list[tuple[str, tuple[int, ...], bool]]:
    return [(finding.what.value, finding.numbers, finding.mended) for finding in report.findings]


def change(place: Place, *statements: sa.Executable) -> None:
    """Something goes wrong in the database."""
    with place.store.writing() as session:
        for statement in statements:
            session.connection().execute(statement)


def forget(place: Place, *uids: int) -> None:
    """These were never taken in, although later ones were."""
    change(place, sa.delete(Incoming).where(Incoming.uid.in_(uids)))  # type: ignore[union-attr]


def remembered(place: Place) -> Reconciled:
    with place.store.reading() as session:
        return reconciliations.known(session)["support"]


@pytest.mark.parametrize("done", [None, "Done"])
def test_a_mailbox_that_is_well_has_nothing_to_find(place: Place, done: str | None) -> None:
    """What lay there before the start is counted apart, what is new is left to the daemon."""
    place.deliver("old", "older")
    place.take(done=done)
    place.deliver("one", "two")
    place.take(done=done)
    place.deliver("new")
    report = reconcile(place, done=done)
    assert found(report) == []
    assert (report.before_start, report.new, report.kept) == (2, 1, 0 if done else 2)
    assert (report.arrived, report.accounted, report.on_the_way) == (3, 0, 2)


@pytest.mark.parametrize("done", [None, "Done"])
def test_what_was_passed_over_is_taken_in(place: Place, done: str | None) -> None:
    """As the watcher would have done: same bytes, to be moved and acknowledged by the same rules, once."""
    place.take(done=done)
    place.deliver("one", "two", "three")
    place.take(done="x" * 300 if done else None)  # cannot be moved
    forget(place, 1, 2)
    assert found(reconcile(place, done=done)) == [("missed", (1, 2), True)]
    assert place.subjects() == ["three", "one", "two"]
    rows = place.rows()
    assert [(row.filed, row.acknowledge) for row in rows[1:]] == [(done is None, True)] * 2
    assert place.position().uid == 3
    assert found(reconcile(place, done=done)) == []


def test_a_mail_that_the_server_lists_later_than_its_neighbours_is_taken_in(late: Late) -> None:
    """Servers that give out a UID before the mail is to be seen: its neighbour has moved the position past it."""
    late.server.mails[2] = mail("mail-2")
    assert late.place.take(**late.imap()) == 0
    assert found(late.reconcile()) == [("missed", (2,), True)]
    assert late.place.subjects() == ["mail-1", "mail-3", "mail-2"]


def test_a_mail_that_the_server_does_not_hand_out_stays(late: Late) -> None:
    """It is passed over until it comes; the others are not held up, and it is not lost sight of."""
    late.server.mails |= {2: b"", 5: mail("mail-5")}
    report = late.reconcile()
    assert (found(report), report.missing, report.arrived) == ([("missed", (2,), False)], 1, 4)
    assert "does not hand it out" in str(report.findings[0])
    late.server.mails[2] = mail("mail-2")
    assert found(late.reconcile()) == [("missed", (2,), True)]


def test_a_mail_that_vanishes_meanwhile_is_no_finding(late: Late) -> None:
    """Somebody deleted it between the list and the fetching."""
    late.server.mails[2] = mail("mail-2")
    late.server.answers["UID FETCH"] = lambda _: (late.server.mails.pop(2, b"") and b"", b"OK nothing there")
    assert found(late.reconcile()) == []


def test_a_passed_over_mail_that_came_early_is_not_acknowledged(place: Place) -> None:
    """`acknowledge_from` counts for it as for any other; what is older than `since` stays where it is."""
    now = utc_now()
    place.since = (now - 48 * HOUR).date()
    place.append(mail("ancient"), received=now - 96 * HOUR)
    place.append(mail("early"), received=now - 12 * HOUR)
    place.take()
    forget(place, 2)
    report = reconcile(place)
    assert (found(report), report.before_start) == ([("missed", (2,), True)], 1)
    assert [(row.uid, row.acknowledge) for row in place.rows()] == [(2, False)]


def test_where_the_start_was_not_noted_arrival_decides(place: Place) -> None:
    """A mailbox that was begun before there was a note of it."""
    place.append(mail("old"), received=utc_now() - 24 * HOUR)
    place.take()
    place.append(mail("one"), received=utc_now() + dt.timedelta(seconds=5))
    place.take()
    forget(place, 2)
    change(place, sa.update(Position).values(start_uid=None))
    report = reconcile(place)
    assert (found(report), report.before_start) == ([("missed", (2,), True)], 1)


def test_a_mail_that_somebody_took_away_is_settled(place: Place) -> None:
    """It is kept; only the moving has nothing to do any more."""
    place.take(done="Done")
    place.deliver("one", "two")
    place.take(done="x" * 300)
    with place.stack.session(USER) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    place.now = lambda: utc_now() + HOUR
    gone = place.rows()[0]
    assert ("gone", (gone.id,), True) in found(reconcile(place, done="Done"))
    assert [row.filed for row in place.rows()] == [True, False]
    assert {finding[0] for finding in found(reconcile(place, done="Done"))} == {"not_moved", "unhandled"}


def test_a_mail_that_is_not_moved_for_long_is_told_of(place: Place) -> None:
    """The daemon goes on trying; a person should know."""
    place.take(done="Done")
    place.deliver("one")
    place.take(done="x" * 300)
    assert found(reconcile(place, done="Done")) == []
    place.now = lambda: utc_now() + HOUR
    report = reconcile(place, done="Done")
    assert ("not_moved", (1,), False) in found(report)


def test_a_mail_that_lies_there_although_it_was_moved_goes_once_more_when_asked(place: Place) -> None:
    """As after a move that did not take, or when `done` was set later; never without being asked."""
    place.take()
    place.deliver("one")
    place.take()
    assert found(reconcile(place, done="Done")) == [("left", (1,), False)]
    again = reconcile(place, done="Done", move=True, poll_seconds=61)  # a minute begun counts
    assert found(again) == [("left", (1,), True)]
    assert again.findings[0].why.endswith("once more at its next look, within 2 minutes while it runs")
    place.take(done="Done")
    assert len(place.stack.inbox(USER, "Done")) == 1
    assert found(reconcile(place, done="Done")) == []


def test_a_mail_that_somebody_dragged_back_comes_again_under_its_new_uid(place: Place) -> None:
    """It is new to the daemon, and a copy to whoever reads it."""
    place.take(done="Done")
    place.deliver("one")
    place.take(done="Done")
    with place.stack.session(USER, "Done") as client:
        client.uid("MOVE", "1", "INBOX")
    report = reconcile(place, done="Done")
    assert (report.new, found(report)) == (1, [])


def test_a_mail_that_is_too_large_stays_by_intent(place: Place) -> None:
    """Its note is in the ledger."""
    place.mail_limits = {"maximum_mb": 1}
    place.take(done="Done")
    place.stack.deliver(USER, mail("large", body="x" * 900 + "\r\n" + ("y" * 900 + "\r\n") * 1300))
    place.take(done="Done")
    report = reconcile(place, done="Done")
    assert (report.kept, found(report)) == (1, [])


def test_mails_without_an_end_are_told_of_with_the_reason(place: Place) -> None:
    """One that nobody takes up, one that a process took with it."""
    place.take()
    place.deliver("one", "two", "three")
    place.take()
    lost = {"state": IncomingState.WORKING, "claimed_until": utc_now(), "attempts": 1}
    change(place, sa.update(Incoming).where(Incoming.uid == 2).values(**lost))  # type: ignore[arg-type]
    assert found(reconcile(place)) == []
    place.now = lambda: utc_now() + HOUR
    numbers = [row.id for row in place.rows()]
    report = reconcile(place)
    assert found(report) == [("unhandled", (numbers[0], numbers[2]), False), ("unhandled", (numbers[1],), False)]
    assert (report.arrived, report.accounted, report.on_the_way) == (3, 0, 3)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({}, "never been read"), ({"uidvalidity": 7}, "have become void"), ({"account": "x"}, "the ledger knows x")],
)
def test_what_cannot_be_compared_is_said_and_remembered(place: Place, changes: dict[str, Any], words: str) -> None:
    """A mailbox that was never read, or is to be read anew: that is the daemon's, and nothing is touched."""
    if changes:
        place.take()
        change(place, sa.update(Position).values(**changes))
    with pytest.raises(MailboxError, match=words):
        reconcile(place)
    assert words in (remembered(place).error or "")


def test_the_result_is_remembered(place: Place) -> None:
    """Counts and what stays; a failure later on leaves them to be read."""
    place.take()
    place.deliver("one")
    place.take()
    place.now = lambda: utc_now() + HOUR
    report = reconcile(place)
    with pytest.raises(MailboxError):
        reconcile(place, user="nobody@helpdesk.test")
    last = remembered(place)
    assert (last.arrived, last.accounted, last.findings) == (1, 0, [each.as_json() for each in report.staying])
    assert last.at is not None
    assert "refused" in (last.error or "")


def test_two_do_not_compare_one_mailbox_at_a_time(place: Place) -> None:
    """The second is told so."""
    place.take()
    with place.store.writing() as session:
        leases.acquire(session, "reconcile:support", owner="daemon", now=utc_now(), seconds=60)
    with pytest.raises(StoreBusy, match="another process"):
        reconcile(place)


def test_beside_a_daemon_at_work_nothing_is_found_and_nothing_kept_twice(place: Place) -> None:
    """Mails pour in and are moved away while server and ledger are compared again and again."""
    place.take(done="Done")
    names = [f"mail-{number}" for number in range(60)]
    with running(place, done="Done"):
        for number in range(0, len(names), 4):
            place.deliver(*names[number : number + 4])
            assert found(reconcile(place, done="Done")) == []
        until(lambda: sum(row.filed for row in place.rows()) == len(names), seconds=60)
    assert sorted(place.subjects()) == sorted(names)
    assert found(reconcile(place, done="Done")) == []


def test_a_large_folder_is_compared_without_asking_for_its_mails(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """No bodies, no sizes, no times of arrival: what lay there before the start is told by its UID."""
    with place.stack.session(USER) as client:
        client.append("INBOX", None, None, mail("one"))
        for _ in range(10):
            client.select("INBOX")
            client.copy("1:*", "INBOX")
    place.take()
    place.deliver("new")
    place.take()
    for forbidden in ("infos", "bodies", "header"):
        monkeypatch.delattr(Door, forbidden)
    report = reconcile(place)
    assert (report.in_folder, report.before_start, report.kept) == (1025, 1024, 1)
