"""Lists the files of a room: the name that each has in logs and findings, and the sentence that it begins with."""

from __future__ import annotations

from typing import Annotated

import typer

Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


def show(package: str, *, what: str, json: bool) -> None:
    """Print them in alphabetical order; ``what`` heads the column of names."""
    from helpdesk import console, plugins

    found = {name: plugins.sentence(module) for name, module in plugins.find(package).items()}
    if json:
        console.json_out([{"name": name, "sentence": sentence} for name, sentence in found.items()])
        return
    console.table((what, "what it does"), found.items())
