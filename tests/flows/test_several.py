"""Several daemons on one PostgreSQL: every mail once, every letter once, and a sleeper who wakes up does no harm."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.crew import Crew
from tests.outbox.scripted import scripted
from tests.servers.mailstack import MailStack
from tests.servers.postgres import Postgres

MANY = [f"mail{number}" for number in range(60)]
SLEEP_SECONDS = 600
FEW = ["early1", "early2", "early3"]

pytestmark = [pytest.mark.dovecot, pytest.mark.postgresql, pytest.mark.xdist_group("several")]


@pytest.fixture
def crew(mailstack: MailStack, postgres: Postgres, tmp_path: Path) -> Iterator[Crew]:
    """A site with an empty mailbox whose end has been noted; all daemons are ended."""
    mailstack.empty("support@helpdesk.test")
    with scripted() as sink:
        limits = "per_domain_hour = 1000\nper_address_hour = 1000\nper_address_day = 1000"
        made = Crew(site=tmp_path / "site", stack=mailstack, url=postgres.fresh_database(), limits=limits, sink=sink)
        made.begin()
        yield made
        made.kill()


def test_the_work_is_shared_by_parts(crew: Crew) -> None:
    """One process takes mail in and handles it, another one sends and does the jobs."""
    for parts in ("inbox,intake", "outbox,jobs"):
        crew.hire("--parts", parts)
    crew.deliver(MANY)
    crew.until_answered(MANY)
    crew.require_once(MANY)
    assert {name: states - {"stopped"} for name, states in crew.beats().items()} == {
        "inbox:support": {"running"},
        "intake": {"running"},
        "outbox": {"running"},
        "jobs": {"starting"},
    }


def test_two_whole_daemons_at_once(crew: Crew) -> None:
    """Started in the same instant: both handle and send, one watches; the other follows when that one ends."""
    daemons = [crew.hire(), crew.hire()]
    crew.deliver(MANY)
    crew.until_answered(MANY)
    crew.require_once(MANY)
    crew.wait_for("inbox:support", "standby")
    assert crew.dismiss(daemons[0]) == 0
    crew.deliver(["late"])
    crew.until_answered(["late"])
    crew.require_once([*MANY, "late"])


@pytest.mark.parametrize("point", ["watcher", "intake", "sender"])
def test_a_sleeper_does_no_harm(crew: Crew, point: str) -> None:
    """Stopped in the middle of his work for twenty minutes while another does it; woken up he does the next."""
    crew.deliver(FEW)
    sleeper = crew.hire(asleep=point)
    crew.until(lambda: crew.sleeps(sleeper))
    crew.pass_minutes(20)
    other = crew.hire()
    crew.until_answered(FEW)
    sleeper.send_signal(signal.SIGCONT)
    crew.until(lambda: "standby" in crew.beats()["inbox:support"])
    crew.require_once(FEW)
    assert crew.dismiss(other) == 0
    crew.deliver(["late"])
    crew.until_answered(["late"])
    crew.require_once([*FEW, "late"])
    assert (crew.read_to(), sleeper.poll()) == (len(FEW) + 1, None)


def test_a_sleeper_in_the_middle_of_a_letter_sends_it_once(crew: Crew) -> None:
    """The other one calls its fate unknown and does not send it; who wakes up ends it, or its server has hung up."""
    crew.deliver(FEW)
    sleeper = crew.hire(asleep="handing over")
    crew.until(lambda: crew.sleeps(sleeper))
    crew.pass_minutes(20)
    crew.hire()
    crew.until(lambda: not crew.busy())
    assert "unknown" in crew.letter_states()
    sleeper.send_signal(signal.SIGCONT)
    crew.until(lambda: crew.letter_states() == {"sent"})
    crew.require_once(FEW)


@pytest.mark.soak
@pytest.mark.timeout(2 * SLEEP_SECONDS)
def test_a_leader_sleeps_for_ten_minutes(crew: Crew) -> None:
    """With all times as they are: the other one follows, and goes on when the first one wakes up."""
    crew.haste = False
    leader = crew.hire()
    crew.wait_for("inbox:support", "running")
    crew.hire()
    crew.wait_for("inbox:support", "standby")
    crew.deliver(MANY)
    leader.send_signal(signal.SIGSTOP)
    began = time.monotonic()
    # Another follows on the watcher after one minute, on mails in hand after five, on letters in hand after fifteen.
    crew.deliver(FEW)
    crew.until(lambda: {f"{subject}@customer.test" for subject in FEW} <= crew.customers(), seconds=SLEEP_SECONDS)
    time.sleep(max(0, began + SLEEP_SECONDS - time.monotonic()))
    leader.send_signal(signal.SIGCONT)
    crew.until_answered([*MANY, *FEW])
    crew.deliver(["late"])
    crew.until_answered(["late"])
    crew.require_once([*MANY, *FEW, "late"])
    assert leader.poll() is None
