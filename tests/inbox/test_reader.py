"""What is taken in from a mailbox: by position, whole, once, and never by flags or a time window."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import pytest

from helpdesk.errors import StoreFull
from helpdesk.inbox import fetcher
from helpdesk.inbox.stub import MEGABYTE
from tests.inbox.place import USER, Place, mail, utc_now

pytestmark = pytest.mark.dovecot

DAY = dt.timedelta(days=1)


def test_the_first_start_takes_nothing_that_is_there_already(place: Place) -> None:
    """since = "now" begins behind the mails that lie in the folder."""
    place.deliver("old")
    assert place.take() == 0
    place.deliver("new")
    assert place.take() == 1
    assert place.subjects() == ["new"]
    assert place.rows()[0].acknowledge


def test_a_mailbox_is_begun_before_its_first_mail(place: Place) -> None:
    """An empty folder has a position too, so the first mail ever is new."""
    place.take()
    assert place.position().uid == 0
    place.deliver("first")
    assert place.take() == 1


def test_with_a_date_older_mail_is_taken_but_never_acknowledged(place: Place) -> None:
    """Mail since the date comes in; what is older than the first start gets no automatic answer."""
    now = utc_now()
    for days in (12, 3, 1):
        place.append(mail(f"day-{days}"), received=now - days * DAY)
    place.since = (now - 5 * DAY).date()
    assert place.take() == 2
    place.append(mail("new"), received=utc_now())
    place.take()
    assert [(s, r.acknowledge) for s, r in zip(place.subjects(), place.rows(), strict=True)] == [
        ("day-3", False),
        ("day-1", False),
        ("new", True),
    ]


def test_a_date_begins_at_midnight_of_the_company(place: Place) -> None:
    """The server compares days only; the instant is compared here."""
    day = utc_now().date() - 3 * DAY
    midnight = dt.datetime.combine(day, dt.time.min, tzinfo=dt.UTC)
    place.append(mail("before"), received=midnight - dt.timedelta(minutes=1))
    place.append(mail("after"), received=midnight + dt.timedelta(minutes=1))
    place.since = day
    place.take()
    assert place.subjects() == ["after"]


def test_mail_comes_in_batches_and_in_order(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each batch is a commit of its own, and the position moves with it."""
    monkeypatch.setattr(fetcher, "BATCH_MAILS", 3)
    place.take()
    names = [f"mail-{number}" for number in range(8)]
    place.deliver(*names)
    assert place.take() == 8
    assert place.subjects() == names
    assert len(place.arrivals) == 3
    assert place.position().uid == 8


def test_batches_are_limited_by_size_too(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory holds a few megabytes at once, however large the mails."""
    monkeypatch.setattr(fetcher, "BATCH_BYTES", 25_000)
    place.take()
    for number in range(4):
        place.stack.deliver(USER, mail(f"large-{number}", body="x" * 900 + "\r\n" + "y" * 900 + "\r\n" * 5000))
    assert place.take() == 4
    assert len(place.arrivals) == 2


def test_the_bytes_are_kept_as_they_came(place: Place) -> None:
    """What was kept is what the server has, to the byte."""
    place.take()
    place.stack.deliver(USER, b"From: eva@customer.test\r\nSubject: \xe1rv\xedz\r\n\r\n\x00\xff caf\xe9\r\n")
    place.take()
    assert place.raws() == place.stack.inbox(USER)


def test_mail_that_a_person_has_read_is_taken_too(place: Place) -> None:
    """Flags are people's; new is what lies above the position."""
    place.take()
    place.deliver("read")
    with place.stack.session(USER) as client:
        client.uid("STORE", "1", "+FLAGS", r"(\Seen \Flagged)")
    assert place.take() == 1


@pytest.mark.parametrize("done", [None, "Helpdesk/Done"])
def test_the_seen_flag_is_never_set(place: Place, done: str | None) -> None:
    """A person who looks into the mailbox sees what nobody has read."""
    place.take()
    place.deliver("unread")
    assert place.take(done=done) == 1
    with place.stack.session(USER, f'"{done}"' if done else "INBOX") as client:
        assert b"Seen" not in client.uid("FETCH", "1:*", "(FLAGS)")[1][0]


def test_a_second_pass_takes_nothing_again(place: Place) -> None:
    """The position is kept, over a restart as well."""
    place.take()
    place.deliver("one", "two")
    assert [place.take(), place.take()] == [2, 0]
    assert len(place.rows()) == 2


def test_mail_that_vanished_is_no_fault(place: Place) -> None:
    """Somebody deleted the middle one; the others come in."""
    place.take()
    place.deliver("one", "two", "three")
    with place.stack.session(USER) as client:
        client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
        client.expunge()
    place.take()
    assert place.subjects() == ["one", "three"]
    assert place.position().uid == 3


def anew(place: Place, folder: str) -> None:
    """Delete a folder and make it again: all its UIDs are void."""
    with place.stack.session(USER) as client:
        client.delete(folder)
        client.create(folder)


def test_under_another_uidvalidity_everything_is_read_anew_without_acknowledgement(place: Place) -> None:
    """What lies there is taken again (its content tells later that it is known) and gets no automatic answer."""
    place.imap["folder"] = "Support"
    anew(place, "Support")
    place.now = lambda: utc_now() - dt.timedelta(hours=1)
    place.take()
    anew(place, "Support")
    place.append(mail("ancient"), received=utc_now() - 30 * DAY, folder="Support")
    place.append(mail("known"), received=utc_now() - dt.timedelta(minutes=1), folder="Support")
    began = place.position().began
    place.now = utc_now
    assert place.take() == 1
    assert (place.subjects(), place.rows()[0].acknowledge) == (["known"], False)
    assert place.position().began == began
    place.append(mail("fresh"), received=utc_now() + DAY, folder="Support")
    place.take()
    assert place.rows()[-1].acknowledge


def test_an_arrival_in_the_future_counts_as_now(place: Place) -> None:
    """Deadlines begin at the arrival; a wrong clock must not put it off."""
    place.take()
    place.append(mail("tomorrow"), received=utc_now() + DAY)
    place.take()
    assert place.rows()[0].received <= utc_now()


def test_of_a_mail_that_is_too_large_only_the_header_is_taken(place: Place) -> None:
    """A ticket can open; the mail itself stays where it is, even with a folder for what is done."""
    place.imap["done"] = "Done"
    place.mail_limits = {"maximum_mb": 1}
    place.take()
    place.stack.deliver(USER, mail("huge", body=("x" * 70 + "\r\n") * 20_000))
    place.deliver("small")
    assert place.take() == 2
    row = place.rows()[0]
    assert (row.source, row.filed) == ("imap-oversize", True)
    assert place.subjects() == ["huge", "small"]
    assert b"more than the 1 MB" in place.raws()[0] and len(place.raws()[0]) < 2000
    assert [b"Subject: huge" in raw for raw in place.stack.inbox(USER)] == [True]


def test_a_mail_of_forty_megabytes_takes_no_memory(place: Place) -> None:
    """C86: more than the limit that is shipped; a quarter of it at most is ever held."""
    place.take()
    place.append(mail("huge", body=("x" * 998 + "\r\n") * 40_000), received=utc_now())
    tracemalloc.start()
    assert place.take() == 1
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert place.rows()[0].source == "imap-oversize"
    assert peak < 10 * MEGABYTE


def test_without_free_space_nothing_is_fetched(place: Place) -> None:
    """The mail waits on the server, and the reason is said."""
    if place.store.free_mb() is None:
        pytest.skip("the disk of the database is not ours to see")
    place.take()
    place.deliver("waits")
    place.minimum_free_mb = 10**9
    with pytest.raises(StoreFull, match="waits on the server"):
        place.take()
    assert place.rows() == []
    assert "waits on the server" in (place.position().error or "")
    place.minimum_free_mb = 1
    assert place.take() == 1
    assert place.position().error is None
