"""Mails that ended without a ticket (automatic, bounce, copy, our own ...), and the way back for one misread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import _shown, existing

if TYPE_CHECKING:
    from helpdesk.desk.changes import LedgerOutcome

group = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]


@group.command("list")
def list_(
    outcome: Annotated[
        list[str] | None,
        typer.Option(
            "--outcome",
            help="automatic, bounce, duplicate, own, blocked, dropped, ticket, appended, answered; repeatable.",
        ),
    ] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    *,
    json: Json = False,
) -> None:
    """How the latest mails ended; without --outcome those that opened no ticket and wait for nobody."""
    from helpdesk import console
    from helpdesk.cli import _times
    from helpdesk.desk.changes import LedgerOutcome
    from helpdesk.store import browse

    silent = (
        LedgerOutcome.AUTOMATIC,
        LedgerOutcome.BOUNCE,
        LedgerOutcome.DUPLICATE,
        LedgerOutcome.OWN,
        LedgerOutcome.BLOCKED,
        LedgerOutcome.DROPPED,
    )
    outcomes = tuple(map(_outcome, outcome)) if outcome else silent
    with existing() as app, app.store.reading() as session:
        found, when = browse.mails(session, outcomes=outcomes, limit=limit), _times.writer(app.config)
    if json:
        console.json_out(found)
        return
    rows = [
        (row["id"], when(row["received"]), row["outcome"].value, row["sender"], row["subject"], row["reason"])
        for row in found
    ]
    console.table(("mail", "received", "ended as", "from", "subject", "reason"), rows, empty="None.")


@group.command("handle")
def handle(
    number: Annotated[int, typer.Argument(help="Number in `helpdesk mails list`.")], *, json: Json = False
) -> None:
    """It ended as automatic or bounce, but a person wrote it: handle it again, and open a ticket for it."""
    from helpdesk.store import queues

    with existing() as app, app.store.writing() as session:
        queues.handle_as_mail(session, number, by=_shown.person())
    _shown.done("mail", number, "handle", "waits for the daemon, and will be handled as mail by a person", json=json)


def _outcome(word: str) -> LedgerOutcome:
    from helpdesk.desk.changes import LedgerOutcome
    from helpdesk.errors import UsageError

    try:
        return LedgerOutcome(word)
    except ValueError:
        message = f"There is no outcome {word}; choose from {', '.join(LedgerOutcome)}."
        raise UsageError(message) from None
