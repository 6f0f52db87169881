"""Tickets as the thinking rooms see them, loaded by number with a fixed number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.ticket import MessageKind, TicketView
from helpdesk.mail.message import Address
from helpdesk.store.direct import Direct, at_once
from helpdesk.store.tables import Contact, IdSource, Message, Participant, ThreadId, Ticket
from helpdesk.store.tables.base import table

THREAD_IDS = 40  # newest Message-IDs of a ticket that are loaded: more than any References field needs

TICKETS, CONTACTS, PEOPLE = table(Ticket), table(Contact), table(Participant)
IDS, MESSAGES = table(ThreadId), table(Message)


def views(session: Session, numbers: Collection[int]) -> Mapping[int, TicketView]:
    """The tickets that exist among these numbers; three queries, however many there are, none for no number."""
    if not numbers:
        return {}
    asked = {"numbers": list(numbers)}
    rows, participants, ids = at_once(session, (_TICKETS, asked), (_PEOPLE, asked), (_THREADS, asked))
    people, threads = _people(participants), _threads(ids)
    return {row.number: _view(row, people[row.number], threads[row.number]) for row in rows}


def view(session: Session, number: int) -> TicketView | None:
    """One ticket, or None."""
    return views(session, (number,)).get(number)


def words_of(session: Session, incoming: int) -> tuple[str, MessageKind | None]:
    """The new words of one mail that is kept on a ticket, and as what it is kept; "" and None when it is not."""
    query = sa.select(MESSAGES.c.text, MESSAGES.c.kind).where(MESSAGES.c.incoming_id == incoming).limit(1)
    row = session.connection().execute(query).one_or_none()
    return ("", None) if row is None else (row.text, row.kind)


def notes(session: Session, number: int) -> tuple[str, ...]:
    """The texts of a ticket's internal notes, which must not reach a customer."""
    query = sa.select(MESSAGES.c.text).where(MESSAGES.c.ticket == number, MESSAGES.c.kind == MessageKind.NOTE)
    return tuple(session.connection().scalars(query))


def _people(rows: Iterable[Any]) -> Mapping[int, tuple[Address, ...]]:
    found: dict[int, tuple[Address, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.ticket] += (Address(name=row.name, address=row.written),)
    return found


def _threads(rows: Iterable[Any]) -> Mapping[int, tuple[str, ...]]:
    found: dict[int, tuple[str, ...]] = defaultdict(tuple)
    for row in rows:
        found[row.ticket] += (row.message_id,)
    return found


def _view(row: Any, people: tuple[Address, ...], thread: tuple[str, ...]) -> TicketView:
    return TicketView(
        number=row.number,
        status=row.status,
        subject=row.subject,
        department=row.department,
        mailbox=row.mailbox,
        contact=Address(name=row.name, address=row.written),
        language=row.language,
        opened=row.opened,
        owner=row.owner,
        priority=row.priority,
        participants=people,
        closed=row.closed,
        first_response=row.first_response,
        thread=thread,
    )


def _threads_statement() -> sa.Select[*tuple[Any, ...]]:
    """The ids of public messages and letters: the very first and the newest ones, oldest first."""
    public = IDS.c.source.in_((IdSource.MAIL, IdSource.LETTER))
    place = sa.func.row_number().over(partition_by=IDS.c.ticket, order_by=IDS.c.id)
    back = sa.func.row_number().over(partition_by=IDS.c.ticket, order_by=IDS.c.id.desc())
    mine = sa.select(IDS.c.id, IDS.c.ticket, IDS.c.message_id, place.label("place"), back.label("back"))
    placed = mine.where(IDS.c.ticket.in_(_NUMBERS), public).subquery()
    shown = (placed.c.place == 1) | (placed.c.back <= THREAD_IDS)
    return sa.select(placed.c.ticket, placed.c.message_id).where(shown).order_by(placed.c.id)


_NUMBERS: sa.BindParameter[int] = sa.bindparam("numbers", expanding=True)
_TICKETS = Direct(
    sa.select(TICKETS, CONTACTS.c.written, CONTACTS.c.name)
    .join(CONTACTS, CONTACTS.c.id == TICKETS.c.contact_id)
    .where(TICKETS.c.number.in_(_NUMBERS))
)
_PEOPLE = Direct(
    sa.select(PEOPLE.c.ticket, CONTACTS.c.written, CONTACTS.c.name)
    .join(CONTACTS, CONTACTS.c.id == PEOPLE.c.contact_id)
    .where(PEOPLE.c.ticket.in_(_NUMBERS))
    .order_by(PEOPLE.c.id)
)
_THREADS = Direct(_threads_statement())
