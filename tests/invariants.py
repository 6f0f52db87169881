"""What must hold after every run, whatever was killed or broken meanwhile; seen from the servers and the database.

Each rule is a function from evidence (`tests.evidence` collects it) to what is wrong, in sentences. Their numbers are
names; I5 to I7 speak of deadlines, commands and participants, I9 compares two runs (`faults.snapshot`).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.header import decode_header, make_header

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.store.tables import IncomingState, OutgoingState

ON_A_TICKET = frozenset({LedgerOutcome.TICKET, LedgerOutcome.APPENDED})
MAYBE_ON_A_TICKET = frozenset({LedgerOutcome.AUTOMATIC, LedgerOutcome.BOUNCE})
# In answer to mail that ended so, nothing automatic may go to a customer.
NEVER_ANSWERED = frozenset(LedgerOutcome) - ON_A_TICKET - {LedgerOutcome.ANSWERED}
MACHINES = frozenset({"auto_reply", "auto_generated", "list", "bounce", "own"})
SETTLED = frozenset(
    {OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.UNKNOWN, OutgoingState.HELD, OutgoingState.CANCELLED}
)


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A row of the ledger, and what hangs on it."""

    id: int
    sha256: str
    state: IncomingState
    outcome: LedgerOutcome | None
    kind: str | None = None
    reason: str | None = None
    attempts: int = 1
    messages: int = 0
    """Messages of tickets that are this mail."""
    opened: int = 0
    """Tickets that this mail opened."""


@dataclass(frozen=True, kw_only=True)
class Written:
    """A row of the outbox."""

    key: str
    kind: str
    message_id: str
    recipient: str
    raw: bytes
    state: OutgoingState
    automatic: bool = True
    outside: bool = True
    resent: bool = False
    due: bool = False
    """It waits to be sent (again)."""
    incoming: int | None = None


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A letter as the server for sending has it."""

    recipients: tuple[str, ...]
    raw: bytes

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.raw)["Message-ID"]).strip()


@dataclass(frozen=True, kw_only=True)
class Evidence:
    """All that is looked at; mails on servers as sha256 of their bytes."""

    watched: tuple[str, ...] = ()
    """In the folder that is watched, complete ones."""
    done: tuple[str, ...] = ()
    """In the folder for what is done."""
    given: tuple[str, ...] = ()
    """All that the server ever had for us."""
    raws: tuple[tuple[str, str], ...] = ()
    """Kept bytes: the sha256 that their row names, and what they have."""
    ledger: tuple[Kept, ...] = ()
    outbox: tuple[Written, ...] = ()
    taken: tuple[Taken, ...] = ()
    database: tuple[str, ...] = ()
    """What the database itself finds wrong."""
    own_addresses: frozenset[str] = frozenset()
    per_address_day: int = 10
    earlier: frozenset[int] = field(default_factory=frozenset)
    """Rows of the ledger that did not come from the server."""


def digest(raw: bytes) -> str:
    """A mail's name."""
    return hashlib.sha256(raw).hexdigest()


def violations(seen: Evidence) -> list[str]:
    """Everything that is wrong when all work is done, each with the name of its rule."""
    return [f"{name}: {what}" for name, rule in RULES.items() for what in rule(seen)]


def every_mail_is_kept_once(seen: Evidence) -> Iterator[str]:
    """I1: each mail that the server had is one row of bytes and has exactly one outcome for each of its copies."""
    raws = Counter(name for name, _ in seen.raws)
    copies = Counter(kept.sha256 for kept in seen.ledger if kept.id not in seen.earlier)
    for sha256, number in Counter(seen.given).items():
        if raws[sha256] != 1:
            yield f"mail {sha256[:8]} is kept {raws[sha256]} times"
        if copies[sha256] != number:
            yield f"mail {sha256[:8]} was there {number} times and is in the ledger {copies[sha256]} times"
    yield from (f"mail {sha256[:8]} never came" for sha256 in copies.keys() - set(seen.given))
    for kept in seen.ledger:
        yield from _one_outcome(kept)


def _one_outcome(kept: Kept) -> Iterator[str]:
    if kept.outcome is None or kept.state not in (IncomingState.DONE, IncomingState.QUARANTINE):
        yield f"mail {kept.id} is {kept.state} without an end"
        return
    most = 1 if kept.outcome in ON_A_TICKET | MAYBE_ON_A_TICKET else 0
    least = 1 if kept.outcome in ON_A_TICKET else 0
    if not least <= kept.messages <= most:
        yield f"mail {kept.id} ({kept.outcome}) is {kept.messages} messages"
    if kept.opened != (kept.outcome is LedgerOutcome.TICKET):
        yield f"mail {kept.id} ({kept.outcome}) opened {kept.opened} tickets"
    if (kept.state is IncomingState.QUARANTINE) != (kept.outcome is LedgerOutcome.QUARANTINE):
        yield f"mail {kept.id} is {kept.state} but ended as {kept.outcome}"


def nothing_is_filed_before_it_is_kept(seen: Evidence) -> Iterator[str]:
    """I2: what was moved is in the ledger, and nothing was moved twice or vanished. Holds at every moment."""
    kept = Counter(row.sha256 for row in seen.ledger if row.id not in seen.earlier)
    for sha256, number in Counter(seen.done).items():
        if kept[sha256] < number:
            yield f"mail {sha256[:8]} was moved {number} times and is in the ledger {kept[sha256]} times"
    there = Counter(seen.done) + Counter(seen.watched)
    for sha256, number in (Counter(seen.given) - there).items():
        yield f"mail {sha256[:8]} has vanished from the server {number} times"
    for sha256, number in (there - Counter(seen.given)).items():
        yield f"mail {sha256[:8]} is on the server {number} times too often"


def every_letter_arrives_once(seen: Evidence) -> Iterator[str]:
    """I3: once; not at all only with a reason; twice only when its fate was unknown; and always the same bytes."""
    arrived = Counter(letter.message_id for letter in seen.taken)
    for letter in seen.outbox:
        if letter.due or letter.state not in SETTLED:
            yield f"letter {letter.key} is {letter.state} and not settled"
        if arrived[letter.message_id] not in _allowed(letter):
            yield f"letter {letter.key} ({letter.state}) arrived {arrived[letter.message_id]} times"
    written = {letter.message_id: letter for letter in seen.outbox}
    if len(written) != len(seen.outbox):
        yield "two letters bear one Message-ID"
    for mail in seen.taken:
        row = written.get(mail.message_id)
        if row is None:
            yield f"nobody wrote the letter {mail.message_id}"
        elif mail.raw != row.raw:
            yield f"letter {row.key} arrived with other bytes"
        elif mail.recipients != (row.recipient,):
            yield f"letter {row.key} went to {', '.join(mail.recipients)}"


def _allowed(letter: Written) -> Collection[int]:
    """How often a letter may have arrived."""
    match letter.state:
        case OutgoingState.SENT:
            return (1, 2) if letter.resent else (1,)
        case OutgoingState.UNKNOWN:
            return (0, 1, 2) if letter.resent else (0, 1)
        case _:
            return (0,)


def machines_are_not_answered(seen: Evidence) -> Iterator[str]:
    """I4: no automatic letter over a limit, to ourselves, or in answer to automatic mail."""
    causes = {kept.id: kept for kept in seen.ledger}
    arrived = {letter.message_id for letter in seen.taken}
    counts: Counter[str] = Counter()
    for letter in seen.outbox:
        if not letter.automatic or not letter.outside or letter.message_id not in arrived:
            continue
        counts[letter.recipient] += 1
        cause = causes.get(letter.incoming or 0)
        if _base(letter.recipient) in seen.own_addresses:
            yield f"letter {letter.key} went to our own address"
        if cause and (cause.outcome in NEVER_ANSWERED or cause.kind in MACHINES):
            yield f"letter {letter.key} answers mail {cause.id} ({cause.kind}, {cause.outcome})"
    for recipient, number in counts.items():
        if number > seen.per_address_day:
            yield f"{recipient} got {number} automatic letters"


def _base(address: str) -> str:
    local, _, domain = address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def headers_are_clean(seen: Evidence) -> Iterator[str]:
    """I8: no line break or NUL hides in a header, no bare CR or LF anywhere, one recipient."""
    for mail in seen.taken:
        if len(mail.recipients) != 1:
            yield f"{mail.message_id} has {len(mail.recipients)} recipients"
        if mail.raw.count(b"\r") != mail.raw.count(b"\r\n") or mail.raw.count(b"\n") != mail.raw.count(b"\r\n"):
            yield f"{mail.message_id} has a bare CR or LF"
        for name, value in message_from_bytes(mail.raw).items():
            unfolded = str(make_header(decode_header(value.replace("\r\n ", " ").replace("\r\n\t", " "))))
            if any(bad in unfolded for bad in "\r\n\0"):
                yield f"{mail.message_id} hides a line break in {name}"


def the_database_is_whole(seen: Evidence) -> Iterator[str]:
    """I10: the database finds no fault, and all bytes are there and are what they are said to be."""
    yield from seen.database
    names = {name for name, _ in seen.raws}
    yield from (f"the bytes of mail {kept.id} are missing" for kept in seen.ledger if kept.sha256 not in names)
    yield from (f"raw mail {name[:8]} holds other bytes" for name, found in seen.raws if name != found)


RULES: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "I1": every_mail_is_kept_once,
    "I2": nothing_is_filed_before_it_is_kept,
    "I3": every_letter_arrives_once,
    "I4": machines_are_not_answered,
    "I8": headers_are_clean,
    "I10": the_database_is_whole,
}
