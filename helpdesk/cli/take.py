"""Takes mails in from files, or from a mail server's pipe; `helpdesk run` handles them."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import opened
from helpdesk.errors import HelpdeskError

if TYPE_CHECKING:
    from helpdesk.inbox.taking import Taken

PIPE = "-"


def command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help=".eml files, mbox files, Maildirs, folders of these; taking one again does no harm. - is one mail "
            f"from a mail server's pipe: exit 0 when it is safe, else always {os.EX_TEMPFAIL} (try again later).",
        ),
    ],
    *,
    mailbox: Annotated[
        str | None,
        typer.Option(
            metavar="NAME",
            help="Mailbox that they count for; without it the one that each is addressed to, else the first.",
        ),
    ] = None,
    acknowledge: Annotated[
        bool | None,
        typer.Option(
            "--acknowledge/--no-acknowledge",
            show_default=False,
            help="Whether senders get an acknowledgement. Without it those of mail from the pipe do, as it is new, "
            "and those of mails in files do not, as they are old.",
        ),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line and a mail.")] = False,
) -> None:
    """Keep mails byte for byte; the daemon may be running."""
    from helpdesk import console

    counts: Counter[str] = Counter()
    with _safe_or_later() if PIPE in files else nullcontext():
        try:
            for taken in _taken(files, mailbox, acknowledge=acknowledge):
                counts[taken.mailbox] += 1
                if json:
                    console.json_out({"file": taken.source, "mail": taken.mail, "mailbox": taken.mailbox})
        finally:
            # Also before the sentence about a file that could not be read.
            if counts and not json:
                _summary(counts, piped=PIPE in files)
    if not counts and not json:
        console.say("There is no mail in these files.")


def _taken(files: list[str], mailbox: str | None, *, acknowledge: bool | None) -> Iterator[Taken]:
    from helpdesk import console
    from helpdesk.inbox.files import batches, read_all
    from helpdesk.inbox.taking import Taker

    with opened() as app:
        taker = Taker(app.config, app.store, now=app.now, mailbox=mailbox, acknowledge=acknowledge)
        yield from console.progress(taken for batch in batches(read_all(files)) for taken in taker.take(batch))


def _summary(counts: Counter[str], *, piped: bool) -> None:
    from helpdesk import console

    if piped and not console.is_terminal():
        return  # a mail server would put it into its log, or into a mail
    boxes = ", ".join(f"{count} for {name}" for name, count in counts.items())
    console.say(f"{counts.total()} mail{'' if counts.total() == 1 else 's'} kept: {boxes}.")


@contextmanager
def _safe_or_later() -> Iterator[None]:
    """Whatever goes wrong, the mail server shall try again: other numbers send the mail back to its author."""
    from helpdesk import console

    safe = False
    try:
        yield
        safe = True
    except HelpdeskError as error:
        console.fail(str(error))
    finally:
        if not safe:
            if unexpected := sys.exception():
                console.fail(f"{type(unexpected).__name__}: {unexpected}")
            raise typer.Exit(os.EX_TEMPFAIL)
