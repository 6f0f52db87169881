"""Letters on their way to the queue: composed and put, in the transaction of the changes that led to them."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from helpdesk.app import App
from helpdesk.compose import message
from helpdesk.desk import people, returned
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.desk.ticket import TicketView
from helpdesk.store import queues
from helpdesk.store.apply import Cause, History, record, remember_letters
from helpdesk.store.queues import EXPIRED, HANDLED_BEFORE, Letter, LetterView, Put
from helpdesk.store.session import Session
from helpdesk.store.statements import decide_alone
from helpdesk.store.tables import OutgoingState
from helpdesk.store.views import view, views

BREAKER_ALERT_HOURS = 6  # the admin hears of the breaker once in this time


@dataclass(frozen=True, kw_only=True, slots=True)
class Occasion:
    """What letters are written about, as far as it is at hand: the mail, what became of it, and its history."""

    raw: bytes | None = None
    opened: TicketView | None = None
    """A ticket that need not be asked for."""
    history: History | None = None
    """Where the letters are noted; the caller writes it."""


NOTHING = Occasion()


def write(
    app: App, session: Session, notices: Sequence[Notice], cause: Cause, occasion: Occasion = NOTHING
) -> list[Put]:
    """Compose every letter and queue it, in the transaction of the changes that led to it."""
    puts: list[Put] = []
    held: int | None = None
    own, ids = History(session, cause), []
    history = occasion.history if occasion.history is not None else own
    tickets = _tickets(session, notices, history, occasion.opened)
    for notice in notices:
        asked = replace(notice, held=notice.held or held) if notice.kind is NoticeKind.GUARD_HELD else notice
        if asked.kind is NoticeKind.GUARD_HELD and asked.held is None:
            continue
        ticket = tickets.get(asked.ticket or 0)
        letter, put = _write(app, session, asked, ticket, cause, occasion.raw)
        if put.id is not None and ticket is not None:
            ids.append((letter.message_id, ticket.number, letter.outside))
            _noted(history, ticket.number, letter, put)
        if put.tripped:
            _alert(app, session, put, cause)
        if asked.kind is NoticeKind.ANSWER and put.state is OutgoingState.HELD:
            held = held if held is not None else put.id
        puts.append(put)
    remember_letters(session, ids)
    own.write()
    return puts


def _tickets(
    session: Session, notices: Sequence[Notice], history: History, opened: TicketView | None
) -> Mapping[int, TicketView]:
    """Letters speak of the ticket as it is now, not as it was before this mail."""
    history.settle()
    known = {opened.number: opened} if opened is not None else {}
    asked = {notice.ticket for notice in notices if notice.ticket is not None}
    return {**views(session, asked - known.keys()), **known}


def _write(
    app: App, session: Session, notice: Notice, ticket: TicketView | None, cause: Cause, raw: bytes | None
) -> tuple[Letter, Put]:
    letter = message.write(
        notice,
        ticket=ticket,
        config=app.config,
        templates=app.templates,
        keys=app.keys,
        mail=cause.mail,
        raw=raw,
        now=cause.now,
        unique=secrets.token_hex(8),
    )
    letter = replace(letter, incoming_id=cause.incoming, held=_held(letter, notice.guarded, cause))
    own = app.config.own_addresses
    return letter, queues.put(session, letter, limits=app.config.limits, now=cause.now, own_addresses=own)


def _held(letter: Letter, guarded: str | None, cause: Cause) -> str | None:
    """Why a person is to look first; that it was probably sent before a restore weighs more than what a guard says."""
    if cause.again and letter.outside:
        return f"{HANDLED_BEFORE} ({guarded})" if guarded else HANDLED_BEFORE
    return guarded


def _noted(history: History, ticket: int, letter: Letter, put: Put) -> None:
    state = put.state.value if put.state else None
    reason = put.reason or letter.kind
    history.note(ticket, "letter", reason, letter=put.id, kind=letter.kind, to=letter.recipient, state=state)


def _alert(app: App, session: Session, put: Put, cause: Cause) -> None:
    """The breaker has stopped automatic mail: the admin is told, once in a while."""
    admin = app.config.admin_staff()
    if admin is None:
        return
    period = int(cause.now.timestamp() // timedelta(hours=BREAKER_ALERT_HOURS).total_seconds())
    notice = Notice(
        kind=NoticeKind.ADMIN_ALERT,
        recipient=people.staff_address(admin),
        key=f"{NoticeKind.ADMIN_ALERT}:breaker:{period}",
        staff=admin.key,
        lines=(f"breaker: {put.reason}",),
    )
    _write(app, session, notice, None, cause, None)


def report_failure(app: App, outgoing: int) -> None:
    """A letter has failed for good: it shows on its ticket, and people concerned get a letter about it.

    Those of the ticket when a customer cannot be reached, the admin when it is one of them. An automatic letter that
    only became too old (after a long stop, or days of ``--read-only``) is noted and nothing more.

    It is noted as told in the same transaction: a sender that slept meanwhile, or died here, does not tell it twice.
    """
    with app.store.writing() as session:
        # Before the letter is locked: a bundle of the intake may have its ticket, and come to the letter next.
        decide_alone(session)
        if not queues.reported(session, outgoing):
            return
        failed = queues.letter(session, outgoing)
        reason = failed.reason or "refused"
        cause = Cause(actor="helpdesk", now=app.now())
        ticket = view(session, failed.ticket) if failed.ticket is not None else None
        if ticket is not None:
            record(session, ticket.number, "not_delivered", reason, cause, letter=outgoing, to=failed.recipient)
        if not (failed.automatic and reason.startswith(EXPIRED)):
            write(app, session, _about_failure(app, failed, ticket, reason), cause)


def _about_failure(app: App, failed: LetterView, ticket: TicketView | None, reason: str) -> list[Notice]:
    admin = app.config.admin_staff()
    if failed.outside:
        kind, told = NoticeKind.NOT_DELIVERED, people.concerned(ticket, app.config) if ticket is not None else ()
        key = f"{kind}:letter:{failed.id}"
    elif failed.kind == NoticeKind.ADMIN_ALERT:
        # An alarm about an alarm that failed would fail as well, and be told of, and so on.
        return []
    else:
        kind, told = NoticeKind.ADMIN_ALERT, (admin,) if admin is not None else ()
        key = f"{kind}:unreachable:{failed.recipient}:{app.now():%Y-%m-%d}"
    return [
        Notice(
            kind=kind,
            recipient=people.staff_address(staff),
            key=f"{key}:{staff.key}",
            ticket=ticket.number if ticket is not None else None,
            staff=staff.key,
            lines=(
                *returned.which(failed.kind, failed.created, app.config),
                f"not_delivered_to: {failed.recipient}",
                f"server_said: {reason}",
            ),
        )
        for staff in told
    ]
