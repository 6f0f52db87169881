"""What holds for every command: exit codes, one sentence for a mistake, a reader that has seen enough."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.shell import PASSWORDS, Shell, clean_environ, keep, typed, written
from tests.config import sites

SECONDS = 60  # for a command on a busy machine
LISTS = (
    ["tickets", "list"],
    ["quarantine", "list"],
    ["filters"],
    ["commands"],
    ["guards"],
    ["jobs"],
    ["status"],
    ["config", "show"],
    ["check"],
)


@pytest.mark.parametrize("words", LISTS, ids=" ".join)
def test_every_list_has_json(shell: Shell, words: list[str]) -> None:
    """One document on one line, and nothing else on standard output."""
    with shell.opened():
        pass
    answer = shell(*words, "--json")
    assert answer.json is not None
    assert (answer.out.count("\n"), answer.err) == (1, "")


@pytest.mark.parametrize("words", [["no-such-command"], ["tickets", "--no-such-option"], ["tickets", "show"], ["init"]])
def test_a_mistyped_command_is_exit_2(shell: Shell, words: list[str]) -> None:
    """With a hint, on standard error."""
    answer = shell(*words)
    assert (answer.code, answer.out) == (2, "")
    assert "--help" in answer.err


@pytest.mark.parametrize(
    "words", [["run"], ["status"], ["tickets", "list"], ["quarantine", "list"], ["config", "show"]]
)
def test_mistakes_in_the_configuration_are_all_told(shell: Shell, words: list[str]) -> None:
    """Exit 1, one line each, whatever was asked."""
    sites.write(shell.site, main=sites.MAIN.replace("port = 465", "prot = 465\nport = 0"))
    answer = shell(*words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines()[0] == "helpdesk: the configuration has 2 mistakes:"
    assert len(answer.err.splitlines()) == 3


def test_a_folder_without_a_site_is_told_in_one_sentence(shell: Shell) -> None:
    """With the command that writes one."""
    (shell.site / "helpdesk.toml").unlink()
    answer = shell("status")
    assert answer.code == 1
    assert "there is no helpdesk.toml in" in answer.err
    assert "`helpdesk init DIR`" in answer.err


def test_a_database_that_is_none_is_told_in_one_sentence(shell: Shell) -> None:
    """Whatever the driver raises."""
    (shell.site / "helpdesk.db").write_text("no database" * 1000)
    answer = shell("tickets", "list")
    assert (answer.code, answer.err.count("\n")) == (1, 1)
    assert answer.err.startswith("helpdesk: The database ")


def test_a_reader_that_has_seen_enough_ends_the_command_quietly(shell: Shell) -> None:
    """As with `helpdesk config show | head -1`: no word, and not the code of a success."""
    with subprocess.Popen(
        shell.command("config", "show", "--json"),
        env=clean_environ() | PASSWORDS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as asked:
        assert asked.stdout is not None
        assert asked.stderr is not None
        asked.stdout.close()
        complaints = asked.stderr.read()
        code = asked.wait(SECONDS)
    assert complaints == b""
    assert code in (1, 128 + signal.SIGPIPE)


def test_a_poor_terminal_shows_numbers_for_letters(shell: Shell) -> None:
    """It does not end the command."""
    with shell.opened() as app:
        keep(app)
    environ = clean_environ() | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    done = subprocess.run(
        shell.command("config", "show"), env=environ, capture_output=True, timeout=SECONDS, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"Kov\\xe1cs Anna" in done.stdout


@pytest.mark.parametrize("words", [["tickets", "list"], ["outbox", "list"], ["quarantine", "list"], ["status"]])
def test_looking_at_a_site_that_never_ran_makes_nothing(shell: Shell, words: list[str]) -> None:
    """It says so in one sentence; a database would look as if the daemon had been there."""
    answer = shell(*words)
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (1, "", 1)
    assert "nothing to show. If yours lies elsewhere, name its folder with --site" in answer.err
    assert f"start it with `helpdesk --site {shell.site} run`" in answer.err
    assert not (shell.site / "helpdesk.db").exists()


@pytest.mark.parametrize(
    ("site", "environ", "advised"),
    [
        (["--site", "a b"], {}, "`helpdesk --site 'a b' run`"),
        (["--site=site"], {}, "`helpdesk --site site run`"),
        ([], {"HELPDESK_SITE": "site"}, "`helpdesk run`"),
    ],
)
def test_what_is_advised_can_be_typed_as_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: list[str], environ: dict[str, str], advised: str
) -> None:
    """With `--site` as it was given; what the environment says it will say again."""
    for name in ("a b", "site"):
        (tmp_path / name).mkdir()
        written(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    assert advised in typed(*site, "tickets", "list", environ=environ).err


def test_an_output_that_takes_no_more_is_one_sentence(shell: Shell) -> None:
    """A full disk, say; exit 1."""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            shell.command("config", "show"), env=clean_environ(), stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert (done.returncode, done.stderr) == (
        1,
        b"helpdesk: The output cannot be written: No space left on device.\n",
    )


def test_a_folder_that_may_not_be_looked_into_is_one_sentence(shell: Shell, tmp_path: Path) -> None:
    """As for somebody who is not root, which the tests may be: the user gives his rights away first."""
    shut = tmp_path / "shut"
    shut.mkdir(mode=0o644)
    alone = [] if os.getuid() else ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    if subprocess.run([*alone, sys.executable, "-c", ""], check=False, capture_output=True).returncode:
        pytest.skip("nobody but root may start this Python")
    for words in (["--site", str(shut / "site"), "check"], ["init", str(shut / "site"), "--yes"]):
        command = [*alone, sys.executable, "-m", "helpdesk", *words]
        done = subprocess.run(command, env=clean_environ(), capture_output=True, text=True, check=False)
        assert done.returncode == 1
        assert done.stderr.startswith(f"helpdesk: {shut / 'site'}")
        assert "Traceback" not in done.stderr
        assert done.stderr.count("\n") == 1
