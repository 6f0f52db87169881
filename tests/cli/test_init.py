"""`helpdesk init DIR` writes a site that is in order, and asks what it cannot know."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from helpdesk.cli import _site
from helpdesk.config import keys, load
from tests.cli.shell import PASSWORDS, Shell, dialogue

OPTIONS = (
    "--company=Próba & Társa", "--language=pl", "--timezone=Europe/Warsaw", "--address=help@proba.example",
    "--mail-host=imap.proba.example", "--staff-name=Nowak \"Jan\"", "--staff-address=Jan.Nowak@proba.example",
)  # fmt: skip


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """In front of a site that is still to be written."""
    return Shell(tmp_path / "new site")


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


def test_the_written_site_names_every_key(shell: Shell) -> None:
    """So that nothing has to be looked up elsewhere."""
    shell("init", str(shell.site), "--yes")
    for key in keys.known():
        name = key.key.rpartition(".")[2]
        text = (shell.site / key.file).read_text(encoding="utf-8")
        assert re.search(rf"\b{name} = ", text), key.key


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
        ("--language=de", '--language: there are no letters in "de". There are: bs, en, hu, pl, ru;'),
        ("--timezone=Warsaw", "--timezone:"),
        ("--address=nobody", "--address:"),
        ("--address=help@proba", '--address: "help@proba" has no dot behind the @; write the whole address'),
        ("--staff-address=jan@proba", '--staff-address: "jan@proba" has no dot behind the @;'),
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
    answers = ("Próba", "", "Mars", "", "help@proba.example", "", "Nowak Jan", "jan", "jan@proba.example", "y")
    code, seen = dialogue(shell.command("init", str(shell.site)), *answers)
    assert code == 0, seen
    config = load(shell.site, {})
    assert (config.company.name, config.company.timezone) == ("Próba", "Europe/Budapest")
    assert (config.smtp.host, config.staff["jan"].addresses) == ("mail.proba.example", ("jan@proba.example",))
    assert "help@proba.example" in seen.partition("The site in")[2].partition("Write it? (y/n)")[0]
    assert "no time zone" in seen
    assert "no e-mail address" in seen


@pytest.mark.parametrize(("last", "code"), [(("n",), 1), (("",), 0), (("igen", "y"), 0)])
def test_only_a_no_at_the_end_throws_the_answers_away(shell: Shell, last: tuple[str, ...], code: int) -> None:
    """Enter takes the yes that is offered, and what is neither yes nor no is asked again; a no writes nothing."""
    answers = ("Próba", "", "", "help@proba.example", "", "Nowak Jan", "jan@proba.example", *last)
    ended, seen = dialogue(shell.command("init", str(shell.site)), *answers)
    assert (ended, "Nothing was written." in seen, shell.site.exists()) == (code, code == 1, code == 0)
    assert ("Answer y to go on, or n to stop here." in seen) == (len(last) > 1)


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
