"""A mailbox is watched: new mail is noticed at once, faults are outlived, and the status tells how it is."""

from __future__ import annotations

import time

import pytest

from helpdesk.errors import LoginRefused
from helpdesk.store import parts
from helpdesk.store.parts import Beat
from tests.inbox.conftest import running
from tests.inbox.place import USER, Place, until

pytestmark = pytest.mark.dovecot

AT_ONCE = 1.5  # seconds; a busy machine gets half a second more than people are promised


def part(place: Place) -> Beat | None:
    with place.store.reading() as session:
        return next(iter(parts.beats(session)), None)


def is_running(place: Place) -> bool:
    beat = part(place)
    return beat is not None and beat.state == "running"


def test_new_mail_is_noticed_at_once(place: Place) -> None:
    """The server tells (IDLE), with nobody asking; several times."""
    with running(place):
        until(lambda: is_running(place))
        for number in range(3):
            time.sleep(0.3)
            began = time.monotonic()
            place.deliver(f"mail-{number}")
            until(lambda: len(place.arrivals) > number)  # noqa: B023 - it is called in the same turn
            assert place.arrivals[-1] - began < AT_ONCE
    assert place.subjects() == ["mail-0", "mail-1", "mail-2"]


def test_without_idle_the_mailbox_is_polled(place: Place) -> None:
    """The net for servers that do not tell."""
    with running(place, idle=False, poll_seconds=1):
        until(lambda: is_running(place))
        place.deliver("polled")
        assert until(lambda: place.arrivals) < 4


def test_a_nudge_ends_the_wait(place: Place) -> None:
    """The daemon may ask to look now."""
    with running(place, idle=False, poll_seconds=300) as watcher:
        until(lambda: is_running(place))
        place.deliver("nudged")
        watcher.nudge()
        assert until(lambda: place.arrivals, seconds=5) < 5


def test_stop_ends_an_idle_watcher_soon(place: Place) -> None:
    """No waiting for the end of IDLE; the status says stopped."""
    with running(place) as watcher:
        until(lambda: is_running(place))
        watcher.stop()
        assert until(lambda: not watcher.is_alive()) < 3
    beat = part(place)
    assert beat is not None and beat.state == "stopped"


def test_a_killed_session_is_replaced(place: Place) -> None:
    """The server cuts the connection in IDLE; the next mail comes in all the same."""
    with running(place):
        until(lambda: is_running(place))
        place.stack.kick(USER)
        place.deliver("after the cut")
        until(lambda: place.subjects())
    assert place.subjects() == ["after the cut"]


def test_a_restart_of_the_server_is_outlived(place: Place) -> None:
    """While it is down the status says so, without a busy loop; then mail comes in again."""
    with running(place):
        until(lambda: is_running(place))
        place.stack.stop_dovecot()
        try:
            until(lambda: not is_running(place))
            used = time.process_time()
            time.sleep(1)
            assert time.process_time() - used < 0.5
            assert "does not answer" in (place.position().error or "") or "broke" in (place.position().error or "")
        finally:
            place.stack.start_dovecot()
        place.deliver("after the restart")
        until(lambda: place.subjects() == ["after the restart"], seconds=30)
        until(lambda: place.position().error is None)


def test_a_folder_that_a_person_deleted_is_an_error_and_no_other_is_read(place: Place) -> None:
    """It is not made again either; when it is back, mail comes in."""
    place.imap |= {"folder": "Support", "poll_seconds": 1, "idle": False}
    with place.stack.session(USER) as client:
        client.create("Support")
    with running(place):
        until(lambda: is_running(place))
        with place.stack.session(USER) as client:
            client.rename("Support", "Elsewhere")
        place.deliver("in another folder")
        until(lambda: not is_running(place))
    assert place.rows() == []
    assert "Support" in (place.position().error or "")


def test_a_refused_login_is_told_once_and_not_hammered(place: Place, caplog: pytest.LogCaptureFixture) -> None:
    """The next try is a minute away; the status says what the server said."""
    caplog.set_level("INFO", "helpdesk")
    with running(place, user="nobody@helpdesk.test"):
        until(lambda: part(place) is not None)
        time.sleep(1.5)
    told = [record for record in caplog.records if record.message == "mailbox in trouble"]
    assert len(told) == 1
    beat = part(place)
    assert beat is not None and "refused the user nobody@helpdesk.test" in (beat.error or "")


def test_one_pass_raises_what_is_wrong(place: Place) -> None:
    """``run --once`` must not end well when the mailbox could not be read."""
    with pytest.raises(LoginRefused):
        place.take(user="nobody@helpdesk.test")


def test_a_watcher_that_hangs_can_be_cut(place: Place) -> None:
    """Its connection breaks; it connects again by itself."""
    with running(place) as watcher:
        until(lambda: is_running(place))
        watcher.cut()
        place.deliver("after the cut")
        until(lambda: place.subjects())
    assert place.subjects() == ["after the cut"]
