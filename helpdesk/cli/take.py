"""Takes mails in from files or a mail server's pipe; staff are told of each new ticket, however old its mail is."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import opened
from helpdesk.cli._advice import typeable
from helpdesk.cli._exits import FAILED, LATER
from helpdesk.console import counted
from helpdesk.errors import HelpdeskError, UsageError

if TYPE_CHECKING:
    from helpdesk.inbox.files import Found
    from helpdesk.inbox.taking import Taken

PIPE = "-"
MANY = 20  # mails; each may become a ticket that several people are told of, so more are asked about first
PLACES = 10  # folders and mboxes that are told one by one


def command(
    files: Annotated[
        list[str],
        typer.Argument(
            metavar="FILE",
            show_default=False,
            help=".eml files, mbox files, Maildirs, folders of these; taking one again does no harm. - is one mail "
            f"from a mail server's pipe: exit 0 when it is safe, else always {LATER} (try again later).",
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
    yes: Annotated[
        bool,
        typer.Option(
            "--yes", help=f"Do not ask; needed for more than {MANY} mails where there is no terminal to ask at."
        ),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line and a mail.")] = False,
) -> None:
    """Keep mails byte for byte; staff are told of each new ticket that comes of them. The daemon may be running."""
    from helpdesk import console

    deaf: OSError | None = None
    with _safe_or_later() if PIPE in files else nullcontext():
        if not _agreed(files, acknowledge=acknowledge, yes=yes):
            console.say("Nothing was taken.")
            raise typer.Exit(FAILED)
        deaf = _take(files, mailbox, acknowledge=acknowledge, json=json)
    if deaf is not None:
        raise deaf


def _agreed(files: list[str], *, acknowledge: bool | None, yes: bool) -> bool:
    """Say what lies there, and ask before much is taken. Raises UsageError where nobody can be asked."""
    from helpdesk import console

    lying = _lying([file for file in files if file != PIPE])
    count = lying.total()
    if count == 0:
        return True
    told = "senders get an acknowledgement" if acknowledge else "senders get no acknowledgement"
    console.warn(f"{counted(count, 'mail')} found; staff are told of each new ticket, {told}:")
    for place, number in sorted(lying.items())[:PLACES]:
        console.warn(f"  {place}: {number}")
    if len(lying) > PLACES:
        console.warn(f"  ... and {counted(len(lying) - PLACES, 'more place')}.")
    if count <= MANY or yes:
        return True
    if not (console.is_terminal() and console.is_terminal(sys.stdin)):
        message = f"{counted(count, 'mail')} are more than {MANY}: look at the list, and give --yes to take them."
        raise UsageError(message)
    return acknowledge is not None or console.agrees("Take them?")


def _lying(files: list[str]) -> Counter[str]:
    """How many mails lie in each folder and mbox. What cannot be read is told when the rest has been taken."""
    from helpdesk import console
    from helpdesk.inbox.files import read_all

    places: Counter[str] = Counter()
    with suppress(UsageError):
        for found in console.progress(read_all(files), what="looking"):
            file, mbox, _ = found.source.rpartition("#")
            places[file if mbox and Path(file).is_file() else str(Path(found.source).parent)] += 1
    return places


def _take(files: list[str], mailbox: str | None, *, acknowledge: bool | None, json: bool) -> OSError | None:
    """Take them all; gives the error when nobody wants to hear of it any more."""
    from helpdesk import console

    counts: Counter[str] = Counter()
    deaf: OSError | None = None
    try:
        for taken in _taken(files, mailbox, acknowledge=acknowledge):
            counts[taken.mailbox] += 1
            if json and deaf is None:
                try:
                    console.json_out({"file": taken.source, "mail": taken.mail, "mailbox": taken.mailbox})
                except OSError as error:
                    deaf = error
    finally:
        # Also before the sentence about a file that could not be read.
        if counts and not json:
            _summary(counts, piped=PIPE in files)
    if not counts and not json:
        console.say("There is no mail in these files.")
    return deaf


def _taken(files: list[str], mailbox: str | None, *, acknowledge: bool | None) -> Iterator[Taken]:
    from helpdesk import console
    from helpdesk.inbox.files import batches, read_all
    from helpdesk.inbox.taking import Taker

    with opened() as app:
        taker = Taker(app.config, app.store, now=app.now, mailbox=mailbox, acknowledge=acknowledge)
        mails = map(_whole, read_all(files))
        yield from console.progress(taken for batch in batches(mails) for taken in taker.take(batch))


def _whole(found: Found) -> Found:
    """A pipe that broke upstream brings nothing: the mail server must keep the mail and try again."""
    if found.source == PIPE and not found.raw:
        message = "Nothing came through the pipe."
        raise UsageError(message)
    return found


def _summary(counts: Counter[str], *, piped: bool) -> None:
    from helpdesk import console

    if piped and not console.is_terminal():
        return  # a mail server would put it into its log, or into a mail
    boxes = ", ".join(f"{count} for {name}" for name, count in counts.items())
    console.say(f"{counted(counts.total(), 'mail')} kept: {boxes}.")


@contextmanager
def _safe_or_later() -> Iterator[None]:
    """Whatever goes wrong, the mail server shall try again: other numbers send the mail back to its author."""
    from helpdesk import console

    safe = told = False
    try:
        yield
        safe = True
    except HelpdeskError as error:
        console.fail(typeable(str(error)))
        told = True
    finally:
        if not safe:
            # Whoever called us may hold the error that is told already.
            if (unexpected := sys.exception()) and not told:
                console.fail(f"{type(unexpected).__name__}: {unexpected}")
            raise typer.Exit(LATER)
