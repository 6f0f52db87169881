"""The search of what was filed since a backup comes to its end, and holds up no new mail, whatever is in the folder."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from helpdesk.config import Imap
from helpdesk.errors import ConnectionLost
from helpdesk.inbox import again
from helpdesk.inbox.folder import account
from helpdesk.inbox.watcher import Watcher
from helpdesk.store import positions, settling
from helpdesk.store.session import Store
from tests.inbox.place import Place, config, mail
from tests.inbox.scripted import Answer, ScriptedServer
from tests.servers.mailstack import MailStack

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


@dataclass
class Bench:
    """A watcher on a scripted server after a restore of five hours, with a clock."""

    server: TwoFolders
    place: Place
    watcher: Watcher
    minutes: int = 0

    def after(self, minutes: int) -> int:
        """One pass, some minutes later."""
        self.minutes += minutes
        return self.watcher.once()

    def struck(self, times: int) -> None:
        """So many connections break."""
        for _ in range(times):
            with pytest.raises(ConnectionLost):
                self.after(0)

    @property
    def pending(self) -> bool:
        return self.place.position().done_again_from is not None


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Iterator[Bench]:
    with closing(TwoFolders()) as server:
        values = {"host": "127.0.0.1", "port": server.port, "security": "none", "insecure": True, "user": "u"}
        imap = Imap.model_validate(values | {"password_env": "PASSWORD", "done": "Done"})
        place = Place(site=tmp_path, store=store, stack=MailStack.__new__(MailStack))
        bench = Bench(server=server, place=place, watcher=None)  # type: ignore[arg-type]
        bench.watcher = Watcher(
            name="support",
            config=config(tmp_path, imap),
            store=store,
            now=lambda: START + dt.timedelta(minutes=bench.minutes),
            process="test",
        )
        began = START - dt.timedelta(days=60)
        era = {"account": account(imap), "uidvalidity": 7, "uid": 0, "acknowledge_from": began, "now": began}
        with store.writing() as session:
            positions.reset(session, "support", **era)  # type: ignore[arg-type]
            settling.settle(session, backup=START - dt.timedelta(hours=5), now=START)
        server.filed |= {uid: mail(f"filed-{uid}") for uid in (1, 2, 3)}
        yield bench
        bench.watcher.close()


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
    bench.struck(2)
    assert bench.place.subjects()[0] == "new"
    bench.struck(4)
    assert (bench.after(1), bench.pending) == (1, True)
    assert bench.place.subjects() == ["new", "filed-1", "filed-3"]
    bench.minutes += 15
    bench.struck(1)
    assert bench.after(0) == 1
    assert (bench.place.rows()[-1].source, bench.pending) == ("imap-unreadable", False)


def test_an_empty_filed_mail_is_waited_for_only_so_long(bench: Bench) -> None:
    """The others are not fetched again meanwhile."""
    bench.server.filed[2] = b""
    assert (bench.after(0), bench.pending) == (2, True)
    asked = bench.server.bodies()
    assert [bench.after(1) for _ in range(3)] == [0, 0, 0]
    assert not any("BODY.PEEK[]" in each and "UID FETCH 2 " not in each for each in bench.server.commands[-40:])
    assert bench.server.bodies() == asked + 3
    assert (bench.after(15), bench.pending) == (1, False)


def test_the_search_goes_on_where_it_was(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """In another process, too; each batch is a sign of life."""
    monkeypatch.setattr("helpdesk.inbox.fetcher.BATCH_MAILS", 1)
    breaking(bench)
    bench.struck(1)
    assert bench.place.position().done_again_uid == 1
    assert len(bench.place.rows()) == 1


def test_new_mail_is_looked_for_between_two_pieces(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """However much lies in the folder for what is done."""
    monkeypatch.setattr("helpdesk.inbox.fetcher.BATCH_MAILS", 1)
    monkeypatch.setattr(again, "BATCHES_AT_ONCE", 2)
    bench.server.inbox[9] = mail("new")
    assert bench.after(0) == 4
    assert bench.place.subjects() == ["filed-1", "filed-2", "new", "filed-3"]
    assert not bench.pending


@pytest.mark.parametrize(("folder", "uidvalidity", "kept"), [("Done", 7, 1), ("Done", 8, 3), ("Old", 7, 3)])
def test_what_was_filed_before_the_backup_is_not_fetched(
    bench: Bench, folder: str, uidvalidity: int, kept: int
) -> None:
    """As long as its folder is the same one."""
    with bench.place.store.writing() as session:
        positions.done_read_to(session, "support", folder=folder, uidvalidity=uidvalidity, uid=2)
    assert bench.after(0) == kept
