"""A wait for the mail server ends in time, each step's for itself."""

from __future__ import annotations

import asyncio

from helpdesk.outbox.patience import Patience
from tests.outbox.post import until

SHORT, LONG = 0.02, 1000.0  # seconds


async def test_a_step_that_takes_too_long_is_ended_once() -> None:
    """Whoever waits hears of it by the connection that breaks."""
    ended: list[bool] = []
    patience = Patience(lambda: ended.append(True))
    patience.lasts(SHORT)
    await until(lambda: patience.is_over)
    assert ended == [True]


async def test_time_does_not_run_while_nothing_is_waited_for() -> None:
    """Between two letters, and while ours are written down."""
    patience = Patience(lambda: None)
    patience.lasts(SHORT)
    patience.rests()
    await asyncio.sleep(SHORT * 2)
    assert not patience.is_over
    patience.lasts(SHORT)
    await until(lambda: patience.is_over)


async def test_each_step_has_its_own_time() -> None:
    """A longer one is not ended by the limit of the step before it, a shorter one not kept by it."""
    patience = Patience(lambda: None)
    patience.lasts(SHORT)
    patience.lasts(LONG)
    await asyncio.sleep(SHORT * 2)
    assert not patience.is_over
    patience.lasts(SHORT)
    await until(lambda: patience.is_over)


async def test_after_the_end_nothing_rings() -> None:
    """A connection that was closed is not closed again."""
    patience = Patience(lambda: None)
    patience.lasts(SHORT)
    patience.end()
    await asyncio.sleep(SHORT * 2)
    assert not patience.is_over
