"""What happens to tickets within one transaction: their new values and the lines of their history, written together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.mail.message import Mail
from helpdesk.store.direct import Direct
from helpdesk.store.tables import Event, Ticket
from helpdesk.store.tables.base import table

TICKETS, EVENTS = table(Ticket), table(Event)

STATE = {"status", "owner", "first_response"}  # of a ticket: what decides whether a change is one

_NUMBER: sa.BindParameter[int] = sa.bindparam("of_ticket", type_=sa.Integer())
_STATE = Direct(sa.select(*(TICKETS.c[name] for name in sorted(STATE))).where(TICKETS.c.number == _NUMBER))
_NOTE = Direct(sa.insert(EVENTS), columns=("ticket", "at", "kind", "actor", "reason", "incoming_id", "data"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """What led to the changes: a mail of the ledger, or a person at the shell (then without a mail)."""

    actor: str
    now: datetime
    incoming: int | None = None
    mail: Mail | None = None
    received: datetime | None = None
    again: bool = False
    """The mail was probably handled once, before a backup was restored: what customers would get waits for a person."""


class History:
    """Gathers what happens and writes it at the end: one statement for the history, one for each changed ticket.

    Who writes letters about a ticket in between calls `settle` first.
    """

    def __init__(self, session: Session, cause: Cause) -> None:
        self._session = session
        self._cause = cause
        self._changes: dict[int, dict[str, Any]] = {}
        self._known: dict[int, dict[str, Any]] = {}
        self._fresh: set[int] = set()
        self._lines: list[dict[str, Any]] = []

    def opened(self, ticket: int, **values: Any) -> None:
        """The ticket was made just now with these values, and is as new as its history."""
        self._fresh.add(ticket)
        self._known[ticket] = values

    def note(self, ticket: int, what: str, reason: str, **data: Any) -> None:
        """One line of the history; the ticket has changed now."""
        cause = self._cause
        self._changes.setdefault(ticket, {})
        self._lines.append(
            {
                "ticket": ticket,
                "at": cause.now,
                "kind": what,
                "actor": cause.actor,
                "reason": reason,
                "incoming_id": cause.incoming,
                "data": data,
            }
        )

    def change(self, ticket: int, **values: Any) -> None:
        """Columns of a ticket that get other values."""
        self._changes.setdefault(ticket, {}).update(values)

    def state(self, ticket: int) -> dict[str, Any]:
        """All that is known of a ticket that was opened here, with the changes since."""
        return {**self._known[ticket], **self._changes.get(ticket, {})}

    def now(self, ticket: int, column: str) -> Any:
        """The value of ``status``, ``owner`` or ``first_response``, with the changes that are not written yet."""
        changed = self._changes.get(ticket, {})
        return changed[column] if column in changed else self._stored(ticket)[column]

    def settle(self) -> None:
        """Bring the tickets that have changed up to date."""
        for ticket, values in self._changes.items():
            if values or ticket not in self._fresh:
                changed = {**values, "updated": self._cause.now}
                _change(tuple(changed)).later(self._session, [{**changed, "of_ticket": ticket}])
                self._known.setdefault(ticket, {}).update(values)
            self._fresh.add(ticket)
        self._changes = {}

    def write(self) -> None:
        """Everything that was gathered, once."""
        self.settle()
        _NOTE.later(self._session, self._lines)
        self._lines = []

    def _stored(self, ticket: int) -> dict[str, Any]:
        known = self._known.get(ticket)
        if known is None or not known.keys() >= STATE:
            row = _STATE.row(self._session, {"of_ticket": ticket})
            assert row is not None, "a ticket is never deleted"
            known = self._known[ticket] = row._asdict()
        return known


@cache
def _change(columns: tuple[str, ...]) -> Direct:
    values = {name: sa.bindparam(name, type_=TICKETS.c[name].type) for name in columns}
    return Direct(sa.update(TICKETS).where(TICKETS.c.number == _NUMBER).values(**values))


def record(session: Session, ticket: int, what: str, reason: str, cause: Cause, **data: Any) -> None:
    """One line of the history, written at once; the ticket has changed now."""
    history = History(session, cause)
    history.note(ticket, what, reason, **data)
    history.write()
