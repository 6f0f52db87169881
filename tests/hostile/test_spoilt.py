"""Spoilt mails of all kinds go the whole way: none stops the intake, and none fails but for being no mail at all."""

from __future__ import annotations

from random import Random

import pytest

from helpdesk.errors import MailError
from helpdesk.mail.parse import parse
from tests.fuzz.mutations import CORPUS, at_random
from tests.hostile.cases import Case
from tests.hostile.site import Site

FEW, MANY = 250, 20_000
SOAK_SECONDS = 3_600
SITE = Case(name="C00", raw=b"", expected={"before": ["opened", "other"]})


def unread(raw: bytes) -> bool:
    """Whether it is no mail at all."""
    try:
        parse(raw)
    except MailError:
        return True
    return False


def failures(site: Site, count: int, seed: int) -> list[str]:
    """Why mails could not be handled that are mails."""
    site.begin(SITE)
    random = Random(seed)
    mails = [at_random(site.filled(random.choice(CORPUS)), random) for _ in range(count)]
    ended = (site.ended(number) for number in site.handle(*mails))
    return [str(each.row["reason"]) for each in ended if each.row["attempts"] > 1 and not unread(each.raw)]


def test_spoilt_mails_are_handled_at_the_first_try(site: Site) -> None:
    """Among them replies, orders of colleagues, and bounces of our letters."""
    assert failures(site, FEW, seed=1) == []


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
def test_a_great_many_spoilt_mails_are_handled_at_the_first_try(site: Site) -> None:
    """The same with other mails."""
    assert [each for seed in range(MANY // FEW) for each in failures(site, FEW, seed=seed + 2)] == []
