"""How long is waited: short at first, longer each time, and never beyond what people are promised."""

from __future__ import annotations

import pytest

from helpdesk.inbox.waits import WAITS

MINUTE = 60


@pytest.mark.parametrize(
    ("refused", "pauses"),
    [(False, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]), (True, [60, 120, 240, 480, 900, 900])],
)
def test_pauses_before_the_next_try_are_doubled_up_to_a_limit(refused: bool, pauses: list[int]) -> None:
    """A refused login is asked again more seldom: many servers lock an account."""
    assert [WAITS.before_retry(number, refused=refused) for number in range(len(pauses))] == pauses


def test_twenty_refused_logins_take_more_than_two_hours() -> None:
    """Each pause is at least half as long as here; none is longer than a quarter of an hour."""
    pauses = [WAITS.before_retry(number, refused=True) for number in range(20)]
    assert max(pauses) == 15 * MINUTE
    assert sum(pauses) / 2 > 120 * MINUTE


def test_a_pause_is_a_number_after_years_of_failures() -> None:
    """A server may be down for longer than a power of two can tell."""
    assert WAITS.before_retry(10**6, refused=False) == 5 * MINUTE
    assert WAITS.before_move(10**6) == 60 * MINUTE


def test_a_dead_line_is_noticed_and_replaced_within_six_minutes() -> None:
    """One IDLE, one answer that does not come, and connecting again."""
    assert WAITS.idle + WAITS.answer + WAITS.first_retry + WAITS.connect < 6 * MINUTE
    assert WAITS.idle + WAITS.answer < WAITS.silent
