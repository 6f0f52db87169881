"""Letters on their way out: what waits, failed or is held, and what may be done about it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import _shown, _times, existing
from helpdesk.console import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from helpdesk.store.queues import LetterView
    from helpdesk.store.tables import OutgoingState

group = typer.Typer()
Json = Annotated[bool, typer.Option("--json", help="One JSON document.")]
Number = Annotated[int, typer.Argument(help="Number in `helpdesk outbox list`.")]
NumberOrAll = Annotated[int | None, typer.Argument(help="Number in `helpdesk outbox list`.", show_default=False)]
Restored = Annotated[bool, typer.Option("--restored", help="All that wait because a backup was restored.")]


@group.command("list")
def list_(
    state: Annotated[
        list[str] | None,
        typer.Option("--state", help="queued, sending, sent, retry, failed, unknown, held, cancelled; repeatable."),
    ] = None,
    ticket: Annotated[int | None, typer.Option("--ticket", help="Only those of this ticket, such as 1042.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="At most so many.")] = 100,
    *,
    all_: Annotated[bool, typer.Option("--all", help="Sent and cancelled ones too.")] = False,
    restored: Annotated[
        bool, typer.Option("--restored", help="Only those that wait because a backup was restored.")
    ] = False,
    json: Json = False,
) -> None:
    """The letters that are not done with, the newest first."""
    from dataclasses import asdict

    from helpdesk import console
    from helpdesk.store import queues
    from helpdesk.store.queues.outbox import OPEN
    from helpdesk.store.tables import OutgoingState

    states = frozenset(map(_state, state)) if state else frozenset(OutgoingState) if all_ else OPEN
    # One that was let go or cancelled says so first: it does not wait any more.
    reason = queues.RESTORED if restored else ""
    with existing() as app, app.store.reading() as session:
        when = _times.writer(app.config)
        found = queues.letters(session, states=states, ticket=ticket, limit=limit, reason=reason)
    if json:
        console.json_out([asdict(letter) for letter in found])
        return
    rows = [
        (
            each.id,
            each.state.value,
            each.ticket,
            each.kind,
            each.recipient,
            when(each.next_try),
            each.subject,
            each.reason,
        )
        for each in found
    ]
    columns = ("letter", "state", "ticket", "kind", "to", "next try", "subject", "reason")
    # Who reads them has to decide: what it is and to whom it goes stays together.
    console.table(columns, rows, below=columns[5:], empty="No letter waits.")


@group.command("show")
def show(number: Number, *, json: Json = False) -> None:
    """One letter with all that is known of it, and its words."""
    from helpdesk.store import queues

    with existing() as app, app.store.reading() as session:
        letter, when = queues.letter(session, number), _times.writer(app.config)
        raw = queues.letter_bytes(session, number)
    _shown.show("letter", letter, raw, _about(letter, when), json=json)


@group.command("retry")
def retry(number: Number, *, json: Json = False) -> None:
    """Try now what was put off, has failed or is of unknown fate; the same bytes and Message-ID."""
    _do("retry", number, "will be tried again now", json=json)


@group.command("release")
def release(number: NumberOrAll = None, *, restored: Restored = False, json: Json = False) -> None:
    """Let a letter go that waits for a person, with its copies to other people of the ticket."""
    for each in _numbers(number, restored=restored):
        _release(each, only_if_held=restored, json=json)


@group.command("cancel")
def cancel(number: NumberOrAll = None, *, restored: Restored = False, json: Json = False) -> None:
    """Do not send it; the letter itself stays in the database."""
    for each in _numbers(number, restored=restored):
        _cancel(each, json=json)


def _numbers(number: int | None, *, restored: bool) -> list[int]:
    """Which letters are meant: one, or all that a restored backup made wait."""
    from helpdesk import console
    from helpdesk.errors import UsageError
    from helpdesk.store import queues

    if (number is None) is not restored:
        message = "Name one letter, or all of a restored backup with --restored."
        raise UsageError(message)
    if number is not None:
        return [number]
    with existing() as app, app.store.reading() as session:
        found = queues.held_by_restore(session)
    if not found:
        console.warn("No letter waits because of a restored backup.")
    return found


def _release(number: int, *, only_if_held: bool, json: bool) -> None:
    from helpdesk.desk import from_staff
    from helpdesk.desk.changes import Change, ReleaseHeld
    from helpdesk.store import queues
    from helpdesk.store.apply import Cause, apply
    from helpdesk.store.statements import decide_alone
    from helpdesk.store.tables import OutgoingState
    from helpdesk.store.views import view

    with existing() as app, app.store.writing() as session:
        decide_alone(session)
        if only_if_held and queues.letter(session, number).state is not OutgoingState.HELD:
            return  # it went with another one of the same mail
        letter = queues.held_letter(session, number)
        reason = f"released by {_shown.person()}; before: held, {letter.reason}"
        changes: tuple[Change, ...] = (ReleaseHeld(outgoing=number, reason=reason, ticket=letter.ticket),)
        ticket = view(session, letter.ticket) if letter.ticket is not None else None
        if ticket is not None and letter.staff is not None and not letter.automatic:
            changes += from_staff.consequences(ticket, letter.staff, app.now())
        apply(session, changes, Cause(actor=_shown.person(), now=app.now()))
    _shown.done("letter", number, "release", "released; the daemon will send it", json=json)


def _cancel(number: int, *, json: bool) -> None:
    from helpdesk.errors import UsageError
    from helpdesk.store import queues
    from helpdesk.store.tables import OutgoingState

    with existing() as app, app.store.reading() as session:
        if queues.letter(session, number).state is OutgoingState.CANCELLED:
            message = f"Letter {number} is cancelled already."
            raise UsageError(message)
    _do("cancel", number, "cancelled", json=json)


def _state(word: str) -> OutgoingState:
    from helpdesk.errors import UsageError
    from helpdesk.store.tables import OutgoingState

    try:
        return OutgoingState(word)
    except ValueError:
        message = f"There is no state {word}; choose from {', '.join(OutgoingState)}."
        raise UsageError(message) from None


def _about(letter: LetterView, when: Callable[[datetime | None], str | None]) -> list[str]:
    """What is known of it, a line each; nothing is said of what does not apply."""
    author = "automatic" if letter.automatic else f"by {letter.staff or 'a person'}"
    ticket = f", ticket {letter.ticket}" if letter.ticket is not None else ""
    lines = [
        f"{letter.state.value}: {letter.reason}" if letter.reason else letter.state.value,
        f"to {letter.recipient}, {letter.kind}, {author}{ticket}, {counted(letter.size, 'byte')}",
        f"written {when(letter.created)}, {counted(letter.attempts, 'attempt')}, Message-ID {letter.message_id}",
    ]
    if letter.next_try is not None:
        lines.append(f"next try {when(letter.next_try)}, given up {when(letter.expires)}")
    if letter.done is not None:
        lines.append(f"done {when(letter.done)}")
    if letter.response and letter.response != letter.reason:
        lines.append(f"the server said: {letter.response}")
    if letter.resent:
        lines.append("sent twice: after the first time nobody knew whether the server had it")
    return lines


def _do(what: str, number: int, done: str, *, json: bool) -> None:
    """It stands in the history of the letter's ticket, if it has one."""
    from helpdesk.store import queues
    from helpdesk.store.apply import Cause, record
    from helpdesk.store.statements import decide_alone

    act = {"retry": queues.retry_letter, "cancel": queues.cancel_letter}[what]
    with existing() as app, app.store.writing() as session:
        decide_alone(session)
        act(session, number, by=_shown.person(), now=app.now())
        letter = queues.letter(session, number)
        if letter.ticket is not None:
            facts = {"letter": number, "kind": letter.kind, "to": letter.recipient, "state": letter.state.value}
            record(
                session,
                letter.ticket,
                "letter",
                letter.reason or what,
                Cause(actor=_shown.person(), now=app.now()),
                **facts,
            )
    _shown.done("letter", number, what, done, json=json)
