"""Mails that wait for a person: held by a filter, unproven, or not to be made sense of."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from helpdesk.cli import opened

group = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Number = Annotated[int, typer.Argument(help="Number in `helpdesk quarantine list`.")]


@group.command("list")
def list_(*, json: Json = False) -> None:
    """All of them, the oldest first."""
    from helpdesk import console
    from helpdesk.store import queues

    with opened() as app, app.store.reading() as session:
        found = queues.quarantine_list(session)
    if json:
        console.json_out([_jsonable(mail) for mail in found])
        return
    rows = [(mail.id, mail.received, mail.sender, mail.subject, mail.reason) for mail in found]
    console.table(("mail", "received", "from", "subject", "reason"), rows, empty="The quarantine is empty.")


@group.command("show")
def show(number: Number, *, json: Json = False) -> None:
    """One mail with every reason, and its words."""
    from helpdesk import console
    from helpdesk.errors import MailError
    from helpdesk.mail.parse import parse
    from helpdesk.store import queues

    with opened() as app, app.store.reading() as session:
        mail = queues.quarantined(session, number)
        raw = queues.export(session, number)
    try:
        text = parse(raw).full_text
    except MailError as error:
        text = f"({error})"
    if json:
        console.json_out({**_jsonable(mail), "text": text})
        return
    console.heading(f"mail {mail.id}: {mail.subject or '(no subject)'}")
    received = f"{mail.received:%Y-%m-%d %H:%M}"
    console.say(f"from {mail.sender or '–'}, received {received}, {mail.size} bytes, {mail.attempts} attempts")
    console.say(f"held: {mail.reason}")
    for finding in mail.findings:
        console.say(f"  {finding['filter']}: {finding['outcome']}, {finding['reason']}")
    console.say(f"\n{text}")


@group.command("release")
def release(number: Number) -> None:
    """Let it in: it is handled as genuine mail, whatever held it."""
    _do("release", number, "released; the daemon will handle it")


@group.command("retry")
def retry(number: Number) -> None:
    """Handle it once more, as if it had just arrived."""
    _do("retry", number, "waits for the daemon again")


@group.command("drop")
def drop(number: Number) -> None:
    """Nothing is to be done with it; the mail itself stays in the database."""
    _do("drop", number, "dropped")


@group.command("export")
def export(
    number: Number,
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output without it.")] = None,
) -> None:
    """Write the mail as it came, byte for byte."""
    from helpdesk.errors import UsageError
    from helpdesk.store import queues

    with opened() as app, app.store.reading() as session:
        raw = queues.export(session, number)
    if file is None:
        sys.stdout.buffer.write(raw)
        return
    try:
        with file.open("xb") as target:
            target.write(raw)
    except OSError as error:
        message = f"{file} cannot be written: {error.strerror}. Name another file."
        raise UsageError(message) from error


def _do(what: str, number: int, done: str) -> None:
    from helpdesk import console
    from helpdesk.store import queues

    act = {"release": queues.release, "retry": queues.retry, "drop": queues.drop}[what]
    with opened() as app, app.store.writing() as session:
        act(session, number, by=f"shell:{os.environ.get('USER', 'root')}", now=app.now())
    console.say(f"Mail {number} {done}.")


def _jsonable(mail: object) -> dict[str, object]:
    from dataclasses import asdict

    return asdict(mail)  # type: ignore[call-overload,no-any-return]
