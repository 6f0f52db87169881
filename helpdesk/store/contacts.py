"""The people who write to us, found or made by their address."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.mail.message import Address
from helpdesk.store.direct import Direct
from helpdesk.store.statements import insert
from helpdesk.store.tables import Contact
from helpdesk.store.tables.base import key_text, table

CONTACTS = table(Contact)


class Person(NamedTuple):
    """A contact as it is in the store; ``written`` is the address with its letters as first seen."""

    id: int
    written: str
    name: str | None

    @property
    def address(self) -> Address:
        """As letters name him."""
        return Address(name=self.name, address=self.written)


def contact(session: Session, person: Address, now: datetime) -> Person:
    """The contact with an address, made when it is new.

    Another process may make the same one at the same time.
    """
    found = _FIND.row(session, {"address": key_text(person.key)})
    if found is None:
        # Names the one that somebody else made meanwhile, and changes nothing of it.
        found = _FIND_OR_MAKE.row(session, _row(person, now))
    return _person(found)


def author(session: Session, person: Address, now: datetime) -> Person:
    """The contact who wrote a mail: seen now, named as he names himself, and reachable again."""
    return _person(_SEEN.row(session, _row(person, now)))


def heard_of(session: Session, person: Address, now: datetime) -> None:
    """The same where nobody asks who it is."""
    _SEEN.later(session, [_row(person, now)])


def suspend(session: Session, person: Address, now: datetime) -> None:
    """Nothing automatic goes to an address where mail bounces."""
    known = contact(session, person, now)
    session.connection().execute(sa.update(CONTACTS).where(CONTACTS.c.id == known.id).values(suspended=now))


def _find_or_make(dialect: str) -> sa.Executable:
    made = insert(dialect, CONTACTS)
    same = {"address": made.excluded.address}
    return made.on_conflict_do_update(index_elements=["address"], set_=same).returning(*_TOLD)


def _seen(dialect: str) -> sa.Executable:
    made = insert(dialect, CONTACTS)
    news = {
        "last_seen": made.excluded.last_seen,
        "suspended": None,
        "name": sa.func.coalesce(made.excluded.name, CONTACTS.c.name),
    }
    return made.on_conflict_do_update(index_elements=["address"], set_=news).returning(*_TOLD)


def _row(person: Address, now: datetime) -> dict[str, Any]:
    key, name = key_text(person.key), person.name or None
    return {"address": key, "written": person.address, "name": name, "first_seen": now, "last_seen": now}


def _person(found: Any | None) -> Person:
    """An insert that returns a row always has one."""
    assert found is not None
    return Person._make(found)


NAMED = ("address", "written", "name", "first_seen", "last_seen")
_TOLD = tuple(CONTACTS.c[name] for name in Person._fields)
_FIND = Direct(sa.select(*_TOLD).where(CONTACTS.c.address == sa.bindparam("address")))
_FIND_OR_MAKE = Direct(_find_or_make, columns=NAMED)
_SEEN = Direct(_seen, columns=NAMED)
