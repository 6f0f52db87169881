"""Puts mails, tickets and letters into a store, and looks at what is there."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, TypeVar

from sqlmodel import SQLModel, select

from helpdesk.config import Limits
from helpdesk.desk.changes import Change, LedgerOutcome, NoticeKind, OpenTicket
from helpdesk.mail.message import Address, Mail
from helpdesk.store import queues
from helpdesk.store.apply import Applied, Cause, apply
from helpdesk.store.queues import Claimed, Fetched, Letter, Put
from helpdesk.store.session import Store
from helpdesk.store.tables import Event
from tests.builders import EVA, NOW

Row = TypeVar("Row", bound=SQLModel)
OWNER = "host:1"
UNIQUE = count(1)


def fetched(uid: int | None = 1, raw: bytes | None = None, **values: Any) -> Fetched:
    """A mail of the support mailbox; each with other bytes."""
    given: dict[str, Any] = {"mailbox": "support", "received": NOW, "uid": uid, "uidvalidity": uid and 7}
    return Fetched(raw=raw if raw is not None else b"Subject: %d\r\n\r\n" % next(UNIQUE), **(given | values))


def keep(store: Store, *mails: Fetched) -> list[int]:
    """Keep mails in one transaction of their own."""
    with store.writing() as session:
        return queues.keep(session, mails, NOW)


def claim(
    store: Store,
    *,
    owner: str = OWNER,
    now: datetime = NOW,
    limit: int = 10,
    seconds: float = 60,
    besides: Collection[int] = (),
) -> list[Claimed]:
    """Claim mails in one transaction of its own."""
    with store.writing() as session:
        return queues.claim(session, owner=owner, now=now, limit=limit, lease_seconds=seconds, besides=besides)


END: dict[str, Any] = {
    "owner": OWNER,
    "now": NOW,
    "outcome": LedgerOutcome.TICKET,
    "reason": "a person wrote",
    "kind": "ticket",
    "findings": [],
    "mail_facts": (None, None, "eva@customer.test", "Nyomtató"),
    "ticket": None,
}


def finish(store: Store, number: int, **values: Any) -> None:
    """End a claimed mail; as a ticket unless ``outcome`` says something else."""
    with store.writing() as session:
        queues.finish(session, number, **(END | values))


def handled(store: Store, about: Mail, **values: Any) -> int:
    """A mail of the ledger that has been worked on."""
    (number,) = keep(store, fetched(uid=None))
    claim(store)
    told = (about.message_id, about.content_hash, "eva@customer.test", about.subject)
    finish(store, number, mail_facts=told, **values)
    return number


OPEN = OpenTicket(
    department="support", mailbox="support", subject="Nyomtató", contact=EVA, language="hu", reason="a new mail"
)


def change(store: Store, *changes: Change, **cause: Any) -> Applied:
    """Apply changes as the shell would, or as the cause says."""
    given: dict[str, Any] = {"actor": "shell", "now": NOW}
    with store.writing() as session:
        return apply(session, changes, Cause(**(given | cause)))


def ticket(store: Store, contact: Address = EVA, **values: Any) -> int:
    """A new ticket; its number."""
    number = change(store, replace(OPEN, contact=contact, **values)).ticket
    assert number is not None
    return number


def letter(recipient: str = "eva@customer.test", **values: Any) -> Letter:
    """An acknowledgement to a customer; each with another key and subject."""
    number = next(UNIQUE)
    given: dict[str, Any] = {
        "key": f"key:{number}",
        "kind": NoticeKind.ACKNOWLEDGEMENT,
        "automatic": True,
        "outside": True,
        "envelope_from": "",
        "message_id": f"<letter-{number}@helpdesk.test>",
        "subject": f"Subject {'abcdefghijklmnopqrstuvwxyz'[number % 26] * number}",
        "raw": b"To: you\r\n\r\n",
        "expires": NOW + timedelta(days=5),
    }
    return Letter(recipient=recipient, **(given | values))


def answer(recipient: str = "eva@customer.test", **values: Any) -> Letter:
    """An answer that a staff member wrote."""
    return letter(recipient, **({"kind": NoticeKind.ANSWER, "automatic": False, "staff": "anna"} | values))


def put(store: Store, *letters: Letter, now: datetime = NOW, **limits: Any) -> list[Put]:
    """Bring letters to the door, one transaction for all."""
    own = frozenset({"support@helpdesk.test"})
    with store.writing() as session:
        said = Limits(**limits)
        return [queues.put(session, each, limits=said, now=now, own_addresses=own) for each in letters]


def held(store: Store, number: int, *people: str, incoming: int | None = None) -> list[int]:
    """Answers on a ticket that a guard holds, one for each person, made of one mail."""
    letters = [answer(to, held="empty", ticket=number, incoming_id=incoming) for to in people]
    return [done.id for done in put(store, *letters) if done.id is not None]


def kinds(store: Store, number: int) -> list[str]:
    """The words of a ticket's history."""
    return [event.kind for event in all_of(store, Event) if event.ticket == number]


def all_of(store: Store, model: type[Row]) -> list[Row]:
    """Every row of a table, in the order of the primary key."""
    with store.reading() as session:
        keys = model.__table__.primary_key  # type: ignore[attr-defined]  # SQLModel adds it
        return list(session.exec(select(model).order_by(*keys)))


def one(store: Store, model: type[Row], key: Any) -> Row:
    """The row with this key."""
    with store.reading() as session:
        return session.get_one(model, key)
