"""What a folder and the ledger differ in: a table of values, without a server."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.inbox.comparing import Compared, Difference, Finding, Ledger, Server, ailments, compare, grouped
from helpdesk.store.accounting import Ailing, Entry
from helpdesk.store.tables import IncomingState
from tests.builders import NOW

LONG_AGO = NOW - timedelta(hours=1)


def entry(uid: int, *, filed: bool = False, whole: bool = True, age: timedelta = timedelta(0)) -> Entry:
    """The mail of a UID; its number in the ledger is a hundred more."""
    return Entry(id=uid + 100, uid=uid, filed=filed, whole=whole, kept_at=NOW - age)


def ledger(*entries: Entry, start: int | None = 10, read_to: int = 20) -> Ledger:
    """Reading began at UID 10 and has come to 20."""
    return Ledger(generation=1, start=start, read_to=read_to, entries=entries)


def compared(uids: set[int], known: Ledger, *, old: set[int] | None = None, files_away: bool = True) -> Compared:
    server = Server(uids=frozenset(uids), old=frozenset(old or ()))
    return compare(server, known, files_away=files_away, now=NOW)


def test_an_empty_folder_and_an_empty_ledger_agree() -> None:
    """Nothing is nothing."""
    nothing = Compared(kept=0, new=0, before_start=0, missed=(), gone=(), not_moved=(), left=())
    assert compared(set(), ledger()) == nothing


@pytest.mark.parametrize(
    ("uid", "old", "counts"),
    [
        (9, False, (0, 1, ())),  # lay there at the start
        (10, False, (0, 1, ())),
        (11, False, (0, 0, (11,))),  # passed over
        (20, False, (0, 0, (20,))),
        (21, False, (1, 0, ())),  # the next look brings it
        (15, True, (0, 1, ())),  # came too early to be taken in
        (25, True, (0, 1, ())),
    ],
)
def test_a_mail_that_is_not_in_the_ledger(uid: int, *, old: bool, counts: tuple[int, int, tuple[int, ...]]) -> None:
    """It is new, older than the start, or was passed over."""
    found = compared({uid}, ledger(), old={uid} if old else None)
    assert (found.new, found.before_start, found.missed) == counts


def test_where_the_start_is_not_known_arrival_tells_what_is_old() -> None:
    """A mailbox that an older version began."""
    found = compared({5, 6}, ledger(start=None), old={5})
    assert (found.before_start, found.missed) == (1, (6,))


@pytest.mark.parametrize(
    ("known", "there", "files_away", "counts"),
    [
        (entry(12), True, True, ((), (), ())),  # about to be moved
        (entry(12, age=timedelta(hours=1)), True, True, ((), (12,), ())),
        (entry(12, age=timedelta(hours=1)), True, False, ((), (), ())),
        (entry(12), False, True, ((), (), ())),  # moved, and about to be noted
        (entry(12, age=timedelta(hours=1)), False, True, ((112,), (), ())),  # somebody moved or deleted it
        (entry(12, age=timedelta(hours=1)), False, False, ((112,), (), ())),
        (entry(12, filed=True), True, True, ((), (), (12,))),
        (entry(12, filed=True), True, False, ((), (), ())),  # stays there by configuration
        (entry(12, filed=True, whole=False), True, True, ((), (), ())),  # too large: only a note is kept
        (entry(12, filed=True), False, True, ((), (), ())),
    ],
)
def test_a_mail_of_the_ledger(known: Entry, *, there: bool, files_away: bool, counts: tuple[object, ...]) -> None:
    """It is where it should be, or gone, or not moved, or left."""
    found = compared({12} if there else set(), ledger(known), files_away=files_away)
    assert (found.gone, found.not_moved, found.left) == counts
    assert (found.kept, found.missed) == (int(there), ())


def test_every_mail_of_the_folder_is_counted_once() -> None:
    """Kept, new, before the start, or passed over."""
    found = compared({1, 2, 11, 12, 13, 14, 30, 31}, ledger(entry(12), entry(13, filed=True), entry(30)))
    assert (found.kept, found.new, found.before_start, found.missed) == (3, 1, 2, (11, 14))


@pytest.mark.parametrize(
    ("mail", "why"),
    [
        (Ailing(7, IncomingState.WAITING, 0, None, LONG_AGO), "kept but not handled; is the daemon running?"),
        (Ailing(7, IncomingState.WAITING, 2, "no words", LONG_AGO), "kept but not handled, tried 2 times: no words"),
        (
            Ailing(7, IncomingState.WORKING, 1, None, LONG_AGO),
            "taken up by a process that has not been heard of since, tried once",
        ),
        (Ailing(7, IncomingState.DONE, 0, None, LONG_AGO), "said to be done without an outcome"),
    ],
)
def test_a_mail_without_an_outcome_says_why(mail: Ailing, why: str) -> None:
    """State, tries and the reason of the last one."""
    (found,) = ailments(1, [mail], [])
    assert (found.what, found.numbers, found.why) == (Difference.UNHANDLED, (7,), why)


def test_lost_bytes_are_told() -> None:
    """With what helps."""
    (found,) = ailments(1, [], [9, 8])
    assert str(found) == "mail 8, 9: what came is not in the database any more; put back a backup that has it"


def finding(what: Difference, *numbers: int, why: str = "a reason", generation: int = 1) -> Finding:
    return Finding(what=what, generation=generation, numbers=numbers, why=why)


def test_findings_of_one_reason_are_said_together() -> None:
    """Others stay apart."""
    first, other, second = (
        finding(Difference.MISSED, 3),
        finding(Difference.MISSED, 4, why="x"),
        finding(Difference.MISSED, 5),
    )
    assert [each.numbers for each in grouped([first, other, second])] == [(3, 5), (4,)]


def test_a_long_list_is_cut_on_the_screen_and_whole_in_json() -> None:
    """Ten numbers tell enough."""
    long = finding(Difference.LEFT, *range(1, 31))
    assert str(long) == "UID 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 20 more: a reason"
    assert long.as_json()["uids"] == list(range(1, 31))


def test_a_finding_keeps_its_name_while_it_stays() -> None:
    """Each passed-over mail has one, under each generation another; mails that are left share one."""
    assert finding(Difference.MISSED, 3, 5).keys == ("missed:1:3", "missed:1:5")
    assert finding(Difference.MISSED, 3, generation=2).keys == ("missed:2:3",)
    assert finding(Difference.LEFT, 3, 5).keys == ("left:1",)
