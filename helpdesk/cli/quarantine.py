"""Mails that wait for a person: held by a filter, unproven, or not to be made sense of."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from helpdesk.cli import _shown, _times, existing
from helpdesk.console import counted

group = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Number = Annotated[int, typer.Argument(help="Number in `helpdesk quarantine list`.")]


@group.command("list")
def list_(*, json: Json = False) -> None:
    """All of them, the oldest first."""
    from dataclasses import asdict

    from helpdesk import console
    from helpdesk.store import queues

    with existing() as app, app.store.reading() as session:
        found, when = queues.quarantine_list(session), _times.writer(app.config)
    if json:
        console.json_out([asdict(mail) for mail in found])
        return
    rows = [(mail.id, when(mail.received), mail.sender, mail.subject, mail.reason) for mail in found]
    console.table(("mail", "received", "from", "subject", "reason"), rows, empty="The quarantine is empty.")


@group.command("show")
def show(number: Number, *, json: Json = False) -> None:
    """One mail with every reason, and its words."""
    from helpdesk.store import queues

    with existing() as app, app.store.reading() as session:
        mail, when = queues.quarantined(session, number), _times.writer(app.config)
        raw = queues.export(session, number)
    size, tried = counted(mail.size, "byte"), counted(mail.attempts, "attempt")
    about = [
        f"from {mail.sender or '–'}, received {when(mail.received)}, {size}, {tried}",
        f"held: {mail.reason}",
        *(f"  {finding['filter']}: {finding['outcome']}, {finding['reason']}" for finding in mail.findings),
    ]
    _shown.show("mail", mail, raw, about, json=json)


@group.command("release")
def release(number: Number, *, json: Json = False) -> None:
    """Let it in: it is handled as genuine mail, whatever held it; not when it is unclear which customer it is for."""
    from helpdesk.desk.identity import OTHER_TICKET, SEVERAL_TICKETS
    from helpdesk.errors import UsageError
    from helpdesk.store import queues

    with existing() as app, app.store.reading() as session:
        reason = queues.quarantined(session, number).reason or ""
    if any(doubt in reason for doubt in (OTHER_TICKET, SEVERAL_TICKETS)):
        message = f"Mail {number} cannot be released: {reason}. Ask its author to answer the right letter."
        raise UsageError(message)
    _do("release", number, "released; the daemon will handle it", json=json)


@group.command("retry")
def retry(number: Number, *, json: Json = False) -> None:
    """Handle it once more, as if it had just arrived."""
    _do("retry", number, "waits for the daemon again", json=json)


@group.command("drop")
def drop(number: Number, *, json: Json = False) -> None:
    """Nothing is to be done with it; the mail itself stays in the database."""
    _do("drop", number, "dropped", json=json)


@group.command("export")
def export(
    number: Number,
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output without it.")] = None,
) -> None:
    """Write the mail as it came, byte for byte."""
    from helpdesk.errors import UsageError
    from helpdesk.store import queues

    with existing() as app, app.store.reading() as session:
        raw = queues.export(session, number)
    if file is None or str(file) == "-":
        sys.stdout.buffer.write(raw)
        return
    try:
        with file.open("xb") as target:
            target.write(raw)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}. Name another file."
        raise UsageError(message) from error


def _do(what: str, number: int, done: str, *, json: bool) -> None:
    from helpdesk.store import queues

    act = {"release": queues.release, "retry": queues.retry, "drop": queues.drop}[what]
    with existing() as app, app.store.writing() as session:
        act(session, number, by=_shown.person(), now=app.now())
    _shown.done("mail", number, what, done, json=json)
