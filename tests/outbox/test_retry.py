"""When again? Each letter by its own attempts, the whole way out by its failures in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from helpdesk.outbox import retry
from helpdesk.outbox.outcomes import Unknown
from helpdesk.store.tables import OutgoingState
from tests.builders import NOW
from tests.outbox.test_wire import LETTER

EXPIRES = NOW + timedelta(days=5)


@pytest.mark.parametrize(("attempts", "minutes"), [(1, 1), (2, 5), (3, 15), (4, 30), (5, 60), (6, 120), (99, 120)])
def test_the_next_try_is_later_each_time(attempts: int, minutes: int) -> None:
    """1, 5, 15, 30, 60 minutes, then every two hours."""
    again = retry.next_try(attempts, now=NOW, expires=EXPIRES, chance=lambda low, high: (low + high) / 2)
    assert again == NOW + timedelta(minutes=minutes)


@pytest.mark.parametrize(("edge", "minutes"), [(min, 96), (max, 144)])
def test_late_tries_come_apart(edge: type, minutes: int) -> None:
    """A fifth earlier or later, so that letters that failed together do not come back together."""
    assert retry.next_try(6, now=NOW, expires=EXPIRES, chance=edge) == NOW + timedelta(minutes=minutes)


def test_the_last_try_is_at_the_very_end() -> None:
    """After it there is none."""
    assert retry.next_try(6, now=EXPIRES - timedelta(minutes=3), expires=EXPIRES) == EXPIRES
    assert retry.next_try(6, now=EXPIRES, expires=EXPIRES) is None


@pytest.mark.parametrize(("failures", "seconds"), [(1, 1), (2, 2), (5, 16), (9, 256), (10, 300), (1000, 300)])
def test_the_channel_rests_longer_each_time(failures: int, seconds: int) -> None:
    """Doubled up to five minutes, half of it at least."""
    assert retry.pause_seconds(failures, mending=False, chance=max) == seconds
    assert retry.pause_seconds(failures, mending=False, chance=min) == seconds / 2


@pytest.mark.parametrize(("failures", "seconds"), [(1, 60), (2, 120), (5, 900), (1000, 900)])
def test_what_a_person_must_mend_is_not_hammered(failures: int, seconds: int) -> None:
    """Servers lock an account after some refused logins."""
    assert retry.pause_seconds(failures, mending=True, chance=max) == seconds


@pytest.mark.parametrize(
    ("automatic", "outside", "resent", "again"),
    [
        (False, True, False, True),
        (True, False, False, True),
        (True, True, False, False),
        (False, True, True, False),
        (True, False, True, False),
    ],
)
def test_a_letter_of_unknown_fate(automatic: bool, outside: bool, resent: bool, again: bool) -> None:
    """An answer and a letter to a colleague go once more after half an hour; a confirmation never, nothing twice."""
    letter = replace(LETTER, automatic=automatic, outside=outside, resent=resent)
    end = retry.ending(letter, Unknown(words="the line broke"), now=NOW)
    assert end.state is OutgoingState.UNKNOWN
    assert end.next_try == (NOW + timedelta(minutes=30) if again else None)
