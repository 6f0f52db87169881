"""Is it the server, a sender, or one letter? And how long does the way out rest?"""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.errors import ChannelLost, ChannelRefused, HelpdeskError
from helpdesk.outbox.channel import Channel
from tests.builders import NOW

LOST, REFUSED = ChannelLost("cut"), ChannelRefused("wrong password")


class Clock:
    """Seconds that tests set."""

    seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def channel(clock: Clock) -> Channel:
    return Channel(clock)


@pytest.mark.parametrize(("error", "least", "most"), [(LOST, 0.5, 1), (REFUSED, 30, 60)])
def test_a_failure_lets_it_rest(channel: Channel, clock: Clock, error: HelpdeskError, least: int, most: int) -> None:
    """Longer when somebody must mend it; then one letter probes, and success ends it all."""
    assert least <= channel.fails(error, connecting=True) <= most
    assert (channel.trouble, channel.probing) == (str(error), True)
    clock.seconds += most
    assert channel.rest_seconds == 0 and channel.probing
    channel.accepts(1, "support@helpdesk.test")
    assert (channel.trouble, channel.probing) == (None, False)


def test_connections_that_break_together_are_one_failure(channel: Channel, clock: Clock) -> None:
    """The pause does not grow by their number."""
    first = channel.fails(LOST, connecting=False)
    for _ in range(10):
        assert channel.fails(LOST, connecting=False) <= first
    clock.seconds += first
    assert channel.fails(LOST, connecting=False) <= 2


def test_a_connection_mends_only_what_was_wrong_with_connecting(channel: Channel, clock: Clock) -> None:
    """A server that lets us in and then takes nothing is still down."""
    channel.fails(LOST, connecting=False)
    channel.connected()
    assert channel.trouble == "cut"
    clock.seconds += 10
    channel.fails(REFUSED, connecting=True)
    assert not channel.proven
    channel.connected()
    assert channel.trouble is None and channel.proven


def test_a_letter_is_to_blame_when_another_passed_between_two_faults(channel: Channel) -> None:
    """Not before, however often it fails; and not for what was before it was settled."""
    assert not channel.is_to_blame(1)
    assert not channel.is_to_blame(1)
    channel.accepts(2, "x")
    assert not channel.is_to_blame(3)
    assert channel.is_to_blame(1)
    channel.forget(1)
    assert not channel.is_to_blame(1)


def test_a_refused_sender_waits_alone(channel: Channel) -> None:
    """Longer each time; a letter of his that is taken ends it."""
    until = channel.refuses_sender("a", "not you", NOW)
    assert channel.sender_waits("a", NOW) == until and channel.sender_waits("b", NOW) is None
    assert channel.sender_waits("a", until) is None
    assert channel.refuses_sender("a", "not you", until) - until >= timedelta(seconds=60)
    assert (channel.trouble, channel.rest_seconds) == ("not you", 0)
    channel.accepts(1, "a")
    assert channel.trouble is None


def test_a_refused_sender_without_letters_is_forgotten(channel: Channel) -> None:
    """When a person has cancelled them the status is well again."""
    until = channel.refuses_sender("a", "not you", NOW)
    channel.forget_senders(until)
    assert channel.trouble
    channel.forget_senders(until + timedelta(minutes=15))
    assert channel.trouble is None
