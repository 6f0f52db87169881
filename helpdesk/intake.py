"""The way of one mail: claim it, think about it, write once; what cannot be handled goes to quarantine."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass

from helpdesk import console, letters
from helpdesk.app import App
from helpdesk.blame import Blame
from helpdesk.config import Mailbox
from helpdesk.desk import people
from helpdesk.errors import TROUBLE, HelpdeskError, MailError, StoreError
from helpdesk.mail.message import Mail
from helpdesk.parse_worker import ParseWorkers, Parsing
from helpdesk.store import lookups, parts, queues
from helpdesk.store.apply import Applied, Cause, History, apply
from helpdesk.store.lookups import Question
from helpdesk.store.queues import Claimed
from helpdesk.store.session import Session
from helpdesk.thinking import Thought, think

BATCH = 50  # mails claimed at once: one commit and one trip to the parse worker for all of them
LEASE_SECONDS = 300.0  # a batch of the slowest mails is done by then; later another process may take it
POLL_SECONDS = 2.0  # how often the queue is looked at although nobody rang
BEAT_SECONDS = 30.0  # between two signs of life: each is a write to the disk, for years
Parsed = tuple[Claimed, Mail | HelpdeskError]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Batch:
    """Mails that were claimed at once, on their way through the parse worker."""

    claimed: Sequence[Claimed]
    parsing: Parsing

    def __bool__(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.claimed)


class Intake:
    """Works off the queue of incoming mail; owns the processes that parse."""

    def __init__(self, app: App, *, letters_ready: Callable[[], None] = lambda: None) -> None:
        """``letters_ready`` is called, in the thread of the intake, when there is something to send."""
        self.app = app
        self.wake = threading.Event()
        self._letters_ready = letters_ready
        self._next: _Batch | None = None  # being parsed while the last mails of the batch before it are handled
        self._unfinished: set[int] = set()  # claimed by us and not entered yet, if the database failed in between
        self._doubtful = False  # whether a claim may have been committed without our knowing it
        self._blame = Blame()
        self._next_beat = 0.0
        limits = app.config.mail
        self._workers = ParseWorkers(
            limits.parse_workers, seconds=limits.parse_seconds, memory_mb=limits.parse_memory_mb
        )

    def run(self, stop: threading.Event) -> None:
        """Work until told to stop; the mails in hand are finished, the others of their batch are handed back."""
        while not stop.is_set():
            self.wake.clear()
            if self._work(stop, ahead=True) == 0:
                self.wake.wait(POLL_SECONDS)
        self._hand_back()

    def once(self, stop: threading.Event | None = None) -> int:
        """Handle one batch; how many mails it held. Raises StoreError, with nothing lost."""
        return self._work(stop or threading.Event(), ahead=False)

    def _work(self, stop: threading.Event, *, ahead: bool) -> int:
        """One batch; ``ahead``: the next one is claimed before the last mails of it, so that it is parsed meanwhile."""
        batch, self._next = self._next, None
        if not batch:
            self._hand_back()
        try:
            batch = batch or self._claim()
            claimed, done = batch.claimed, 0
            with closing(batch.parsing) as parsing:
                for answers in parsing:
                    if stop.is_set():
                        break
                    bundle = list(zip(claimed[done : done + len(answers)], answers, strict=True))
                    done += len(bundle)
                    if ahead and done == len(claimed) == BATCH and self._workers.alive:
                        self._next = self._claim()
                    self._handle_all(bundle)
        except BaseException:
            self.let_go()
            raise
        return len(claimed)

    def _claim(self) -> _Batch:
        claimed: list[Claimed] = []
        if self._can_parse():
            claimed = self._claimed()
            if not claimed and self._blame.next_round():
                claimed = self._claimed()
        self._beat()
        return _Batch(claimed=claimed, parsing=self._workers.begin([mail.raw for mail in claimed]))

    def _can_parse(self) -> bool:
        """Whether a process that parses lives; one is started when a mail waits. Raises ParseFailed if none can be.

        Who claimed mails first would only hand them back, and take them from another process that can parse.
        """
        if self._workers.alive:
            return True
        with self.app.store.reading() as session:
            waits = queues.claimable(session, self.app.now())
        if waits:
            self._workers.start()
        return waits

    def _claimed(self) -> list[Claimed]:
        """Mails to work on, besides those that we hold already and those whose turn it is not."""
        app = self.app
        self._doubtful = True
        with app.store.writing() as session:
            claimed = queues.claim(
                session,
                owner=app.process,
                now=app.now(),
                limit=1 if self._blame.seeks_proof else BATCH,
                lease_seconds=LEASE_SECONDS,
                besides=self._unfinished.union(self._blame.aside),
            )
        self._unfinished |= {mail.id for mail in claimed}
        self._doubtful = False
        self._blame.claimed(self._unfinished, newest=claimed[-1].id if claimed else None)
        return claimed

    def close(self) -> None:
        """End the parse workers."""
        self._workers.close()

    def let_go(self) -> None:
        """After a fault and at the end: hand back what is in hand. When the database cannot, that is only told.

        A claim whose answer was lost may still be written after this, so what is doubtful stays so.
        """
        doubtful = self._doubtful
        try:
            self._hand_back()
        except StoreError as error:
            console.problem("mails not handed back", error=str(error))
        self._doubtful = doubtful

    def _hand_back(self) -> None:
        """Let go what we claimed and did not come to: it is worked on again at once, not when the claim runs out."""
        self._hand_back_next()
        if self._unfinished or self._doubtful:
            with self.app.store.writing() as session:
                queues.hand_back(session, owner=self.app.process)
            self._unfinished, self._doubtful = set(), False

    def _hand_back_next(self) -> None:
        """What was claimed ahead is unfinished like the rest."""
        if self._next is not None:
            self._next.parsing.close()
            self._next = None

    def _handle_all(self, bundle: Sequence[Parsed]) -> None:
        """All of a bundle in one transaction; if anything goes wrong or went wrong before, each in one of its own.

        A commit waits for the disk, ten times as long as it takes to write a mail.
        """
        numbers = [claimed.id for claimed, _ in bundle]
        if self._blame.doubts(numbers) or not self._handled(bundle):
            for mail in bundle:
                self._handled([mail])
        self._unfinished.difference_update(numbers)

    def _handled(self, bundle: Sequence[Parsed]) -> bool:
        """Whether these mails are done with; a single one always is, as whatever goes wrong concerns only it."""
        numbers = [claimed.id for claimed, _ in bundle]
        done: list[tuple[Claimed, Thought, Applied]] = []
        try:
            with self.app.store.writing() as session:
                for claimed, parsed in bundle:
                    if claimed.damaged:
                        message = "Its bytes in the database are damaged; the mail server may still have the mail."
                        raise MailError(message)
                    if isinstance(parsed, HelpdeskError):
                        raise parsed
                    done.append((claimed, *handle(self.app, session, claimed, parsed)))
        except TROUBLE as error:
            if not self._blame.troubled(numbers, error):
                raise
            self._failed(bundle[0][0], error)
            return True
        except Exception as error:  # noqa: BLE001 - one of two places: a mail that nobody can handle must not stop the next
            if len(bundle) > 1:
                console.problem("bundle failed", mails=len(bundle), reason=_reason(error)[:200])
                return False
            self._failed(bundle[0][0], error)
            self._blame.decided(numbers, proof=False)
            return True
        for claimed, thought, applied in done:
            _log(claimed, thought, applied)
        # A mail that is only noted touches neither tickets nor letters, so it may go well while those are locked.
        with_letters = any(applied.notices for _, _, applied in done)
        self._blame.decided(numbers, proof=with_letters)
        if with_letters:
            self._letters_ready()
        return True

    def _failed(self, claimed: Claimed, error: Exception) -> None:
        app, reason = self.app, _reason(error)
        with app.store.writing() as session:
            final = queues.fail(session, claimed.id, owner=app.process, now=app.now(), reason=reason[:500])
        console.LOG.warning(
            "mail quarantined" if final else "mail failed",
            extra={"fields": {"mail": claimed.id, "reason": reason[:200]}},
            exc_info=None if isinstance(error, HelpdeskError) else error,
        )

    def _beat(self) -> None:
        if time.monotonic() < self._next_beat:
            return
        self._next_beat = time.monotonic() + BEAT_SECONDS
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
        again=claimed.again,
    )
    known = lookups.gather(session, question, app.config, app.keys)
    thought = think(question, known, app.config, acknowledge=claimed.acknowledge)
    decision = thought.decision
    cause = Cause(
        actor=_actor(thought), now=now, incoming=claimed.id, mail=mail, received=claimed.received, again=claimed.again
    )
    history = History(session, cause)
    applied = apply(session, decision.changes, cause, history)
    occasion = letters.Occasion(raw=claimed.raw, opened=applied.opened, history=history)
    letters.write(app, session, applied.notices, cause, occasion)
    history.write()
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


def _reason(error: Exception) -> str:
    return str(error) if isinstance(error, HelpdeskError) else f"{type(error).__name__}: {error}"


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
