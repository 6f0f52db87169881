"""Letters being sent: claimed in batches, marked before their bytes leave, settled in batches.

The claim has an owner, and every step asks for it again (fencing): a sender that slept until its claim ran out finds
that the letter is no longer its own, and does not send it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.errors import StoreBroken
from helpdesk.store.direct import Direct
from helpdesk.store.pressed import unpress
from helpdesk.store.statements import update
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import table

LETTERS = table(Outgoing)
C = LETTERS.c
NOBODY: dict[str, Any] = {"claimed_by": None, "claimed_until": None}
# UNKNOWN has a next try only when it is an answer that is sent once more.
CLAIMABLE = (OutgoingState.QUEUED, OutgoingState.RETRY, OutgoingState.UNKNOWN)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToSend:
    """A letter to be sent; ``attempts`` counts this one too."""

    id: int
    kind: str
    recipient: str
    envelope_from: str
    """"" is the null path."""
    message_id: str
    raw: bytes
    attempts: int
    created: datetime
    expires: datetime
    resent: bool
    """Its fate was unknown once already: never a third time."""
    automatic: bool
    outside: bool
    """The recipient is not one of us."""
    ticket: int | None

    @property
    def twice_rather_than_never(self) -> bool:
        """When nobody knows whether it arrived: a colleague who reads a letter twice, or a customer an answer, is well
        served; an automatic letter to a customer is better lost."""
        return not (self.automatic and self.outside)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """What became of a claimed letter: SENT, RETRY, FAILED, UNKNOWN, or QUEUED when it is handed back untouched."""

    id: int
    state: OutgoingState
    words: str | None = None
    """What the server answered, or why nothing was sent."""
    next_try: datetime | None = None
    """UNKNOWN with a next try is sent once more and marked so; QUEUED without one keeps its place."""


def letters_due(session: Session, now: datetime) -> bool:
    """Whether there is anything to claim; asks without taking SQLite's lock."""
    return _ANY_DUE.scalar(session, {"now": now}) is not None


def claim_letters(session: Session, *, owner: str, now: datetime, limit: int, lease_seconds: float) -> list[ToSend]:
    """Take letters whose time has come, the longest waiting first."""
    due = [row for state in CLAIMABLE for row in _DUE.rows(session, {"claimable": state, "now": now, "most": limit})]
    ids = [row.id for row in sorted(due)[:limit]]
    if not ids:
        return []
    _CLAIM.run(session, {"letters": ids, "owner": owner, "until": now + timedelta(seconds=lease_seconds)})
    letters, damaged = _to_send(session, ids)
    # One bad bit must not stop all other letters; it stays claimed until somebody has been told.
    settle(session, [_damaged(number) for number in damaged], owner=owner, now=now)
    return letters


def renew_claims(
    session: Session, in_hand: Collection[int], *, owner: str, now: datetime, lease_seconds: float
) -> None:
    """Keep what we have in hand for longer; what we claimed and do not know of runs out and is taken up again.

    A letter whose end is being written at this moment needs no longer claim: to wait for it could be a deadlock.
    """
    until = now + timedelta(seconds=lease_seconds)
    free = sa.select(C.id).where(_mine(owner) & C.id.in_(in_hand)).with_for_update(skip_locked=True)
    update(session, LETTERS, C.id.in_(free), {"claimed_until": until})


def hand_back_others(session: Session, in_hand: Collection[int], *, owner: str) -> None:
    """Let go what we claimed and never got: the connection broke after the claim was committed. None was begun."""
    others = _mine(owner) & C.data_started.is_(None) & C.id.not_in(in_hand)
    update(session, LETTERS, others, {"state": OutgoingState.QUEUED, "attempts": C.attempts - 1, **NOBODY})


def data_started(
    session: Session, ids: Sequence[int], *, owner: str, now: datetime, lease_seconds: float
) -> frozenset[int]:
    """Note, before the server gets the first byte, that from now on it may have these letters.

    Gives back those that are still ours; the others must not be sent.
    """
    if not ids:
        return frozenset()
    until = now + timedelta(seconds=lease_seconds)
    told = {"letters": list(ids), "owner": owner, "now": now, "until": until}
    return frozenset(row.id for row in _BEGUN.rows(session, told))


def settle(session: Session, endings: Iterable[Ending], *, owner: str, now: datetime) -> None:
    """Write what became of letters; one statement for each state, however many letters.

    What was sent is sent, whatever the row says meanwhile; everything else only as long as the claim is ours.
    A letter that failed stays claimed until `reported`, so that it is told of even after a crash.
    """
    batches: dict[tuple[OutgoingState, bool], list[dict[str, Any]]] = {}
    for end in endings:
        again = {} if end.next_try is None else {"again": end.next_try}
        batches.setdefault((end.state, bool(again)), []).append({"letter": end.id, "words": end.words, **again})
    for (state, has_next), rows in batches.items():
        told = [{**row, "owner": owner, "now": now} for row in rows]
        _settling(state, has_next=has_next).run_all(session, told)


def unreported(session: Session, *, owner: str, now: datetime) -> list[int]:
    """Letters that failed and of which nobody has been told: our own, and those of a sender that is gone."""
    waiting = C.claimed_by.is_not(None) & ((C.claimed_by == owner) | (C.claimed_until < now))
    query = sa.select(C.id).where(C.state == OutgoingState.FAILED, waiting).order_by(C.id)
    return list(session.connection().scalars(query))


def reported(session: Session, letter_id: int) -> bool:
    """Note that the failure of a letter has been told; False when somebody has told it before."""
    untold = (C.state == OutgoingState.FAILED) & C.claimed_by.is_not(None)
    return update(session, LETTERS, (C.id == letter_id) & untold, NOBODY) == 1


@cache
def _settling(state: OutgoingState, *, has_next: bool) -> Direct:
    where = C.id == sa.bindparam("letter")
    if state is not OutgoingState.SENT:
        where &= _mine(sa.bindparam("owner"))
    return Direct(sa.update(LETTERS).where(where).values(**_values(state, _AGAIN if has_next else None, _NOW)))


def unknown_values(reason: Any, next_try: Any, now: Any) -> dict[str, Any]:
    """What a row says whose letter may have arrived or not (RFC 1047)."""
    values = {"state": OutgoingState.UNKNOWN, "reason": reason, "next_try": next_try, **NOBODY}
    return values | ({"done": now} if next_try is None else {"resent": True})


_WORDS: sa.BindParameter[str] = sa.bindparam("words", type_=sa.String())
_NOW: sa.BindParameter[datetime] = sa.bindparam("now", type_=C.done.type)
_UNTIL: sa.BindParameter[datetime] = sa.bindparam("until", type_=C.claimed_until.type)
_LETTERS: sa.BindParameter[int] = sa.bindparam("letters", expanding=True)
_AGAIN: sa.BindParameter[datetime] = sa.bindparam("again", type_=C.next_try.type)


def _values(state: OutgoingState, next_try: sa.BindParameter[datetime] | None, now: Any) -> dict[str, Any]:
    match state:
        case OutgoingState.SENT:
            return {"state": state, "response": _WORDS, "reason": None, "next_try": None, "done": now, **NOBODY}
        case OutgoingState.RETRY:
            return {"state": state, "response": _WORDS, "reason": _WORDS, "next_try": next_try, **NOBODY}
        case OutgoingState.FAILED:
            return {"state": state, "response": _WORDS, "reason": _WORDS, "next_try": None, "done": now}
        case OutgoingState.UNKNOWN:
            return unknown_values(_WORDS, next_try, now)
        case _:
            place = C.next_try if next_try is None else next_try
            reason = sa.func.coalesce(_WORDS, C.reason)
            queued = {"state": OutgoingState.QUEUED, "reason": reason, "next_try": place, **NOBODY}
            return queued | {"attempts": C.attempts - 1, "data_started": None}


def _begun_statement() -> sa.Executable:
    mine = C.id.in_(_LETTERS) & _mine(sa.bindparam("owner"))
    return sa.update(LETTERS).where(mine).values(data_started=_NOW, claimed_until=_UNTIL).returning(C.id)


def _due_statement() -> sa.Select[*tuple[Any, ...]]:
    return (
        sa.select(C.next_try, C.id)
        .where(C.state == sa.bindparam("claimable", type_=C.state.type), C.next_try <= _NOW)
        .order_by(C.next_try)
        .limit(sa.bindparam("most", type_=sa.Integer()))
        .with_for_update(skip_locked=True)
    )


def _claim_statement() -> sa.Update:
    values = {"state": OutgoingState.SENDING, "attempts": C.attempts + 1, "data_started": None}
    claimed = {"claimed_by": sa.bindparam("owner", type_=sa.String()), "claimed_until": _UNTIL}
    return sa.update(LETTERS).where(C.id.in_(_LETTERS)).values(**values, **claimed)


def _damaged(letter: int) -> Ending:
    return Ending(id=letter, state=OutgoingState.FAILED, words="its bytes in the database are damaged")


def _to_send(session: Session, ids: list[int]) -> tuple[list[ToSend], list[int]]:
    """The letters, and the numbers of those whose bytes cannot be read any more."""
    found, damaged = list[ToSend](), list[int]()
    for row in _TO_SEND.rows(session, {"letters": ids}):
        try:
            found.append(ToSend(**{**row._asdict(), "raw": unpress(row.raw, f"letter {row.id}")}))
        except StoreBroken:
            damaged.append(row.id)
    return found, damaged


def _mine(owner: str | sa.BindParameter[str]) -> sa.ColumnElement[bool]:
    return (C.state == OutgoingState.SENDING) & (C.claimed_by == owner)


_BEGUN = Direct(_begun_statement())
_ANY_DUE = Direct(sa.select(C.id).where(C.state.in_(CLAIMABLE), C.next_try <= _NOW).limit(1))
_DUE = Direct(_due_statement())
_CLAIM = Direct(_claim_statement())
_TO_SEND = Direct(
    sa.select(*(C[name] for name in ToSend.__dataclass_fields__)).where(C.id.in_(_LETTERS)).order_by(C.next_try, C.id)
)
