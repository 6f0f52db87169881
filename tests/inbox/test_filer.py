"""Mails are moved on the server once they are safe here, exactly those, and again after a failure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from helpdesk.store import queues
from helpdesk.store.session import Store
from tests.inbox.place import USER, Place
from tests.servers.mailstack import MailStack, missing

pytestmark = pytest.mark.dovecot

# What a server of old can do: neither MOVE nor (in the second) UIDPLUS.
WITHOUT_MOVE = "IMAP4rev1 SASL-IR LITERAL+ ENABLE IDLE NAMESPACE UIDPLUS CHILDREN"
WITH_NOTHING = "IMAP4rev1 LITERAL+ IDLE NAMESPACE"


@pytest.fixture(scope="module")
def poor_server() -> Iterator[MailStack]:
    """A server that knows COPY and UID EXPUNGE only."""
    yield from _server(WITHOUT_MOVE)


@pytest.fixture(scope="module")
def poorest_server() -> Iterator[MailStack]:
    """A server that cannot remove single mails."""
    yield from _server(WITH_NOTHING)


def _server(capability: str) -> Iterator[MailStack]:
    if (reason := missing("dovecot", "openssl")) is not None:
        pytest.skip(f"server missing: {reason}")
    server = MailStack(postfix=False, extra=f"imap_capability = {capability}")
    server.start()
    yield server
    server.stop()


def subjects(place: Place, folder: str) -> list[bytes]:
    return [raw.partition(b"Subject: ")[2].partition(b"\r\n")[0] for raw in place.stack.inbox(USER, folder)]


def test_kept_mail_is_moved_and_the_folder_made(place: Place) -> None:
    """``done`` need not exist; a slash parts its levels."""
    place.imap["done"] = "Helpdesk/Done"
    place.take()
    place.deliver("one", "two")
    place.take()
    assert subjects(place, "INBOX") == []
    assert subjects(place, '"Helpdesk/Done"') == [b"one", b"two"]
    assert all(row.filed for row in place.rows())


def test_without_the_setting_mail_stays(place: Place) -> None:
    """Nothing is changed on the server, and nothing is left to be done."""
    place.take()
    place.deliver("one")
    place.take()
    assert subjects(place, "INBOX") == [b"one"]
    assert place.rows()[0].filed


def test_older_mail_in_the_folder_is_not_moved(place: Place) -> None:
    """Only what was kept is filed away."""
    place.imap["done"] = "Done"
    place.deliver("old")
    place.take()
    place.deliver("new")
    place.take()
    assert subjects(place, "INBOX") == [b"old"]


@pytest.mark.parametrize("server", ["mailstack", "poor_server"])
def test_what_a_person_marked_as_deleted_is_not_expunged(
    server: str, store: Store, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """By MOVE or by COPY and UID EXPUNGE: other mails stay, marked or not."""
    place = Place(site=tmp_path, store=store, stack=request.getfixturevalue(server), imap={"done": "Done"})
    place.stack.empty(USER)
    place.deliver("marked by a person")
    with place.stack.session(USER) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        place.take()
        place.deliver("new")
        place.take()
    assert subjects(place, "INBOX") == [b"marked by a person"]
    assert subjects(place, "Done") == [b"new"]


def test_a_server_that_cannot_remove_single_mails_keeps_them(
    poorest_server: MailStack, store: Store, tmp_path: Path
) -> None:
    """Mail is taken in and stays; the status says why."""
    place = Place(site=tmp_path, store=store, stack=poorest_server, imap={"done": "Done"})
    place.take()
    place.deliver("one")
    assert place.take() == 1
    assert subjects(place, "INBOX") == [b"one"]
    assert "neither MOVE nor UIDPLUS" in (place.position().error or "")


def test_a_failed_move_is_tried_again_from_the_table(place: Place) -> None:
    """A refusal holds up nothing: mail is still taken in, and moved later, once."""
    place.take()
    place.deliver("one")
    refused = place.take(done="x" * 300)
    assert (refused, place.rows()[0].filed) == (1, False)
    assert "refused" in (place.position().error or "")
    place.take(done="Done")
    assert (subjects(place, "INBOX"), subjects(place, "Done")) == ([], [b"one"])
    assert place.rows()[0].filed and place.position().error is None


def test_a_mail_moved_by_somebody_else_counts_as_filed(place: Place) -> None:
    """It was on the list, but is gone from the folder."""
    place.take()
    place.deliver("one")
    place.take(done="x" * 300)
    with place.stack.session(USER) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Deleted)")
        client.expunge()
    place.take(done="Done")
    assert place.rows()[0].filed


def test_mail_of_an_earlier_uidvalidity_is_not_confused_with_others(place: Place) -> None:
    """Its UID may mean another mail now; nothing is moved for it."""
    place.take()
    place.deliver("one")
    place.take(done="x" * 300)
    with place.store.writing() as session:
        row = session.merge(place.rows()[0])
        row.uidvalidity = 1
    place.take(done="Done")
    assert subjects(place, "INBOX") == [b"one"]
    with place.store.reading() as session:
        assert queues.to_be_filed(session, "support", 1, 10) == []
