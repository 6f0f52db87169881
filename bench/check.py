"""Compares what a site made of generated mails with what their manifest says must come, mail by mail."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from bench.manifest import Expected, Kind, totals
from helpdesk.app import App
from helpdesk.desk.changes import NoticeKind
from helpdesk.store.session import Session
from helpdesk.store.tables import Incoming, Message, Outgoing, OutgoingState
from helpdesk.store.tables.base import table

INCOMING, MESSAGES, OUTGOING = table(Incoming), table(Message), table(Outgoing)
ACKNOWLEDGEMENTS = (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT)


@dataclass(frozen=True, kw_only=True)
class Came:
    """What has come of the mails: the counts, and every difference in words."""

    mails: int
    tickets: int
    follow_ups: int
    acknowledgements: int
    never_answered: int
    """Mails of machines after which no letter went out."""
    duplicates: int
    threaded: int
    """Replies on the ticket of what they answer."""
    damaged: int
    """Messages whose words are not those that were written."""
    doubled: int
    """Mails that became more than one message or were acknowledged more than once."""
    answered_machines: int
    faults: tuple[str, ...]

    def row(self) -> dict[str, int]:
        """The counts, as they are printed."""
        return {name: value for name, value in asdict(self).items() if name != "faults"}


@dataclass(frozen=True, kw_only=True)
class _Found:
    """The rows behind one mail."""

    incoming: Any
    messages: Sequence[Any]
    letters: Sequence[Any]
    """To people outside."""

    @property
    def acknowledgements(self) -> int:
        return sum(letter.kind in ACKNOWLEDGEMENTS for letter in self.letters)


def check(app: App, expected: Sequence[Expected], *, after: int = 0) -> Came:
    """Compare; ``after`` is the ledger's number of the last mail before those that are meant."""
    with app.store.reading() as session:
        return check_in(session, expected, after=after)


def check_in(session: Session, expected: Sequence[Expected], *, after: int = 0) -> Came:
    """Compare what a session sees."""
    found = _found(session, after)
    wanted = totals(expected)
    pairs = list(zip(expected, found, strict=False))
    ticket_of = {each.message_id: one.incoming.ticket for each, one in pairs if each.kind in (Kind.TICKET, Kind.REPLY)}
    faults = (
        [f"{len(found)} mails in the ledger, {len(expected)} were delivered"] if len(found) != len(expected) else []
    )
    for place, (each, one) in enumerate(pairs):
        faults += [f"mail {place} ({each.kind}): {words}" for words in _faults(each, one, ticket_of)]
    outcomes = Counter(one.incoming.outcome for one in found)
    came = Came(
        mails=len(found),
        tickets=outcomes["ticket"],
        follow_ups=outcomes["appended"],
        acknowledgements=sum(one.acknowledgements for one in found),
        never_answered=sum(_is_machine(each) and not one.letters for each, one in pairs),
        duplicates=outcomes["duplicate"],
        threaded=sum(each.kind is Kind.REPLY and _threaded(each, one, ticket_of) for each, one in pairs),
        damaged=sum(_is_damaged(each, one) for each, one in pairs),
        doubled=sum(len(one.messages) > 1 or one.acknowledgements > 1 for one in found),
        answered_machines=sum(_is_machine(each) and bool(one.letters) for each, one in pairs),
        faults=(),
    )
    faults += [
        f"{name}: {came.row()[name]} came, {value} should have"
        for name, value in wanted.row().items()
        if came.row()[name] != value
    ]
    return Came(**came.row(), faults=tuple(faults))


def _faults(each: Expected, one: _Found, ticket_of: Mapping[str, int | None]) -> Iterator[str]:
    row = one.incoming
    if row.message_id != each.message_id:
        yield f"the ledger has {row.message_id} in its place"
        return
    if row.outcome != each.outcome:
        yield f"ended as {row.outcome} ({row.reason}), not {each.outcome}"
    if one.acknowledgements != each.acknowledged or len(one.letters) != one.acknowledgements:
        yield f"{len(one.letters)} letters went to people outside, {int(each.acknowledged)} should have"
    yield from (f"the letter to {letter.recipient} is {letter.state}" for letter in one.letters if not _sent(letter))
    yield from (f"a letter went to {to.recipient}" for to in one.letters if to.recipient != each.sender)
    if each.kind is Kind.REPLY and not _threaded(each, one, ticket_of):
        yield f"is on ticket {row.ticket}, not on that of what it answers ({each.way})"
    if _is_damaged(each, one):
        yield "its words are not those that were written"
    if len(one.messages) > 1:
        yield f"became {len(one.messages)} messages"


def _threaded(each: Expected, one: _Found, ticket_of: Mapping[str, int | None]) -> bool:
    wanted = each.ticket if each.parent is None else ticket_of.get(each.parent)
    return wanted is not None and one.incoming.ticket == wanted


def _is_damaged(each: Expected, one: _Found) -> bool:
    """Lines may have been broken elsewhere; every word must be there, in order, and no other."""
    if not each.text or each.outcome not in ("ticket", "appended"):
        return False
    found = [(message.text.split(), message.full_text.split()) for message in one.messages]
    return found != [(each.text.split(), each.full_text.split())]


def _is_machine(each: Expected) -> bool:
    return each.kind in (Kind.VACATION, Kind.BOUNCE, Kind.MAILING_LIST, Kind.MONITORING)


def _sent(letter: Any) -> bool:
    return bool(letter.state == OutgoingState.SENT)


def _found(session: Session, after: int) -> list[_Found]:
    """All mails after a number, in the order in which they lay in the mailbox, with what belongs to each."""
    names = (INCOMING.c.id, INCOMING.c.message_id, INCOMING.c.outcome, INCOMING.c.reason, INCOMING.c.ticket)
    incoming = sa.select(*names).where(INCOMING.c.id > after).order_by(INCOMING.c.uidvalidity, INCOMING.c.uid)
    said = sa.select(MESSAGES.c.incoming_id, MESSAGES.c.text, MESSAGES.c.full_text)
    c = OUTGOING.c
    sent = sa.select(c.incoming_id, c.kind, c.recipient, c.state).where(c.outside.is_(True), c.incoming_id > after)
    connection = session.connection()
    rows = connection.execute(incoming).all()
    messages, letters = defaultdict(list), defaultdict(list)
    for message in connection.execute(said.where(MESSAGES.c.incoming_id > after)):
        messages[message.incoming_id].append(message)
    for letter in connection.execute(sent):
        letters[letter.incoming_id].append(letter)
    return [_Found(incoming=row, messages=messages[row.id], letters=letters[row.id]) for row in rows]
