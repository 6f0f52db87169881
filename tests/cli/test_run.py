"""`helpdesk run` as a process: one pass, taking in only, ending when it is told to, one daemon a database."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from helpdesk.store import browse
from tests.cli.shell import PASSWORDS, Shell, clean_environ
from tests.flows.house import House
from tests.servers.mailstack import MailStack

SECONDS = 60  # for one pass on a busy machine
EVA = "eva@customer.test"

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix, pytest.mark.slow]


@pytest.fixture
def house(postfix: MailStack, tmp_path: Path) -> Iterator[House]:
    """A site with empty mailboxes; whatever runs is ended."""
    postfix.empty("support@helpdesk.test", "anna@helpdesk.test", "bela@helpdesk.test", EVA)
    house = House(site=tmp_path / "site", stack=postfix, url="sqlite:///helpdesk.db")
    house.write_site()
    yield house
    if house._daemon is not None:
        house.stop(signal.SIGKILL)


def run(house: House, *options: str) -> subprocess.CompletedProcess[str]:
    """Run the daemon until it ends by itself."""
    command = Shell(house.site).command("run", *options)
    return subprocess.run(command, env=house.environ, capture_output=True, text=True, timeout=SECONDS, check=False)


def events(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The log: JSON, one line an event."""
    assert done.stdout == ""
    return [json.loads(line) for line in done.stderr.splitlines()]


def depths(house: House) -> Any:
    with house.opened() as app, app.store.reading() as session:
        return browse.depths(session)


def test_one_pass_fetches_handles_sends_and_ends(house: House) -> None:
    """The first pass only notes where the mailbox ends; the second one answers what came since."""
    assert run(house, "--once").returncode == 0
    house.customer_writes(EVA, "Printer")
    house.stack.wait_for("support@helpdesk.test", lambda raw: b"Subject: Printer" in raw)
    done = run(house, "--once")
    assert (done.returncode, "ticket opened" in [line["event"] for line in events(done)]) == (0, True)
    house.stack.wait_for(EVA, lambda raw: b"Auto-Submitted: auto-replied" in raw)
    assert set(depths(house)["outgoing"]) == {"sent"}


def test_read_only_takes_mail_in_and_sends_nothing(house: House) -> None:
    """What would be sent waits in the outbox, for the days before switching over."""
    run(house, "--once", "--read-only")
    house.customer_writes(EVA, "Printer")
    house.stack.wait_for("support@helpdesk.test", lambda raw: b"Subject: Printer" in raw)
    assert run(house, "--once", "--read-only").returncode == 0
    assert (depths(house)["tickets"], set(depths(house)["outgoing"])) == ({"new": 1}, {"queued"})
    assert house.stack.inbox(EVA) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_an_orderly_way(house: House, number: int) -> None:
    """Exit 0, and every part says that it has stopped."""
    house.start()
    assert house.stop(number) == 0
    assert json.loads(house.log.splitlines()[-1])["event"] == "daemon stopped"
    states = {part["state"] for part in Shell(house.site)("status", "--json", environ={"PASSWORD": "x"}).json["parts"]}
    assert states == {"stopped"}


def test_a_second_daemon_is_refused(house: House) -> None:
    """Two would send everything twice."""
    house.start()
    second = run(house)
    assert second.returncode == 1
    assert "Another helpdesk daemon works on" in second.stderr
    assert "several processes need PostgreSQL" in second.stderr
    assert "Traceback" not in second.stderr


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--parts", "inbox,sender"), "--parts takes some of inbox,intake,outbox,jobs, and not: sender."),
        (("--parts", ","), "--parts takes some of inbox,intake,outbox,jobs, and not: nothing."),
        (("--parts", "outbox", "--read-only"), "--read-only sends nothing, and --parts outbox does nothing else"),
    ],
)
def test_parts_that_there_are_not_are_refused(shell: Shell, options: tuple[str, ...], told: str) -> None:
    """One sentence, exit 2, before anything is begun."""
    answer = shell("run", *options)
    assert answer.code == 2
    assert told in answer.err


def test_a_part_alone_leaves_the_others_undone_and_status_says_so(house: House) -> None:
    """Mail is kept and waits; nobody handles it, sends, or does the jobs."""
    house.start("--parts", "inbox")
    told = Shell(house.site)("status", environ={"PASSWORD": "x"}).out
    for part in ("intake", "outbox", "jobs"):
        assert f"no process does {part}; stop the daemon, and type: helpdesk --site {house.site} run" in told
    assert "no process does inbox" not in told


def test_a_running_daemon_is_well(house: House) -> None:
    """`status` at its side."""
    house.start()
    answer = Shell(house.site)("status", environ={"PASSWORD": "x"})
    assert (answer.code, answer.out.splitlines()[0]) == (0, "well"), answer.out


def test_one_pass_over_a_mailbox_that_cannot_be_read_tells_it(house: House) -> None:
    """Exit 1, with the reason in one sentence at the end."""
    done = subprocess.run(
        Shell(house.site).command("run", "--once"),
        env=house.environ | {"PASSWORD": "wrong"},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].startswith("helpdesk: localhost:")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("letter", ["Subject: x [{{ ref }}]\n\n{% if %}", "", "no subject\n"])
def test_a_broken_letter_is_told_at_the_start(shell: Shell, letter: str) -> None:
    """In the words of `check`, exit 1; else every mail that it is written for would end in quarantine."""
    own = shell.site / "templates/hu/acknowledgement.j2"
    own.parent.mkdir(parents=True)
    own.write_text(letter)
    environ = clean_environ() | PASSWORDS
    command = shell.command("run", "--once")
    done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 1
    told = done.stderr.splitlines()[-1].removeprefix("helpdesk: ")
    assert told == shell("check").out.splitlines()[0]
    assert str(own) in told


def test_a_site_with_mistakes_is_left_as_it_was(shell: Shell) -> None:
    """All of them are told, and no database is made: it would look as if the daemon had run."""
    refused = shell("run", "--once", environ={})
    assert (refused.code, refused.out) == (1, "")
    assert "the configuration has 2 mistakes" in refused.err
    assert not (shell.site / "helpdesk.db").exists()
