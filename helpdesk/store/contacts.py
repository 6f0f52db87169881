"""The people who write to us, found or made by their address."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, select

from helpdesk.mail.message import Address
from helpdesk.store.statements import insert_new
from helpdesk.store.tables import Contact
from helpdesk.store.tables.base import key_text


def contact(session: Session, person: Address, now: datetime) -> Contact:
    """The contact of an address, made when it is new; another process may make the same one at the same time."""
    key = key_text(person.key)
    query = select(Contact).where(Contact.address == key)
    found = session.exec(query).one_or_none()
    if found is None:
        row = {"address": key, "written": person.address, "name": person.name, "first_seen": now, "last_seen": now}
        insert_new(session, Contact, [row])
        found = session.exec(query).one()
    return found


def author(session: Session, person: Address, now: datetime) -> Contact:
    """The contact who wrote a mail: seen now, named as he names himself, and reachable again."""
    found = contact(session, person, now)
    found.last_seen, found.suspended = now, None
    found.name = person.name or found.name
    return found


def number(person: Contact) -> int:
    """The number of a contact that is in the database."""
    assert person.id is not None
    return person.id
