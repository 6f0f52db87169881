"""`helpdesk templates path` says where the shipped letters lie."""

from __future__ import annotations

from pathlib import Path

from tests.cli.shell import Shell


def test_the_folder_of_the_shipped_letters_is_printed(shell: Shell) -> None:
    """A line to be used in a command, and JSON; no site is needed."""
    (shell.site / "helpdesk.toml").unlink()
    folder = shell("templates", "path").out.removesuffix("\n")
    assert (Path(folder) / "hu" / "acknowledgement.j2").is_file()
    assert shell("templates", "path", "--json").json == {"path": folder}
