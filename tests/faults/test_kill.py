"""A daemon that is killed between any two steps of the way loses nothing, does nothing twice, and ends up the same."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise

import pytest

from tests.faults.conftest import Grounds
from tests.faults.ground import Ground, Round
from tests.faults.script import MAILS
from tests.faults.snapshot import differences
from tests.invariants import violations
from tests.launcher import RECOVERY, STEPS

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(600)]

ROUNDS = 4  # with so many kills each: twenty at a step
KILLS = 5  # a mail at which the program has died six times is given to a person, and nobody knows here which ones are
FEWEST = 8  # mails that come before each kill
PORTION = 3  # mails or letters at once, every other time: the others find a batch half done

# How often a step is passed with so few mails: at least so often in portions, and with all at once.
PASSINGS = {"S1": (3, 1), "S2": (3, 1), "S3": (3, 1), "S4": (3, 1), "S5": (3, 1), "S6": (8, 8), "S7": (8, 8)}
PASSINGS |= {"S8": (3, 1), "S9": (3, 1), "S10": (3, 1), "S11": (3, 2), "S12": (8, 8), "S13": (8, 8), "S14": (2, 1)}

SEEDS = [("sqlite", 0), *(pytest.param("sqlite", seed, marks=pytest.mark.soak) for seed in range(1, 10))]
SEEDS += [pytest.param("postgresql", seed, marks=pytest.mark.soak) for seed in range(3)]


def waves(chance: random.Random, number: int) -> list[slice]:
    """The script in so many pieces and a last one, none of the others too short."""
    spare = sorted(chance.randint(0, MAILS - number * FEWEST) for _ in range(number))
    ends = [0, *(each + FEWEST * (place + 1) for place, each in enumerate(spare)), MAILS]
    return [slice(start, end) for start, end in pairwise(ends)]


def wrong_at_the_end(ground: Ground, round_: Round) -> list[str]:
    """All invariants, when everything is done: what does not hold."""
    return violations(round_.evidence()) + differences(ground.undisturbed, round_.state())


def disturbed(ground: Ground, round_: Round, steps: Sequence[str], chance: random.Random) -> list[str]:
    """Mails come in, the daemon is killed at a step, more mails come, and so on; then it is left alone.

    Gives back what is wrong at the end.
    """
    raws = [mail.raw for mail in ground.mails]
    *before, last = waves(chance, len(steps))
    for step, wave in zip(steps, before, strict=True):
        round_.deliver(raws[wave])
        portion = chance.choice((PORTION, None))
        most = PASSINGS[step][portion is None]
        fraction = chance.uniform(0, 1.2)
        round_.kill(step, chance.randint(1, most), fraction=fraction, portion=portion)
        assert round_.wrong_now() == []
    round_.deliver(raws[last])
    round_.finish()
    return wrong_at_the_end(ground, round_)


@pytest.mark.parametrize(("dialect", "seed"), SEEDS)
@pytest.mark.parametrize("step", STEPS)
def test_killed_between_two_steps(grounds: Grounds, step: str, dialect: str, seed: int) -> None:
    """Twenty kills at this step, four times five over the sixty mails."""
    chance = random.Random(f"{step} {seed}")
    for _ in range(ROUNDS):
        with grounds(dialect).round() as round_:
            round_.forked = seed == 0  # in the long runs the processes that parse start as they always do
            assert disturbed(grounds(dialect), round_, [step] * KILLS, chance) == []


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(1, 20))])
def test_killed_between_two_steps_on_postgresql(grounds: Grounds, seed: int) -> None:
    """Some of the same: each of the steps once, in a random order."""
    chance = random.Random(seed)
    steps = chance.sample(list(STEPS), len(STEPS))
    for some in (steps[:5], steps[5:10], steps[10:]):
        with grounds("postgresql").round() as round_:
            assert disturbed(grounds("postgresql"), round_, some, chance) == []


@pytest.mark.parametrize("seed", [0, 1, *(pytest.param(seed, marks=pytest.mark.soak) for seed in range(2, 20))])
def test_killed_again_and_again_while_it_recovers(grounds: Grounds, seed: int) -> None:
    """Three more kills before it has taken up what the first one left; twice."""
    chance, ground = random.Random(f"recovery {seed}"), grounds("sqlite")
    raws = [mail.raw for mail in ground.mails]
    with ground.round() as round_:
        for wave, first in ((slice(0, 30), "S6"), (slice(30, 60), "S12")):
            round_.deliver(raws[wave])
            for step in (first, *chance.choices(list(RECOVERY), k=3)):
                round_.kill(step)
                assert round_.wrong_now() == []
        round_.finish()
        assert wrong_at_the_end(ground, round_) == []


def test_a_kill_that_never_came_is_no_run(grounds: Grounds) -> None:
    """A step that is passed less often than planned, or not at all any more, fails loudly."""
    with grounds("sqlite").round() as round_:
        round_.deliver([grounds("sqlite").mails[0].raw])
        with pytest.raises(AssertionError, match="S8 was not passed 2 times"):
            round_.kill("S8", 2)
