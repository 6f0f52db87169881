"""The state of a site without what may differ from run to run: instants, and the numbers of rows (invariant I9)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from helpdesk.store.session import Session, Store
from helpdesk.store.tables import (
    Contact,
    Event,
    Incoming,
    Link,
    Message,
    Outgoing,
    OutgoingState,
    Participant,
    RawMail,
    Ticket,
)  # fmt: skip
from helpdesk.store.tables.base import table

GONE = frozenset({OutgoingState.SENT, OutgoingState.UNKNOWN})  # which of the two is a matter of the moment of the kill
Snapshot = dict[str, list[str]]


def snapshot(store: Store) -> Snapshot:
    """All that a person could see of tickets, mails and letters, as sorted lines."""
    with store.reading() as session:
        mails = _mails(session)
        tickets = _tickets(session, mails)
        people = {row.id: row.address for row in _rows(session, Contact)}
        return {
            "mails": sorted(_line(mail=mails[row.id], outcome=row.outcome, kind=row.kind, reason=_plain(row.reason),
                                  ticket=tickets.get(row.ticket)) for row in _rows(session, Incoming)),
            "tickets": sorted(_ticket(row, tickets, people) for row in _rows(session, Ticket)),
            "messages": [_line(ticket=tickets[row.ticket], mail=mails.get(row.incoming_id), kind=row.kind,
                               text=row.text, flags=_plain(str(row.flags)))
                         for row in sorted(_rows(session, Message), key=lambda row: (tickets[row.ticket], row.id))],
            "events": [_line(ticket=tickets[row.ticket], mail=mails.get(row.incoming_id), kind=row.kind,
                             actor=row.actor, reason=_plain(row.reason))
                       for row in sorted(_rows(session, Event), key=lambda row: (tickets[row.ticket], row.id))],
            "links": sorted(_line(a=tickets[row.ticket], b=tickets[row.other]) for row in _rows(session, Link)),
            "participants": sorted(_line(ticket=tickets[row.ticket], who=people[row.contact_id], why=row.reason)
                                   for row in _rows(session, Participant)),
            "contacts": sorted(_line(who=row.address, name=row.name, suspended=row.suspended is not None)
                               for row in _rows(session, Contact)),
            "letters": sorted(_letter(row, mails, tickets) for row in _rows(session, Outgoing)),
        }  # fmt: skip


def differences(one: Snapshot, other: Snapshot) -> list[str]:
    """What is in one and not in the other, with I9 before it."""
    found = []
    for name, lines in one.items():
        found += [f"I9: {name}: missing {line}" for line in lines if line not in other[name]]
        found += [f"I9: {name}: too much {line}" for line in other[name] if line not in lines]
        if not found and lines != other[name]:
            found.append(f"I9: {name}: in another order or number")
    return found


def _rows(session: Session, kind: Any) -> list[Any]:
    made = table(kind)
    return list(session.connection().execute(sa.select(made).order_by(*made.primary_key)))


def _mails(session: Session) -> dict[int | None, str]:
    """Mails are known by their bytes."""
    raws = {row.id: row.sha256 for row in _rows(session, RawMail)}
    return {row.id: raws[row.raw_id][:12] for row in _rows(session, Incoming)}


def _tickets(session: Session, mails: Mapping[int | None, str]) -> dict[int | None, str]:
    """Tickets are known by the mail that opened them."""
    return {row.ticket: mails[row.incoming_id] for row in _rows(session, Event) if row.kind == "opened"}


def _ticket(row: Any, tickets: Mapping[int | None, str], people: Mapping[int, str]) -> str:
    return _line(ticket=tickets[row.number], status=row.status, subject=row.subject, department=row.department,
                 owner=row.owner, contact=people[row.contact_id], flags=_plain(str(row.flags)),
                 closed=row.closed is not None, answered=row.first_response is not None)  # fmt: skip


def _letter(row: Any, mails: Mapping[int | None, str], tickets: Mapping[int | None, str]) -> str:
    return _line(mail=mails.get(row.incoming_id), kind=row.kind, to=row.recipient, subject=_plain(row.subject),
                 ticket=tickets.get(row.ticket), state="gone" if row.state in GONE else row.state,
                 automatic=row.automatic)  # fmt: skip


def _line(**values: Any) -> str:
    return json.dumps(values, default=str)


def _plain(words: str | None) -> str:
    """Without the numbers of rows and tickets."""
    return re.sub(r"HD-[0-9]+|\b[0-9]+\b", "#", words or "")
