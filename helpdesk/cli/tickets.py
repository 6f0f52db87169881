"""Lists, shows and searches tickets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpdesk.cli import existing

if TYPE_CHECKING:
    from helpdesk.config import Config

group = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Limit = Annotated[int, typer.Option("--limit", min=1, help="At most so many.")]


@group.command("list")
def list_(
    status: Annotated[
        list[str] | None, typer.Option("--status", help="new, open, pending, on_hold, closed; may be repeated.")
    ] = None,
    department: Annotated[str | None, typer.Option("--department", help="Key of a department.")] = None,
    owner: Annotated[str | None, typer.Option("--owner", help="Key of a staff member.")] = None,
    limit: Limit = 100,
    *,
    all_: Annotated[bool, typer.Option("--all", help="Closed ones too.")] = False,
    json: Json = False,
) -> None:
    """The tickets that are not closed, the latest changed first."""
    from helpdesk.desk.ticket import Status
    from helpdesk.store import browse

    open_ones = tuple(each for each in Status if all_ or each is not Status.CLOSED)
    statuses = tuple(_status(word) for word in status) if status else open_ones
    with existing() as app, app.store.reading() as session:
        _must_be_known("--department", department, app.config.departments)
        _must_be_known("--owner", owner, app.config.staff)
        found = browse.tickets(session, statuses=statuses, department=department, owner=owner, limit=limit)
        _print(found, app.config, json=json)


@group.command("search")
def search(
    words: Annotated[list[str], typer.Argument(help="All of them must occur.")],
    limit: Limit = 50,
    *,
    json: Json = False,
) -> None:
    """Tickets whose subject, people or messages contain all the words."""
    from helpdesk.store import browse

    with existing() as app, app.store.reading() as session:
        found = browse.tickets(session, words=" ".join(words), limit=limit)
        _print(found, app.config, json=json)


@group.command("show")
def show(
    number: Annotated[str, typer.Argument(help="1042 or HD-1042.")],
    *,
    full: Annotated[bool, typer.Option("--full", help="With quoted text.")] = False,
    json: Json = False,
) -> None:
    """One ticket: its people, messages, letters and history."""
    from helpdesk import console
    from helpdesk.errors import UsageError
    from helpdesk.store import browse

    with existing() as app, app.store.reading() as session:
        found = browse.ticket(session, _number(number))
        if found is None:
            message = f"There is no ticket {number}; `helpdesk tickets list --all` shows those that there are."
            raise UsageError(message)
        if json:
            console.json_out({"ref": f"{app.config.tickets.prefix}-{found['number']}", **found})
        else:
            _show(found, app.config, full=full)


def _status(word: str) -> Any:
    from helpdesk.desk.ticket import Status
    from helpdesk.errors import UsageError

    if word not in set(Status):
        message = f"--status {word}: known are {', '.join(Status)}."
        raise UsageError(message)
    return Status(word)


def _must_be_known(option: str, key: str | None, known: Iterable[str]) -> None:
    """A list that is empty because of a slip would say that nothing waits."""
    from helpdesk.config import keys
    from helpdesk.errors import UsageError

    if key is not None and key not in known:
        message = f"{option} {key}: there is no such key. {keys.nearest(key, known)}"
        raise UsageError(message)


def _number(text: str) -> int:
    from helpdesk.errors import UsageError

    found = re.fullmatch(r"(?:[A-Za-z]{1,8}-)?([0-9]{1,9})", text.strip(" []"))
    if found is None:
        message = f"{text!r} is no ticket number; write 1042 or HD-1042."
        raise UsageError(message)
    return int(found[1])


def _print(found: list[dict[str, Any]], config: Config, *, json: bool) -> None:
    from helpdesk import console

    if json:
        console.json_out([{"ref": f"{config.tickets.prefix}-{row['number']}", **row} for row in found])
    else:
        show_list(found, config)


def show_list(found: list[dict[str, Any]], config: Config) -> None:
    """Tickets, one a row."""
    from helpdesk import console
    from helpdesk.cli import _times

    prefix, when = config.tickets.prefix, _times.writer(config)
    rows = [
        (
            f"{prefix}-{row['number']}",
            row["status"],
            row["owner"] or row["department"],
            row["contact"],
            when(row["updated"]),
            row["subject"],
        )
        for row in found
    ]
    console.table(("ticket", "status", "whose", "contact", "changed", "subject"), rows, empty="No tickets.")


def _show(found: dict[str, Any], config: Config, *, full: bool) -> None:
    from helpdesk import console
    from helpdesk.cli import _times

    when = _times.writer(config)
    console.heading(f"{config.tickets.prefix}-{found['number']}  {found['subject']}")
    name = f"{found['contact_name']} " if found["contact_name"] else ""
    console.say(
        f"{found['status']}, {found['department']}, owner {found['owner'] or '–'}, customer {name}<{found['contact']}>"
    )
    for flag in found["flags"]:
        console.say(f"  ! {flag}")
    for message in found["messages"]:
        who = message["staff"] or message["author_address"]
        console.heading(f"\n{when(message['at'])}  {message['kind']}  {who}")
        console.say(message["full_text" if full else "text"])
        for attachment in message["attachments"]:
            console.say(f"  + {attachment['name']} ({console.counted(attachment['size'], 'byte')})")
    console.heading("\nLetters")
    letters = [
        (when(row["created"]), row["kind"], row["recipient"], row["state"], row["reason"]) for row in found["letters"]
    ]
    console.table(("when", "letter", "to", "state", "reason"), letters, empty="None.")
    console.heading("\nHistory")
    show_history(found["history"], config)


def show_history(found: list[dict[str, Any]], config: Config) -> None:
    """What became of a ticket, the oldest first."""
    from helpdesk import console
    from helpdesk.cli import _times

    when = _times.writer(config)
    events = [(when(row["at"]), row["kind"], row["actor"], row["reason"]) for row in found]
    console.table(("when", "what", "by", "reason"), events)
