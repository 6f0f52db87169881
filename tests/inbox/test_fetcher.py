"""Patience with servers that list mails which they do not hand out, and with mails that break the connection."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.errors import ConnectionLost
from helpdesk.store.session import Store
from tests.inbox import timed
from tests.inbox.place import mail
from tests.inbox.scripted import Answer, ScriptedServer, scripted

Bench = timed.Bench[ScriptedServer]


@pytest.fixture
def bench(store: Store, tmp_path: Path) -> Iterator[Bench]:
    """The mailbox has been begun, and three mails have come since."""
    with scripted() as server, timed.timed(server, store, tmp_path) as bench:
        bench.watcher.once()
        server.mails = {uid: mail(f"mail-{uid}") for uid in (1, 2, 3)}
        yield bench


def test_an_empty_body_is_waited_for_and_holds_nothing_up(bench: Bench) -> None:
    """Its neighbours come in; it follows when the server has it; nothing twice."""
    whole, bench.server.mails[2] = bench.server.mails[2], b""
    assert bench.after(1) == 2
    assert bench.place.position().uid == 1
    bench.server.mails[2] = whole
    assert bench.after(1) == 1
    assert bench.place.subjects() == ["mail-1", "mail-3", "mail-2"]
    assert bench.place.position().uid == 3


def test_a_body_that_never_comes_is_replaced_by_a_note(bench: Bench) -> None:
    """After a quarter of an hour; the mail itself is left where it is."""
    bench.server.mails[2] = b""
    assert [bench.after(1), bench.after(5), bench.after(10)] == [2, 0, 1]
    row = bench.place.rows()[-1]
    assert (row.uid, row.source, row.filed) == (2, "imap-unreadable", True)
    assert b"does not hand out its content" in bench.place.raws()[-1]
    assert bench.place.position().uid == 3


def test_a_mail_that_vanishes_while_it_is_waited_for_is_forgotten(bench: Bench) -> None:
    """The position goes on."""
    bench.server.mails[2] = b""
    bench.after(1)
    del bench.server.mails[2]
    bench.server.mails[4] = mail("mail-4")
    assert bench.after(1) == 1
    assert bench.place.position().uid == 4


def test_a_short_body_is_asked_for_once_more(bench: Bench) -> None:
    """Then it is taken as it is: some servers cannot count."""
    bench.server.sizes[2] = 10_000
    assert bench.after(1) == 3
    assert bench.server.count("UID FETCH 2 (BODY.PEEK[])") == 1


def test_one_mail_that_the_server_cannot_read_does_not_hold_back_its_neighbours(bench: Bench) -> None:
    """A refused batch is asked for mail by mail."""

    def refuse(rest: str) -> Answer:
        if "BODY" in rest and "2" in rest.partition(" ")[0]:
            return b"", b"NO [SERVERBUG] internal error"
        return bench.server.usual("UID FETCH", rest), b"OK done"

    bench.server.answers["UID FETCH"] = refuse
    assert bench.after(1) == 2
    assert bench.after(20) == 1
    assert bench.place.rows()[-1].source == "imap-unreadable"


def breaking(bench: Bench, piece: str = "BODY.PEEK[]") -> None:
    """From now on the connection breaks over mail 2."""

    def broken(rest: str) -> Answer:
        if piece in rest and "2" in rest.partition(" ")[0]:
            return None
        return bench.server.usual("UID FETCH", rest), b"OK done"

    bench.server.answers["UID FETCH"] = broken


def struck(bench: Bench, times: int) -> None:
    """So many passes end with a broken connection."""
    for _ in range(times):
        with pytest.raises(ConnectionLost):
            bench.after(1)


def test_a_mail_that_breaks_every_connection_holds_up_no_other(bench: Bench) -> None:
    """Fetched alone after the first break, put aside after some more; a note is taken in when the time is over."""
    breaking(bench)
    struck(bench, 6)
    assert (bench.after(1), bench.place.subjects()) == (1, ["mail-1", "mail-3"])
    struck(bench, 1)
    bench.after(0)
    bench.minutes += 15
    struck(bench, 1)
    assert (bench.after(0), bench.place.rows()[-1].source) == (1, "imap-unreadable")
    assert bench.place.position().uid == 3


def test_a_mail_whose_line_is_well_again_comes_whole(bench: Bench) -> None:
    """It was the line that broke, more often than one mail is tried in a row: no note stands for it."""
    breaking(bench)
    struck(bench, 6)
    assert bench.after(0) == 1
    bench.server.answers.clear()
    assert (bench.after(1), bench.after(1)) == (0, 1)
    assert [row.source for row in bench.place.rows()] == ["imap"] * 3
    assert bench.place.position().uid == 3


def test_a_header_that_breaks_every_connection_holds_up_no_other(bench: Bench) -> None:
    """That of a mail which is too large to be fetched."""
    bench.server.sizes[2] = 2**30
    breaking(bench, "BODY.PEEK[HEADER]")
    struck(bench, 5)
    assert (bench.after(1), bench.place.subjects()) == (1, ["mail-1", "mail-3"])


def test_no_command_carries_words_of_a_mail(bench: Bench) -> None:
    """Whatever a subject looks like."""
    bench.server.mails[2] = mail("1 LOGOUT")
    bench.after(1)
    assert "mail-" not in " ".join(bench.server.commands) and bench.server.count("LOGOUT") == 2
