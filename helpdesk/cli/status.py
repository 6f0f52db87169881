"""How the daemon is: parts, mailboxes, queues, last errors; exit 1 when something is unwell."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpdesk.cli import _counts, _times, existing
from helpdesk.cli._advice import typeable
from helpdesk.cli._exits import FAILED
from helpdesk.console import counted

if TYPE_CHECKING:
    from collections.abc import Callable

    from helpdesk.app import App
    from helpdesk.config import Config
    from helpdesk.store.reconciliations import Reconciled
    from helpdesk.store.stuck import Stuck

QUIET_MINUTES = 10  # a part that has said nothing for so long is not running; the slowest beat is every five minutes
STUCK_MINUTES = 15  # a mail or letter that waits for longer although it could be handled
UNSEEN_HOURS = 24  # in quarantine; a customer may be waiting there
NOTE = "note: "  # begins what should be known but keeps nobody from working
MOVED_DAYS = 7  # for so long it is told that a mailbox is read at another place; a wrong host is found by then
COMPARED_DAYS = 3  # a mailbox is compared with the ledger each day, or each hour until its server answers
ENDED = ("done", "quarantine")  # states of a mail that is accounted for
MISSED = "missed"  # the finding that names mails that are not in the ledger
LEFT = "left"  # the finding that names mails that are kept, and only lie in the wrong folder
STANDBY = "standby"  # as in `store.parts`, which takes long to import
LATE_MINUTES = 5  # for one look at a mailbox, beyond the pause between two looks

FAILS = "something is unwell (a note is not)"


def command(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Print the state of everything."""
    from helpdesk import console

    with existing() as app:
        found = gather(app)
    found["problems"] = [typeable(text) for text in found["problems"]]
    if json:
        console.json_out(found)
    else:
        _print(found, app.config)
    if not found["well"]:
        raise typer.Exit(FAILED)


def gather(app: App) -> dict[str, Any]:
    """Everything that is printed; ``problems`` are sentences, ``well`` is true when all of them are mere notes."""
    from dataclasses import asdict

    from helpdesk.store import browse, parts, positions, reconciliations
    from helpdesk.store.stuck import stuck, waiting_for_a_person

    now = app.now()
    with app.store.reading() as session:
        beats = _spoken_of([asdict(beat) for beat in parts.beats(session) if _is_configured(beat.name, app)], now)
        mailboxes = [asdict(each) for each in positions.known(session) if each.mailbox in app.config.mailboxes]
        depths = browse.depths(session)
        waiting = stuck(session, now - timedelta(minutes=STUCK_MINUTES))
        compared = [each for name, each in reconciliations.known(session).items() if name in app.config.mailboxes]
        forgotten = waiting_for_a_person(session, now - timedelta(hours=UNSEEN_HOURS))
    sending = any(beat["name"] == "outbox" and _lives(beat, now) for beat in beats)
    read_only = _is_read_only(beats, now)
    problems = [
        *_parts(beats, now),
        *_undone(app, beats, now, read_only=read_only),
        *_mailboxes(app, mailboxes, now, watched=any(_lives(beat, now) for beat in beats)),
        *_reconciled(app, compared, mailboxes, now),
        *_stuck(waiting, sending=sending, read_only=read_only, queued=depths["outgoing"].get("queued", 0)),
        *_queues(depths, forgotten),
        *_settings(app),
    ]
    return {
        "well": all(text.startswith(NOTE) for text in problems),
        "problems": problems,
        "read_only": read_only,
        "parts": beats,
        "mailboxes": mailboxes,
        "queues": depths,
        "ledger": _ledger(depths, compared),
        "reconciled": [asdict(each) for each in compared],
        "stuck": asdict(waiting),
        "free_mb": app.store.free_mb(),
    }


def _is_configured(part: str, app: App) -> bool:
    """A mailbox that was taken out of the configuration leaves its last beat behind."""
    room, _, mailbox = part.partition(":")
    return room != "inbox" or mailbox in app.config.mailboxes


def _spoken_of(beats: list[dict[str, Any]], now: datetime) -> list[dict[str, Any]]:
    """Of each part every process that lives; where none does, the last one that did."""
    living = [beat for beat in beats if _lives(beat, now)]
    names = {beat["name"] for beat in living}
    # The newest come first.
    last = {beat["name"]: beat for beat in reversed(beats) if beat["name"] not in names}
    return sorted([*living, *last.values()], key=lambda beat: (beat["name"], beat["state"] == STANDBY))


def _is_read_only(beats: list[dict[str, Any]], now: datetime) -> bool:
    """Whether the daemon runs and was told to send nothing: it says at its start that the way out is stopped."""
    alive = {beat["process"] for beat in beats if _lives(beat, now)}
    if any(beat["name"] == "outbox" and _lives(beat, now) for beat in beats):
        return False
    return any(beat["name"] == "outbox" and beat["state"] == "stopped" and beat["process"] in alive for beat in beats)


def _lives(beat: dict[str, Any], now: datetime) -> bool:
    return bool(now - beat["beat"] < timedelta(minutes=QUIET_MINUTES) and beat["state"] != "stopped")


def _parts(beats: list[dict[str, Any]], now: datetime) -> list[str]:
    if not any(_lives(beat, now) for beat in beats):
        return ["the daemon is not running; type: helpdesk run"]
    found = []
    for beat in beats:
        if beat["state"] in ("failed", "waiting"):
            found.append(f"{beat['name']} is {beat['state']}: {beat['error'] or 'no reason given'}")
        elif beat["state"] != "stopped" and not _lives(beat, now):
            found.append(f"{beat['name']} has been silent for {_minutes(now - beat['beat'])}")
    return found


def _undone(app: App, beats: list[dict[str, Any]], now: datetime, *, read_only: bool) -> list[str]:
    """Parts that no process does, while others are done: it was started with ``--parts``, or has been stopped."""
    from helpdesk.store import parts

    if not any(_lives(beat, now) for beat in beats):
        return []
    # One that is silent is told of as such.
    done = {beat["name"] for beat in beats if beat["state"] not in (parts.STOPPED, parts.STANDBY)}
    found = []
    for word in parts.ALL:
        undone = [name for name in parts.names({word}, app.config.mailboxes) if name not in done]
        if undone and not (word == parts.OUTBOX and read_only):
            # SQLite takes one process: there the one that runs has to do everything.
            mend = "stop the daemon, and type: helpdesk run" if app.store.path else f"type: helpdesk run --parts {word}"
            found.append(f"no process does {', '.join(undone)}; {mend}")
    return found


def _mailboxes(app: App, mailboxes: list[dict[str, Any]], now: datetime, *, watched: bool) -> list[str]:
    """Where nothing runs that is the one thing to mend: nobody looks into any mailbox then."""
    read = {box["mailbox"]: box for box in mailboxes}
    found = []
    for name, mailbox in app.config.mailboxes.items():
        longest = timedelta(minutes=max(QUIET_MINUTES, mailbox.imap.poll_seconds / 60 + LATE_MINUTES))
        box = read.get(name)
        if box is None:
            found.append(f"the mailbox {name} has never been read")
        elif box["error"]:
            found.append(f"the mailbox {name}: {box['error']}")
        elif watched and now - box["beat"] > longest:
            found.append(f"the mailbox {name} was last looked at {_minutes(now - box['beat'])} ago")
        # Where nothing was ever filed there is nothing to be looked for.
        if box and box["done_again_from"] and (mailbox.imap.done or box["done_again_folder"]):
            found.append(f"{NOTE}the mailbox {name}: what was filed since the backup is still looked for in `done`")
        if box and box["account_before"] and now - box["account_since"] < timedelta(days=MOVED_DAYS):
            found.append(
                f"{NOTE}the mailbox {name} is {box['account']} now, it was {box['account_before']}"
                f" until {_times.writer(app.config)(box['account_since'])}; mail there is not read any more"
            )
    return found


def _reconciled(app: App, compared: list[Reconciled], mailboxes: list[dict[str, Any]], now: datetime) -> list[str]:
    """What the last comparison of each mailbox with its server left unmended, and mailboxes that are not compared."""
    found, when = [], _times.writer(app.config)
    for each in compared:
        if each.findings:
            harmless = all(finding["what"] == LEFT for finding in each.findings)
            found.append(
                f"{NOTE if harmless else ''}the mailbox {each.mailbox} and the ledger did not agree at {when(each.at)};"
                f" type: helpdesk reconcile --mailbox {each.mailbox}"
            )
    last = {each.mailbox: each for each in compared}
    for box in mailboxes:
        done = last.get(box["mailbox"])
        silent = now - (done.at if done and done.at else box["began"])
        if silent > timedelta(days=COMPARED_DAYS):
            why = f": {done.error}" if done and done.error else ""
            days = counted(silent.days, "day")
            found.append(f"the mailbox {box['mailbox']} has not been compared with the ledger for {days}{why}")
    return found


def _ledger(depths: Any, compared: list[Reconciled]) -> dict[str, Any]:
    """All mails that were ever taken in, and those that the last comparisons found but could not take in."""
    states = depths["incoming"]
    accounted = sum(states.get(state, 0) for state in ENDED)
    not_yet = {state: count for state, count in states.items() if state not in ENDED}
    missed = sum(len(each["uids"]) for box in compared for each in box.findings if each["what"] == MISSED)
    missing = not_yet | ({"passed over": missed} if missed else {})
    return {"arrived": sum(states.values()) + missed, "accounted": accounted, "missing": missing}


def _stuck(waiting: Stuck, *, sending: bool, read_only: bool, queued: int) -> list[str]:
    found = []
    if waiting.incoming:
        found.append(f"{counted(waiting.incoming, 'mail')} waiting for more than {STUCK_MINUTES} minutes")
    if read_only:
        found.append(f"{NOTE}run --read-only: nothing is sent, {counted(queued, 'letter')} waiting on purpose")
    elif waiting.outgoing:
        why = "" if sending else f"{NOTE}nothing is sent now, "
        found.append(f"{why}{counted(waiting.outgoing, 'letter')} waiting for more than {STUCK_MINUTES} minutes")
    return found


def _queues(depths: Any, forgotten: int) -> list[str]:
    found = []
    if forgotten:
        found.append(
            f"{counted(forgotten, 'mail')} in quarantine that could not be handled, or for more than {UNSEEN_HOURS}"
            " hours; type: helpdesk quarantine list"
        )
    elif waiting := depths["incoming"].get("quarantine"):
        found.append(f"{NOTE}{counted(waiting, 'mail')} in quarantine; type: helpdesk quarantine list")
    for state in ("failed", "unknown", "held"):
        if count := depths["outgoing"].get(state):
            found.append(f"{NOTE}{counted(count, 'letter')} {state}; type: helpdesk outbox list")
    return found


def _settings(app: App) -> list[str]:
    found = [
        f"{NOTE}{key} is insecure: everything travels readable"
        for key, server in app.config.servers.items()
        if server.security == "none"
    ]
    free, least = app.store.free_mb(), app.config.store.minimum_free_mb
    if free is not None and free < least:
        found.append(f"{free} MB free, less than {least}: no mail is fetched until there is room")
    return found


def _minutes(time: timedelta) -> str:
    return counted(int(time.total_seconds() // 60), "minute")


def _print(found: dict[str, Any], config: Config) -> None:
    from helpdesk import console

    when = _times.writer(config)
    console.heading("well" if found["well"] else "UNWELL")
    for problem in found["problems"]:
        console.say(f"  {problem}")
    console.heading("\nParts")
    processes = {part["process"] for part in found["parts"] if part["state"] != "stopped"}
    several = ("process",) if len(processes) > 1 else ()
    rows = [
        (
            part["name"],
            *(_short(part["process"]) for _ in several),
            part["state"],
            when(part["beat"]),
            _error(part, when),
        )
        for part in found["parts"]
    ]
    console.table(("part", *several, "state", "last beat", "last error"), rows, empty="None has ever run.")
    console.heading("\nMailboxes")
    compared = {each["mailbox"]: each["at"] for each in found["reconciled"]}
    boxes = [
        (box["mailbox"], box["uid"], when(box["beat"]), when(compared.get(box["mailbox"])), _error(box, when))
        for box in found["mailboxes"]
    ]
    console.table(("mailbox", "read to", "last look", "compared", "error"), boxes, empty="None was ever read.")
    console.heading("\nQueues")
    console.say(_counts.accounted(*found["ledger"].values()))
    queues = [
        (name, ", ".join(f"{count} {state}" for state, count in states.items()) or "empty")
        for name, states in found["queues"].items()
    ]
    console.table(("queue", "rows"), queues)
    if found["free_mb"] is not None:
        console.say(f"\n{found['free_mb']} MB free.")


def _short(process: str) -> str:
    """Machine and process number; what makes it unique for ever concerns nobody."""
    return ":".join(process.split(":")[:2])


def _error(row: dict[str, Any], when: Callable[[datetime | None], str | None]) -> str | None:
    """With its time: it may be over."""
    return f"{when(row['error_at'])}: {row['error']}" if row["error"] else None
