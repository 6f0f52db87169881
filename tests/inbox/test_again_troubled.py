"""The search of what was filed since a backup comes to its end, and holds up no new mail, whatever is in the folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from helpdesk.errors import ConnectionLost
from helpdesk.inbox import again
from helpdesk.inbox.folder import account
from helpdesk.store import positions, settling
from helpdesk.store.session import Store
from tests.inbox import timed
from tests.inbox.place import mail
from tests.inbox.scripted import Answer, ScriptedServer

START = dt.datetime(2026, 1, 5, 11, 0, tzinfo=dt.UTC)  # an hour after the arrival of all mails


class TwoFolders(ScriptedServer):
    """INBOX, and the folder for what is done, which is as `filed` says."""

    def __init__(self) -> None:
        super().__init__()
        self.inbox: dict[int, bytes] = {}
        self.filed: dict[int, bytes] = {}

    def usual(self, word: str, rest: str) -> bytes:
        if word in ("SELECT", "EXAMINE"):
            self.mails = self.filed if "Done" in rest else self.inbox
        if word == "LIST" and "Done" in rest:
            return b'* LIST () "." Done\r\n'
        return super().usual(word, rest)

    def bodies(self) -> int:
        """How many times bodies were asked for."""
        return sum("BODY.PEEK[]" in command for command in self.commands)


Bench = timed.Bench[TwoFolders]


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Iterator[Bench]:
    """After a restore of five hours."""
    with closing(TwoFolders()) as server, timed.timed(server, store, tmp_path, done="Done", start=START) as bench:
        began = START - dt.timedelta(days=60)
        with store.writing() as session:
            positions.reset(
                session,
                "support",
                account=account(bench.imap),
                uidvalidity=7,
                uid=0,
                acknowledge_from=began,
                now=began,
            )
            settling.settle(session, backup=START - dt.timedelta(hours=5), now=START)
        server.filed |= {uid: mail(f"filed-{uid}") for uid in (1, 2, 3)}
        yield bench


def pending(bench: Bench) -> bool:
    """Whether the search is still to go on."""
    return bench.place.position().done_again_from is not None


def struck(bench: Bench, times: int) -> None:
    """So many connections break."""
    for _ in range(times):
        with pytest.raises(ConnectionLost):
            bench.after(0)


def breaking(bench: Bench) -> None:
    """The connection breaks over the second mail of the folder for what is done."""

    def answer(rest: str) -> Answer:
        bad = 2 in bench.server.named(rest) and bench.server.mails is bench.server.filed
        if bad and "BODY.PEEK[]" in rest:
            return None
        return bench.server.usual("UID FETCH", rest), b"OK done"

    bench.server.answers["UID FETCH"] = answer


def test_a_filed_mail_that_breaks_every_connection_holds_up_no_new_mail(bench: Bench) -> None:
    """What is new goes first after a break; in the end a note stands for the bad one, and all others are there."""
    breaking(bench)
    bench.server.inbox[9] = mail("new")
    struck(bench, 2)
    assert bench.place.subjects()[0] == "new"
    struck(bench, 4)
    assert (bench.after(1), pending(bench)) == (1, True)
    assert bench.place.subjects() == ["new", "filed-1", "filed-3"]
    bench.minutes += 15
    struck(bench, 1)
    assert bench.after(0) == 1
    assert (bench.place.rows()[-1].source, pending(bench)) == ("imap-unreadable", False)


def test_an_empty_filed_mail_is_waited_for_only_so_long(bench: Bench) -> None:
    """The others are not fetched again meanwhile."""
    bench.server.filed[2] = b""
    assert (bench.after(0), pending(bench)) == (2, True)
    asked = bench.server.bodies()
    assert [bench.after(1) for _ in range(3)] == [0, 0, 0]
    assert not any("BODY.PEEK[]" in each and "UID FETCH 2 " not in each for each in bench.server.commands[-40:])
    assert bench.server.bodies() == asked + 3
    assert (bench.after(15), pending(bench)) == (1, False)


def test_the_search_goes_on_where_it_was(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another process, too: what was kept is not fetched again."""
    monkeypatch.setattr("helpdesk.inbox.fetcher.BATCH_MAILS", 1)
    breaking(bench)
    struck(bench, 1)
    assert bench.place.subjects() == ["filed-1"]
    del bench.server.answers["UID FETCH"]
    before = len(bench.server.commands)
    with closing(timed.Bench(server=bench.server, place=bench.place, imap=bench.imap, start=START).watcher) as second:
        assert second.once() == 2
    assert bench.place.subjects() == ["filed-1", "filed-2", "filed-3"]
    bench.server.mails = bench.server.filed
    fetched = [bench.server.named(each) for each in bench.server.commands[before:] if each.startswith("UID FETCH")]
    assert {uid for uids in fetched for uid in uids} == {2, 3}


def test_new_mail_is_looked_for_between_two_pieces(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much lies in the folder for what is done."""
    monkeypatch.setattr("helpdesk.inbox.fetcher.BATCH_MAILS", 1)
    monkeypatch.setattr(again, "BATCHES_AT_ONCE", 2)
    bench.server.inbox[9] = mail("new")
    assert bench.after(0) == 4
    assert bench.place.subjects() == ["filed-1", "filed-2", "new", "filed-3"]
    assert not pending(bench)


@pytest.mark.parametrize(("folder", "uidvalidity", "kept"), [("Done", 7, 1), ("Done", 8, 3), ("Old", 7, 3)])
def test_what_was_filed_before_the_backup_is_not_fetched(
    bench: Bench, folder: str, uidvalidity: int, kept: int
) -> None:
    """As long as its folder is the same one."""
    with bench.place.store.writing() as session:
        positions.done_read_to(session, "support", folder=folder, uidvalidity=uidvalidity, uid=2)
    assert bench.after(0) == kept
