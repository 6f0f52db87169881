"""The number that a command ends with is that of docs/reference/exit-codes.md."""

from __future__ import annotations

import os
import subprocess
from contextlib import nullcontext
from pathlib import Path

import pytest

from helpdesk import plugins
from tests.cli.shell import Shell
from tests.config import sites


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "check"),
        (0, "config show"),
        (0, "explain mail.eml"),
        (1, "status"),
        (1, "tickets list"),
        (1, "backup file"),
        (2, "explain no.eml"),
        (2, "take no.eml"),
        (2, "restore mail.eml --yes"),
        (2, "reconcile --mailbox no"),
        (2, "run --parts no"),
        (2, "init ."),
        (2, "nothing"),
        (75, "take - no.eml"),
    ],
)
def test_a_site_that_never_ran(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: int, words: str
) -> None:
    """1 where there is nothing yet, 2 where what was typed does not fit."""
    (tmp_path / "mail.eml").write_bytes(b"From: eva@customer.test\n\nx\n")
    with shell.opened() if words.startswith("reconcile") else nullcontext():
        monkeypatch.chdir(tmp_path)
    assert shell(*words.split()).code == code


@pytest.mark.parametrize("words", ["check", "doctor --no-probe", "config show", "run --once", "tickets list"])
def test_a_mistake_in_the_configuration_is_1(shell: Shell, words: str) -> None:
    """For those who look for it, and for those whom it keeps from their work."""
    sites.write(shell.site, main=sites.changed(sites.MAIN, "port = 465", "port = 0"))
    assert shell(*words.split()).code == 1


def test_every_command_that_looks_for_something_wrong_says_what() -> None:
    """In `FAILS`, which the reference lists."""
    rooms = plugins.find("helpdesk.cli").values()
    looking = [room for room in rooms if "exit 1" in f"{room.__doc__} {getattr(room, 'command', room).__doc__}"]
    assert len(looking) > 3
    assert all(hasattr(room, "FAILS") for room in looking)


@pytest.mark.parametrize("words", ["config show", "config show --json", "check", "tickets list"])
def test_whoever_reads_the_output_may_stop(shell: Shell, words: str) -> None:
    """As `head` does, whichever library was writing at that moment; nothing is complained of."""
    with shell.opened():
        pass
    read, write = os.pipe()
    os.close(read)
    try:
        done = subprocess.run(shell.command(*words.split()), stdout=write, stderr=subprocess.PIPE, check=False)
    finally:
        os.close(write)
    assert (done.returncode, done.stderr) == (141, b"")
