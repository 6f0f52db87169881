"""`helpdesk commands` lists the files of the room, each with its sentence."""

from __future__ import annotations

from helpdesk import plugins
from tests.cli.shell import Shell, fits


def test_each_command_is_listed_with_its_sentence(shell: Shell) -> None:
    """As its file says in its first line; nothing but the program is needed for that."""
    answer = shell("commands", "--json")
    wanted = {name: plugins.sentence(module) for name, module in plugins.find("helpdesk.commands").items()}
    assert {row["name"]: row["sentence"] for row in answer.json} == wanted


def test_names_are_whole_within_80_columns(shell: Shell) -> None:
    """What is typed again is never shortened."""
    printed = shell("commands", terminal=True).out
    assert fits(printed)
    assert all(name in printed for name in plugins.find("helpdesk.commands"))
