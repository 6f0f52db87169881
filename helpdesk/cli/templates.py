"""Says where the shipped letters lie, to copy one into a site and change it there."""

from __future__ import annotations

from typing import Annotated

import typer

group = typer.Typer()


@group.command("path")
def path(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Print the folder of the shipped templates; there is one folder a language in it."""
    from helpdesk import console, plugins

    folder = str(plugins.data("templates"))
    if json:
        console.json_out({"path": folder})
    else:
        console.say(folder)


@group.callback()
def _group() -> None:
    """A group although it has one command yet."""
