"""The way of one mail: claim it, think about it, write once; what cannot be handled goes to quarantine."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sqlmodel import Session

from helpdesk import console
from helpdesk.app import App
from helpdesk.compose import message
from helpdesk.config import Mailbox
from helpdesk.desk import people
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.errors import HelpdeskError, StoreError
from helpdesk.mail.message import Mail
from helpdesk.parse_worker import ParseWorkers
from helpdesk.store import lookups, parts, queues
from helpdesk.store.apply import Applied, Cause, apply, record, remember_letter
from helpdesk.store.lookups import Question
from helpdesk.store.queues import Claimed, Letter, Put
from helpdesk.store.tables import OutgoingState
from helpdesk.store.views import view
from helpdesk.thinking import Thought, think

BATCH = 50  # mails claimed at once: one commit and one trip to the parse worker for all of them
LEASE_SECONDS = 300.0  # a batch of the slowest mails is done by then; later another process may take it
POLL_SECONDS = 2.0  # how often the queue is looked at although nobody rang
BREAKER_ALERT_HOURS = 6  # the admin hears of the breaker once in this time


class Intake:
    """Works off the queue of incoming mail; owns the processes that parse."""

    def __init__(self, app: App, *, letters_ready: threading.Event | None = None) -> None:
        self.app = app
        self.wake = threading.Event()
        self._letters_ready = letters_ready or threading.Event()
        limits = app.config.mail
        self._workers = ParseWorkers(
            limits.parse_workers, seconds=limits.parse_seconds, memory_mb=limits.parse_memory_mb
        )

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; the batch in hand is finished."""
        while not stop.is_set():
            self.wake.clear()
            if self.once() == 0:
                self._beat()
                self.wake.wait(POLL_SECONDS)

    def once(self) -> int:
        """Handle one batch; how many mails it held. Raises StoreError, with nothing lost."""
        app = self.app
        with app.store.writing() as session:
            claimed = queues.claim(session, owner=app.process, now=app.now(), limit=BATCH, lease_seconds=LEASE_SECONDS)
        if not claimed:
            return 0
        parsed = self._workers.parse_many([mail.raw for mail in claimed])
        for mail, result in zip(claimed, parsed, strict=True):
            self._handle(mail, result)
        self._beat()
        return len(claimed)

    def close(self) -> None:
        """End the parse workers."""
        self._workers.close()

    def _handle(self, claimed: Claimed, parsed: Mail | HelpdeskError) -> None:
        """One mail in one transaction; whatever goes wrong with it concerns only this mail."""
        try:
            if isinstance(parsed, HelpdeskError):
                raise parsed
            with self.app.store.writing() as session:
                thought, applied = handle(self.app, session, claimed, parsed)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - one of two places: a mail that nobody can handle must not stop the next
            self._failed(claimed, error)
            return
        _log(claimed, thought, applied)
        if applied.notices:
            self._letters_ready.set()

    def _failed(self, claimed: Claimed, error: Exception) -> None:
        reason = str(error) if isinstance(error, HelpdeskError) else f"{type(error).__name__}: {error}"
        app = self.app
        with app.store.writing() as session:
            final = queues.fail(session, claimed.id, owner=app.process, now=app.now(), reason=reason[:500])
        console.LOG.warning(
            "mail quarantined" if final else "mail failed",
            extra={"fields": {"mail": claimed.id, "reason": reason[:200]}},
            exc_info=None if isinstance(error, HelpdeskError) else error,
        )

    def _beat(self) -> None:
        with self.app.store.writing() as session:
            parts.beat(session, "intake", process=self.app.process, now=self.app.now())


def handle(app: App, session: Session, claimed: Claimed, mail: Mail) -> tuple[Thought, Applied]:
    """Look up, think, write and compose: all in the transaction of the session that is given."""
    now = app.now()
    question = Question(
        mail=mail,
        mailbox=mailbox_of(app, claimed),
        received=claimed.received,
        now=now,
        incoming=claimed.id,
        released=claimed.released,
    )
    known = lookups.gather(session, question, app.config, app.keys)
    thought = think(question, known, app.config, acknowledge=claimed.acknowledge)
    decision = thought.decision
    cause = Cause(actor=_actor(thought), now=now, incoming=claimed.id, mail=mail, received=claimed.received)
    applied = apply(session, decision.changes, cause)
    write_letters(app, session, applied.notices, cause, raw=claimed.raw)
    author = people.author(mail)
    queues.finish(
        session,
        claimed.id,
        owner=app.process,
        now=now,
        outcome=decision.outcome,
        reason=decision.reason,
        kind=thought.kind.value,
        findings=[
            {"filter": finding.filter, "outcome": finding.outcome.word, "reason": finding.reason}
            for finding in thought.situation.verdict.findings
        ],
        mail_facts=(mail.message_id, mail.content_hash, author.address if author else None, mail.subject),
        ticket=applied.ticket if applied.ticket is not None else decision.ticket,
    )
    return thought, applied


def mailbox_of(app: App, claimed: Claimed) -> Mailbox:
    """The mailbox that a mail came by; the first one when it has left the configuration since."""
    found = app.config.mailboxes.get(claimed.mailbox)
    return found if found is not None else next(iter(app.config.mailboxes.values()))


def write_letters(
    app: App, session: Session, notices: Sequence[Notice], cause: Cause, *, raw: bytes | None = None
) -> list[Put]:
    """Compose every letter and queue it, in the transaction of the changes that led to it."""
    puts: list[Put] = []
    held: int | None = None
    for notice in notices:
        asked = replace(notice, held=held) if notice.kind is NoticeKind.GUARD_HELD else notice
        if asked.kind is NoticeKind.GUARD_HELD and held is None:
            continue
        put = _write_letter(app, session, asked, cause, raw)
        if asked.guarded and put.state is OutgoingState.HELD:
            held = held if held is not None else put.id
        puts.append(put)
    return puts


def _write_letter(app: App, session: Session, notice: Notice, cause: Cause, raw: bytes | None) -> Put:
    ticket = view(session, notice.ticket) if notice.ticket is not None else None
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
    letter = replace(letter, incoming_id=cause.incoming, held=notice.guarded)
    own = app.config.own_addresses
    put = queues.put(session, letter, limits=app.config.limits, now=cause.now, own_addresses=own)
    if put.id is not None and ticket is not None:
        remember_letter(session, letter.message_id, ticket.number, outside=letter.outside)
        _noted(session, ticket.number, letter, put, cause)
    if put.state is OutgoingState.HELD and notice.guarded is None:
        _alert(app, session, put, cause)
    return put


def _noted(session: Session, ticket: int, letter: Letter, put: Put, cause: Cause) -> None:
    state = put.state.value if put.state else None
    reason = put.reason or letter.kind
    record(session, ticket, "letter", reason, cause, letter=put.id, kind=letter.kind, to=letter.recipient, state=state)


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
    _write_letter(app, session, notice, cause, None)


def report_failure(app: App, outgoing: int) -> None:
    """A letter has failed for good: it shows on its ticket, and the people concerned get a letter about it."""
    now = app.now()
    with app.store.writing() as session:
        failed = queues.letter(session, outgoing)
        if failed is None or failed.ticket is None:
            return
        cause = Cause(actor="helpdesk", now=now)
        reason = failed.reason or "refused"
        record(session, failed.ticket, "not_delivered", reason, cause, letter=outgoing, to=failed.recipient)
        ticket = view(session, failed.ticket)
        if ticket is None or not failed.outside:
            return
        notices = [
            Notice(
                kind=NoticeKind.NOT_DELIVERED,
                recipient=people.staff_address(staff),
                key=f"{NoticeKind.NOT_DELIVERED}:letter:{outgoing}:{staff.key}",
                ticket=ticket.number,
                staff=staff.key,
                lines=(f"not_delivered_to: {failed.recipient}", f"server_said: {reason}"),
            )
            for staff in people.concerned(ticket, app.config)
        ]
        write_letters(app, session, notices, cause)


def _actor(thought: Thought) -> str:
    sender = thought.situation.sender
    if sender.staff is not None and sender.proven:
        return f"staff:{sender.staff.key}"
    return f"contact:{sender.address.key}" if sender.address else "contact:unknown"


def _log(claimed: Claimed, thought: Thought, applied: Applied) -> None:
    decision = thought.decision
    console.event(
        "mail handled",
        mail=claimed.id,
        outcome=decision.outcome.value,
        kind=thought.kind.value,
        ticket=applied.ticket or decision.ticket,
    )
    for word, ticket in applied.events:
        console.event(f"ticket {word}", ticket=ticket, mail=claimed.id)
