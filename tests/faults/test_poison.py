"""A mail that kills whatever reads it ends in quarantine after three tries; the others do not notice."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.store.tables import IncomingState
from tests.faults.conftest import Grounds
from tests.faults.ground import Round
from tests.faults.snapshot import Snapshot, differences
from tests.invariants import digest, violations

pytestmark = [pytest.mark.dovecot, pytest.mark.timeout(600)]

POISON = [f"From: eva@customer.test\r\nX-Poison: {n}\r\nSubject: {n}\r\n\r\nHello\r\n".encode() for n in range(2)]

# What a process that parses loads before anything else: with it, these mails kill it each time, and no other does.
SITE = """
import os
import signal
from helpdesk.mail import parse as door

usual = door.parse


def parse(raw, *more, **named):
    if b"X-Poison:" in raw:
        os.kill(os.getpid(), signal.SIGKILL)
    return usual(raw, *more, **named)


door.parse = parse
"""


@pytest.fixture
def worker(tmp_path: Path) -> str:
    """The folder that such a process loads it from."""
    (tmp_path / "sitecustomize.py").write_text(SITE)
    return str(tmp_path)


def without_poison(state: Snapshot) -> Snapshot:
    """What became of the other mails."""
    names = [digest(raw)[:12] for raw in POISON]
    return {
        table: [line for line in lines if not any(name in line for name in names)] for table, lines in state.items()
    }


def check_quarantine(round_: Round) -> None:
    """After three tries, each of which cost a process that parses."""
    kept = {mail.sha256: mail for mail in round_.evidence().ledger}
    for mail in (kept[digest(raw)] for raw in POISON):
        assert (mail.state, mail.attempts) == (IncomingState.QUARANTINE, 3)
        assert mail.reason and "SIGKILL" in mail.reason and "after 3 attempts" in mail.reason


@pytest.mark.parametrize("dialect", ["sqlite", pytest.param("postgresql", marks=pytest.mark.soak)])
def test_poison_goes_to_quarantine_and_the_others_pass(grounds: Grounds, worker: str, dialect: str) -> None:
    """Two poisonous mails among sixty."""
    ground = grounds(dialect)
    raws = [mail.raw for mail in ground.mails]
    with ground.round() as round_:
        round_.deliver([POISON[0], *raws[:30], POISON[1], *raws[30:]])
        round_.finish(worker=worker)
        check_quarantine(round_)
        assert violations(round_.evidence()) == []
        assert differences(ground.undisturbed, without_poison(round_.state())) == []


def test_poison_with_a_killed_daemon_in_between(grounds: Grounds, worker: str) -> None:
    """The try that the daemon did not survive counts as well: there is no fourth one."""
    ground = grounds("sqlite")
    raws = [mail.raw for mail in ground.mails]
    with ground.round() as round_:
        round_.deliver([POISON[0], *raws[:30], POISON[1], *raws[30:]])
        round_.kill("S7", 5, worker=worker)
        round_.finish(worker=worker)
        check_quarantine(round_)
        assert violations(round_.evidence()) == []
        assert differences(ground.undisturbed, without_poison(round_.state())) == []
