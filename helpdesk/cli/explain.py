"""Shows the whole way of a mail: what it is, why, and what would happen; nothing is written."""

from __future__ import annotations

import os
import re
import textwrap
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Annotated, Any

import typer

from helpdesk.cli import Context
from helpdesk.console import counted

LABEL = 12  # columns of the words at the left
KILOBYTE = 1024


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
    json: Annotated[bool, typer.Option("--json", help="One JSON object a line and a mail.")] = False,
) -> None:
    """Explain mails, in the order given; also without a site, where nobody is staff and no ticket is known."""
    from helpdesk import console
    from helpdesk.explaining import Explainer
    from helpdesk.inbox.files import batches, read_all

    with Explainer(_site(), os.environ) as explainer, closing(batches(read_all(files))) as found:
        explained = (each.as_json() for batch in found for each in explainer.explain(batch))
        # The bar and the words would be written over each other.
        for shown in explained if console.is_terminal() else console.progress(explained):
            if json:
                console.json_out(shown)
            else:
                _print(shown)


def _site() -> Path | None:
    """The site, when there is one; a folder that was named must be one."""
    from helpdesk.config.load import MAIN

    named = Context.site != Path()
    return Context.site if named or (Context.site / MAIN).is_file() else None


def _print(shown: Mapping[str, Any]) -> None:
    from helpdesk import console

    console.heading(f"{shown['file']}: {shown['kind']}, {shown['outcome']}")
    for label, words in _facts(shown):
        console.say(_wrapped(label, words, console.WIDTH))
    if shown["text"]:
        console.say()
        for line in shown["text"].splitlines():
            console.say(textwrap.fill(line, console.WIDTH, initial_indent="  | ", subsequent_indent="  | ") or "  |")
    console.say()


def _facts(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """What is said about a mail, line by line: a word at the left and a sentence."""
    if shown["error"]:
        yield "error", shown["error"]
        return
    yield "from", _person(shown["from"]) if shown["from"] else "nobody"
    for key, label in (("reply_to", "reply to"), ("to", "to"), ("cc", "cc")):
        if shown[key]:
            yield label, ", ".join(map(_person, shown[key]))
    yield "subject", shown["subject"] or "(none)"
    if shown["date"]:
        yield "date", shown["date"].replace("T", " ")
    if shown["language"]:
        yield "language", shown["language"]
    yield from (
        ("attached", f"{each['name']} ({each['type']}, {_size(each['size'])})") for each in shown["attachments"]
    )
    if forwarded := shown["forwarded"]:
        yield "forwarded", f"{forwarded['subject'] or '(no subject)'}, {_author(forwarded['from'])}"
    for each in shown["bounced"]:
        yield "bounced", f"{each['address']}, {each['status'] or 'no status'}, {_lasting(each)}"
    yield from ((each["outcome"], f"{each['filter']}: {each['reason']}") for each in shown["findings"])
    yield from _consequences(shown)


def _consequences(shown: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if match := shown["match"]:
        yield "ticket", f"{match['ticket'] or 'one of its own'}, by {match['how']}"
    for change in shown["changes"]:
        yield "change", f"{_words(change['change'])}: {_reason(change)}"
    for letter in shown["outgoing"]:
        held = f"; held: {letter['held']}" if "held" in letter else ""
        yield "letter", f"{_words(letter['kind'])} to {letter['to']}{held}"


def _wrapped(label: str, words: str, width: int) -> str:
    first, others = f"  {label:<{LABEL - 3}} ", " " * LABEL
    return textwrap.fill(words, width, initial_indent=first, subsequent_indent=others, break_on_hyphens=False)


def _words(name: str) -> str:
    """``OpenTicket`` and ``new_ticket`` as words."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", name).lower()


def _reason(change: Mapping[str, Any]) -> str:
    """A change's reason, with what it changes to."""
    said = [str(change[key]) for key in ("status", "owner", "kind") if change.get(key)]
    return ", ".join((*said, change["reason"])) if change.get("reason") else ", ".join(said)


def _person(person: Mapping[str, str | None]) -> str:
    return f"{person['name']} <{person['address']}>" if person["name"] else f"{person['address']}"


def _author(person: Mapping[str, str | None] | None) -> str:
    return f"by {_person(person)}" if person else "author unknown"


def _lasting(bounced: Mapping[str, Any]) -> str:
    return "for good" if bounced["permanent"] else "for now"


def _size(count: int) -> str:
    return counted(count, "byte") if count < KILOBYTE else f"{count / KILOBYTE:.0f} kB"
