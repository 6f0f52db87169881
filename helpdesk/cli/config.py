"""Shows the configuration that is in force, and where each value came from."""

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


@group.callback()
def _group() -> None:
    """A group although it has one command yet."""
