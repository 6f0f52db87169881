"""Shows the configuration that is in force, where each value came from, and which keys there are."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from helpdesk.cli import Context

group = typer.Typer()


@group.command("show")
def show(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Every key, its value, and the line, the environment or the default that it came from; passwords are masked."""
    from itertools import groupby

    from helpdesk import console
    from helpdesk.config import listing, load

    found = list(listing.settings(load(Context.site, os.environ)))
    if json:
        console.json_out([{"key": each.key, "value": each.value, "origin": each.origin} for each in found])
        return
    for section, settings in groupby(found, key=lambda setting: setting.section):
        console.heading(f"[{section}]")
        console.lines([(each.name, each.text, each.place) for each in settings])


@group.command("keys")
def keys_(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Every key that there is, what it holds, and what it is for; NAME stands for a word of your own."""
    from helpdesk import console
    from helpdesk.config import keys

    known = list(keys.known())
    if json:
        console.json_out(
            [
                {"key": each.key, "file": each.file, "holds": each.kind, "required": each.required, "what": each.words}
                for each in known
            ]
        )
        return
    console.table(("key", "holds", "what it is for"), [(each.key, each.kind, each.words) for each in known])
