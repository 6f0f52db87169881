"""`helpdesk init DIR` writes a site that is in order, and asks what it cannot know."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import tomllib
from pathlib import Path

import pytest

from helpdesk.cli import _site
from helpdesk.config import load
from tests.cli.shell import PASSWORDS, Shell, clean_environ

SECONDS = 30  # for a dialogue on a busy machine
OPTIONS = (
    "--company=Próba & Társa", "--language=pl", "--timezone=Europe/Warsaw", "--address=help@proba.example",
    "--mail-host=imap.proba.example", "--staff-name=Nowak \"Jan\"", "--staff-address=Jan.Nowak@proba.example",
)  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """In front of a site that is still to be written."""
    return Shell(tmp_path / "new site")


def dialogue(shell: Shell, *answers: str) -> tuple[int, str]:
    """Type answers at a terminal, each when a question stands there; exit code, and all that was to be seen."""
    ours, theirs = pty.openpty()
    environ = clean_environ() | {"TERM": "dumb", "LANG": "C.UTF-8", "TZ": "Europe/Budapest"}
    command = shell.command("init", str(shell.site))
    with subprocess.Popen(command, env=environ, stdin=theirs, stdout=theirs, stderr=theirs) as asked:
        os.close(theirs)
        seen = ""
        for answer in answers:
            seen += until(ours, ": ")
            os.write(ours, answer.encode() + b"\n")
        seen += until(ours, None)
        code = asked.wait(SECONDS)
    os.close(ours)
    return code, seen


def until(terminal: int, ending: str | None) -> str:
    """What is to be seen until it ends so, or (None) until nobody writes any more."""
    seen = b""
    while ending is None or not seen.decode(errors="ignore").endswith(ending):
        ready, _, _ = select.select([terminal], [], [], SECONDS)
        assert ready, seen
        try:
            new = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            new = b""
        if not new:
            return seen.decode()
        seen += new
    return seen.decode()


def test_options_are_enough(shell: Shell) -> None:
    """Nothing is asked; every answer stands at its keys."""
    assert shell("init", str(shell.site), *OPTIONS).code == 0
    config = load(shell.site, {})
    assert (config.company.name, config.company.language, config.company.timezone) == (
        "Próba & Társa",
        "pl",
        "Europe/Warsaw",
    )
    box = config.mailboxes["support"]
    assert (box.address, box.imap.host, config.smtp.user) == (
        "help@proba.example",
        "imap.proba.example",
        "help@proba.example",
    )
    assert config.staff["jan-nowak"].name == 'Nowak "Jan"'
    assert config.departments["support"].members == ("jan-nowak",)


def test_the_written_site_passes_the_check_once_passwords_are_set(shell: Shell) -> None:
    """And says how to set them, and what to type then."""
    said = shell("init", str(shell.site), "--yes").out
    assert shell("check", environ={}).code == 1
    assert shell("check", environ=PASSWORDS).code == 0
    assert all(word in said for word in (*PASSWORDS, "check", "doctor", "run"))


def test_the_written_site_shows_the_keys_that_may_be_left_out(shell: Shell) -> None:
    """As comments with their defaults, so that little has to be looked up; it is TOML with and without them."""
    shell("init", str(shell.site), "--yes")
    text = (shell.site / "helpdesk.toml").read_text(encoding="utf-8")
    opened = re.sub(r"^#(?=[a-z_]+ = )", "", text, flags=re.MULTILINE)
    assert len(tomllib.loads(opened)["limits"]) > len(tomllib.loads(text)["limits"])
    (shell.site / "helpdesk.toml").write_text(opened, encoding="utf-8")
    assert load(shell.site, {}).tickets.token_days == 30


def test_files_that_are_there_are_never_touched(shell: Shell) -> None:
    """Not one of them is written then."""
    (shell.site / "config").mkdir(parents=True)
    (shell.site / "config/staff.toml").write_text("mine")
    answer = shell("init", str(shell.site), "--yes")
    assert (answer.code, "is there already, and nothing was written" in answer.err) == (2, True)
    assert [path.name for path in shell.site.rglob("*.toml")] == ["staff.toml"]


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--language=Polish", "--language:"),
        ("--timezone=Warsaw", "--timezone:"),
        ("--address=nobody", "--address:"),
        ("--address=Me <me@x.example>", "--address:"),
        ("--mail-host=", "--mail-host:"),
        ("--company=two\nlines", "--company:"),
        ("--staff-address=help@proba.example", "--staff-address:"),
    ],
)
def test_a_wrong_option_is_told_by_its_name(shell: Shell, option: str, sentence: str) -> None:
    """And nothing is written."""
    name = option.partition("=")[0]
    answer = shell("init", str(shell.site), *(each for each in OPTIONS if not each.startswith(name)), option)
    assert (answer.code, answer.err.startswith(f"helpdesk: {sentence}")) == (2, True), answer.err
    assert not shell.site.exists()


def test_without_a_terminal_what_is_missing_is_told(shell: Shell) -> None:
    """A script must not wait for an answer that never comes."""
    answer = shell("init", str(shell.site), *OPTIONS[1:])
    assert (answer.code, answer.err) == (
        2,
        "helpdesk: --company is missing; give it, or --yes to begin with examples.\n",
    )


def test_a_terminal_is_asked_until_the_answer_fits(shell: Shell) -> None:
    """An empty line takes what is offered; a wrong answer is told, and asked for again."""
    answers = ("Próba", "", "Mars", "", "help@proba.example", "", "Nowak Jan", "jan", "jan@proba.example")
    code, seen = dialogue(shell, *answers)
    assert code == 0, seen
    config = load(shell.site, {})
    assert (config.company.name, config.company.timezone) == ("Próba", "Europe/Budapest")
    assert (config.smtp.host, config.staff["jan"].addresses) == ("mail.proba.example", ("jan@proba.example",))
    assert "no time zone" in seen
    assert "no e-mail address" in seen


def test_a_folder_that_cannot_be_made_is_told(shell: Shell) -> None:
    """A file is in its place."""
    shell.site.write_text("a file")
    answer = shell("init", str(shell.site), "--yes")
    assert (answer.code, "cannot be written" in answer.err) == (2, True)


def test_comments_stay_where_they_are() -> None:
    """Filling a file changes values only."""
    filled = _site.fill('a = "x"      # why\nb = ["y"]\n', {"a": 'é"', "b": ["z"]})
    assert filled == 'a = "é\\""    # why\nb = ["z"]\n'
    assert tomllib.loads(filled) == {"a": 'é"', "b": ["z"]}
