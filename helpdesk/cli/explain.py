"""Shows the whole way of a mail: what it is, why, and what would happen; nothing is written."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer

from helpdesk.cli import Context

WITHOUT = (
    "There is no site here: nobody is staff, and no ticket is known.\n`helpdesk --site FOLDER explain ...` asks one.\n"
)


def command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help=".eml files, mbox files, Maildirs, folders of these; - for one mail on standard input.",
        ),
    ],
    *,
    full: Annotated[bool, typer.Option("--full", help="Show all lines of what was cut.")] = False,
    summary: Annotated[
        bool, typer.Option("--summary", help="Count what the mails are, and list what would be held; nothing else.")
    ] = False,
    json: Annotated[
        bool, typer.Option("--json", help="One JSON object a line and a mail, of a summary a single one.")
    ] = False,
) -> None:
    """Explain mails, in the order given; also without a site, where nobody is staff and no ticket is known."""
    from helpdesk import console
    from helpdesk.cli._summary import summarise
    from helpdesk.cli._understood import show
    from helpdesk.explaining import Explainer
    from helpdesk.inbox.files import batches, read_all

    if summary:
        with Explainer(site := _site(), os.environ, shown=False) as explainer:
            if site is None and not json:
                console.say(WITHOUT)
            summarise(files, explainer, json=json)
        return
    with Explainer(site := _site(), os.environ) as explainer, closing(batches(read_all(files))) as found:
        if site is None and not json:
            console.say(WITHOUT)
        explained = explainer.explain_all(found)
        # The bar and the words would be written over each other.
        for shown in explained if console.is_terminal() else console.progress(explained):
            if json:
                console.json_out(shown.as_json())
            else:
                show(shown, full=full)


def _site() -> Path | None:
    """The site, when there is one; a folder that was named must be one."""
    from helpdesk.config.load import MAIN

    named = Context.site != Path()
    return Context.site if named or (Context.site / MAIN).is_file() else None
