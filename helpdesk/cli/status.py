"""How the daemon is: parts, mailboxes, queues, last errors; exit 1 when something is unwell."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpdesk.cli import EXIT_FAILED, opened

if TYPE_CHECKING:
    from helpdesk.app import App

QUIET_MINUTES = 10  # a part that has said nothing for so long is not running; the slowest beat is every five minutes
STUCK_MINUTES = 15  # a mail or letter that waits for longer although it could be handled


def command(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Print the state of everything."""
    from helpdesk import console

    with opened() as app:
        found = gather(app)
    if json:
        console.json_out(found)
    else:
        _print(found)
    if not found["well"]:
        raise typer.Exit(EXIT_FAILED)


def gather(app: App) -> dict[str, Any]:
    """Everything that is printed; ``problems`` are sentences, ``well`` is true when there is none."""
    from dataclasses import asdict

    from helpdesk.store import browse, parts, positions

    now = app.now()
    with app.store.reading() as session:
        beats = [asdict(beat) for beat in parts.beats(session)]
        mailboxes = [asdict(position) for position in positions.known(session)]
        depths = browse.depths(session)
    problems = [*_parts(beats, now), *_mailboxes(app, mailboxes), *_queues(depths), *_settings(app)]
    return {
        "well": not any(not text.startswith("note:") for text in problems),
        "problems": problems,
        "parts": beats,
        "mailboxes": mailboxes,
        "queues": depths,
        "free_mb": app.store.free_mb(),
    }


def _parts(beats: list[dict[str, Any]], now: Any) -> list[str]:
    if not any(now - beat["beat"] < timedelta(minutes=QUIET_MINUTES) and beat["state"] != "stopped" for beat in beats):
        return ["the daemon is not running; type: helpdesk run"]
    found = []
    for beat in beats:
        quiet = now - beat["beat"]
        if quiet > timedelta(minutes=QUIET_MINUTES) and beat["state"] != "stopped":
            found.append(f"{beat['name']} has been silent for {int(quiet.total_seconds() // 60)} minutes")
        elif beat["state"] in ("failed", "waiting"):
            found.append(f"{beat['name']} is {beat['state']}: {beat['error']}")
    return found


def _mailboxes(app: App, mailboxes: list[dict[str, Any]]) -> list[str]:
    read = {box["mailbox"] for box in mailboxes}
    found = [f"the mailbox {name} has never been read" for name in app.config.mailboxes if name not in read]
    return found + [f"the mailbox {box['mailbox']}: {box['error']}" for box in mailboxes if box["error"]]


def _queues(depths: Any) -> list[str]:
    found = []
    if waiting := depths["incoming"].get("quarantine"):
        found.append(f"note: {waiting} mails in quarantine; type: helpdesk quarantine list")
    for state in ("failed", "unknown", "held"):
        if count := depths["outgoing"].get(state):
            found.append(f"note: {count} letters {state}; type: helpdesk outbox list")
    return found


def _settings(app: App) -> list[str]:
    found = []
    servers = {"smtp": app.config.smtp, **{f"mailboxes.{n}.imap": box.imap for n, box in app.config.mailboxes.items()}}
    found += [
        f"note: {key} is insecure: everything travels readable" for key, server in servers.items() if server.insecure
    ]
    free, least = app.store.free_mb(), app.config.store.minimum_free_mb
    if free is not None and free < least:
        found.append(f"{free} MB free, less than {least}: no mail is fetched until there is room")
    return found


def _print(found: dict[str, Any]) -> None:
    from helpdesk import console

    console.heading("well" if found["well"] else "UNWELL")
    for problem in found["problems"]:
        console.say(f"  {problem}")
    console.heading("\nParts")
    rows = [(part["name"], part["state"], part["beat"], part["error"]) for part in found["parts"]]
    console.table(("part", "state", "last beat (UTC)", "last error"), rows, empty="None has ever run.")
    console.heading("\nMailboxes")
    boxes = [(box["mailbox"], box["uid"], box["uidvalidity"], box["beat"], box["error"]) for box in found["mailboxes"]]
    console.table(("mailbox", "read to", "validity", "last look (UTC)", "error"), boxes, empty="None was ever read.")
    console.heading("\nQueues")
    queues = [
        (name, ", ".join(f"{count} {state}" for state, count in states.items()) or "empty")
        for name, states in found["queues"].items()
    ]
    console.table(("queue", "rows"), queues)
