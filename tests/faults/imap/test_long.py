"""The long forms: a black hole in the product's own time, and hundreds of faults in a row."""

from __future__ import annotations

import random
import time

import pytest

from helpdesk.inbox.waits import WAITS
from tests.faults.imap.line import Line, Side, Then
from tests.faults.imap.office import FULL, MAILBOXES, TLS, Office

pytestmark = [pytest.mark.dovecot, pytest.mark.soak, pytest.mark.timeout(900)]

SIX_MINUTES = 360
SEEDS = 3
FAULTS = 40
PLACES: list[tuple[Side, bytes]] = [
    ("client", b" SELECT"), ("client", b" UID SEARCH"), ("server", b"RFC822.SIZE"), ("client", b"BODY.PEEK"),
    ("server", b"BODY[] {"), ("client", b" UID MOVE"), ("server", b"COPYUID"), ("server", b"+ idling"),
]  # fmt: skip
WAYS: tuple[Then, ...] = ("close", "reset", "swallow")


def test_a_black_hole_in_the_product_s_own_time(office: Office) -> None:
    """With the waits that are shipped: mail that comes behind a forgotten line is a ticket within six minutes."""
    office.stop()
    office.waits = WAITS
    office.start()
    for name in MAILBOXES:
        office.until_well(name)
    time.sleep(2)  # all are idle
    for line in office.lines.values():
        line.forget()
    for name in MAILBOXES:
        office.customer_writes(f"hole-{name}", to=name)
    assert office.until(lambda: len(office.tickets()) == len(office.sent), seconds=SIX_MINUTES) < SIX_MINUTES


@pytest.mark.parametrize("seed", range(SEEDS))
def test_faults_at_random(office: Office, seed: int) -> None:
    """Lines that break and servers that are killed while mail comes in: one ticket and one letter for each."""
    chance = random.Random(seed)
    names = sorted(MAILBOXES)
    for number in range(FAULTS):
        name = chance.choice(names)
        line = office.lines[name]
        if chance.random() < 0.1:
            office.stop_server(kill=chance.random() < 0.5)
            office.stack.start_dovecot()
        elif name != TLS:
            says, pattern = chance.choice(PLACES)
            line.strike(says, pattern, after=chance.randrange(200), then=chance.choice(WAYS))
        else:
            _cut(line, chance)
        office.customer_writes(
            f"random-{seed}-{number}", to=name, size=0 if name == FULL else chance.choice((0, 0, 20_000))
        )
        time.sleep(chance.random() / 2)
    for line in office.lines.values():
        line.heal()
    office.until(lambda: len(office.tickets()) >= len(office.sent), seconds=300)
    assert set(office.tickets().values()) == {1}


def _cut(line: Line, chance: random.Random) -> None:
    chance.choice((line.cut, line.forget))()
