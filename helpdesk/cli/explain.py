"""Shows the whole way of a mail: what it is, why, and what would happen; nothing is written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpdesk.cli import Context

if TYPE_CHECKING:
    from helpdesk.explaining import Explained

BATCH = 20  # mails that cross to the parse worker at once


def command(
    files: Annotated[
        list[Path], typer.Argument(help=".eml files, folders of them, mbox files, Maildirs; - for standard input.")
    ],
    *,
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line and a mail.")] = False,
) -> None:
    """Explain mails, in the order given."""
    from helpdesk import console
    from helpdesk.explaining import Explainer
    from helpdesk.inbox import files as readers

    mails = readers.read_all([str(path) for path in files])
    with Explainer(_site(), os.environ) as explainer:
        for explained in console.progress(_explained(explainer, mails)):
            if json:
                console.json_out(explained.as_json())
            else:
                _print(explained)


def _site() -> Path | None:
    """The site, when there is one; a folder that was named must be one."""
    from helpdesk.config.load import MAIN

    named = Context.site != Path()
    return Context.site if named or (Context.site / MAIN).is_file() else None


def _explained(explainer: Any, mails: Iterable[Any]) -> Iterator[Explained]:
    batch: list[Any] = []
    for mail in mails:
        batch.append(mail)
        if len(batch) == BATCH:
            yield from explainer.explain(batch)
            batch = []
    yield from explainer.explain(batch)


def _print(explained: Explained) -> None:
    from helpdesk import console

    shown = explained.as_json()
    console.heading(f"{shown['file']}: {shown['kind']}, {shown['outcome']}")
    if shown["error"]:
        console.say(f"  {shown['error']}")
    sender = shown["from"]
    if sender:
        console.say(f"  from      {sender['name'] or ''} <{sender['address']}>")
    for name in ("to", "cc", "reply_to"):
        if shown[name]:
            console.say(f"  {name:<9} {', '.join(person['address'] for person in shown[name])}")
    console.say(f"  subject   {shown['subject']}")
    for finding in shown["findings"]:
        console.say(f"  {finding['outcome']:<9} {finding['filter']}: {finding['reason']}")
    if shown["match"]:
        console.say(f"  ticket    {shown['match']['ticket'] or 'a new one'}, by {shown['match']['how']}")
    for person in shown["bounced"]:
        console.say(
            f"  bounced   {person['address']} {person['status']} {'for good' if person['permanent'] else 'for now'}"
        )
    for attachment in shown["attachments"]:
        console.say(f"  attached  {attachment['name']} ({attachment['type']}, {attachment['size']} bytes)")
    for change in shown["changes"]:
        console.say(f"  change    {change['change']}: {change['reason']}")
    for letter in shown["outgoing"]:
        console.say(f"  letter    {letter['kind']} to {letter['to']}")
    console.say("\n" + "\n".join(f"    {line}" for line in str(shown["text"]).splitlines()) + "\n")
