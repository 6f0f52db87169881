"""Tickets as a person reads them at the shell: lists, a search, one ticket with its messages and history."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.desk.ticket import Status
from helpdesk.store.tables import Contact, Event, Incoming, IncomingState, Link, Message, Outgoing, Ticket
from helpdesk.store.tables.base import is_row_number, table

TICKETS, CONTACTS, MESSAGES, EVENTS = table(Ticket), table(Contact), table(Message), table(Event)
LINKS, INCOMING, OUTGOING = table(Link), table(Incoming), table(Outgoing)
Row = dict[str, Any]


def tickets(
    session: Session,
    *,
    statuses: tuple[Status, ...] = (),
    department: str | None = None,
    owner: str | None = None,
    words: str | None = None,
    limit: int = 100,
) -> list[Row]:
    """The tickets that fit, the latest changed first; ``words`` are looked for in subjects, people and messages."""
    query = _tickets()
    if statuses:
        query = query.where(TICKETS.c.status.in_(statuses))
    if department is not None:
        query = query.where(TICKETS.c.department == department)
    if owner is not None:
        query = query.where(TICKETS.c.owner == owner)
    if words is not None:
        query = query.where(_says(words))
    rows = session.connection().execute(query.order_by(TICKETS.c.updated.desc(), TICKETS.c.number.desc()).limit(limit))
    return [_ticket(row) for row in rows.mappings()]


def mails(session: Session, *, outcomes: tuple[LedgerOutcome, ...], limit: int = 100) -> list[Row]:
    """The latest mails that ended in one of these ways."""
    names = ("id", "mailbox", "received", "sender", "subject", "kind", "outcome", "reason", "ticket")
    query = sa.select(*(INCOMING.c[name] for name in names)).where(INCOMING.c.outcome.in_(outcomes))
    return _all(session, query.order_by(INCOMING.c.id.desc()).limit(limit))


def ticket(session: Session, number: int) -> Row | None:
    """One ticket with its messages, letters, links and history, oldest first."""
    if not is_row_number(number):
        return None
    row = session.connection().execute(_tickets().where(TICKETS.c.number == number)).mappings().one_or_none()
    if row is None:
        return None
    letters = [
        OUTGOING.c[name] for name in ("id", "kind", "recipient", "subject", "state", "reason", "created", "done")
    ]
    return _ticket(row) | {
        "messages": _all(session, sa.select(MESSAGES).where(MESSAGES.c.ticket == number).order_by(MESSAGES.c.id)),
        "letters": _all(session, sa.select(*letters).where(OUTGOING.c.ticket == number).order_by(OUTGOING.c.id)),
        "links": _all(session, sa.select(LINKS).where((LINKS.c.ticket == number) | (LINKS.c.other == number))),
        "history": _all(session, sa.select(EVENTS).where(EVENTS.c.ticket == number).order_by(EVENTS.c.id)),
    }


def depths(session: Session) -> Mapping[str, Mapping[str, int]]:
    """How many rows of each queue stand in each state; states without a row are left out."""
    found: dict[str, Mapping[str, int]] = {}
    for name, queue in (("incoming", INCOMING), ("outgoing", OUTGOING), ("tickets", TICKETS)):
        state = queue.c.status if name == "tickets" else queue.c.state
        rows = session.connection().execute(sa.select(state, sa.func.count()).group_by(state).order_by(state))
        found[name] = {str(word.value): count for word, count in rows}
    return found


def unfiled(session: Session) -> int:
    """Mails that are kept but still to be moved on their server."""
    query = sa.select(sa.func.count()).where(sa.not_(INCOMING.c.filed), INCOMING.c.state != IncomingState.WAITING)
    return session.connection().scalar(query) or 0


def _tickets() -> sa.Select[Any]:
    who = (CONTACTS.c.written.label("contact"), CONTACTS.c.name.label("contact_name"))
    return sa.select(TICKETS, *who).join(CONTACTS, CONTACTS.c.id == TICKETS.c.contact_id)


def _says(words: str) -> sa.ColumnElement[bool]:
    """Every word stands in the subject, the contact, or one message of the ticket; LIKE's own signs count as text."""
    conditions = []
    for word in words.split():
        inside = sa.select(MESSAGES.c.ticket).where(MESSAGES.c.full_text.icontains(word, autoescape=True))
        fields = (TICKETS.c.subject, CONTACTS.c.written, CONTACTS.c.name)
        conditions.append(
            sa.or_(*(field.icontains(word, autoescape=True) for field in fields), TICKETS.c.number.in_(inside))
        )
    return sa.and_(sa.true(), *conditions)


def _ticket(row: Mapping[Any, Any]) -> Row:
    return {key: value for key, value in row.items() if key != "contact_id"}


def _all(session: Session, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in session.connection().execute(query).mappings()]
