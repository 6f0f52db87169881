"""How far each mailbox has been read: (account, UIDVALIDITY, UID), never a flag and never a time window.

A mailbox is a name of the configuration, and may stand for another account tomorrow. Two accounts can have the same
UIDVALIDITY, so the account is kept with the position, and a generation that grows when all UIDs become void.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.restores import Lost
from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Position
from helpdesk.store.tables.base import table

POSITIONS = table(Position)

FIRST_GENERATION = 1

# What is known of the folder for what is done; it is the account's.
DONE_AGAIN = ("done_again_from", "done_again_folder", "done_again_uidvalidity", "done_again_uid")
DONE = (*DONE_AGAIN, "done_folder", "done_uidvalidity", "done_uidnext")


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadTo:
    """Everything up to ``uid`` is kept; what lies above it is new."""

    mailbox: str
    account: str
    """Which folder of which user on which server is read."""
    account_since: datetime
    account_before: str | None
    """What was read under this name before; None when it was never anything else."""
    generation: int
    """How often this mailbox was begun: from 1, one more for each other account or UIDVALIDITY."""
    uidvalidity: int
    uid: int
    start_uid: int | None
    """Where this generation was begun: mail up to it was never to be taken in; None when that is not known."""
    began: datetime
    """The first start of this mailbox; nothing older is taken in when everything is read anew."""
    acknowledge_from: datetime
    """Mail that the server took in before this instant never gets an automatic answer."""
    restored: datetime | None
    """When a backup was last put back; mail that arrived before may have been handled already."""
    done_again_from: datetime | None
    """Mails that arrived since then are still to be looked for in the folder for what is done, too."""
    done_again_folder: str | None
    done_again_uidvalidity: int | None
    done_again_uid: int | None
    """In this folder, under that UIDVALIDITY, mails up to here need not be looked at; None: nothing is known."""
    beat: datetime
    """When the watcher last looked and all was well."""
    error: str | None
    error_at: datetime | None


def get(session: Session, mailbox: str) -> ReadTo | None:
    """None for a mailbox that has never been read."""
    row = session.connection().execute(_query().where(POSITIONS.c.mailbox == mailbox)).mappings().one_or_none()
    return None if row is None else ReadTo(**row)


def known(session: Session) -> list[ReadTo]:
    """Every mailbox that was ever read, by name."""
    rows = session.connection().execute(_query().order_by(POSITIONS.c.mailbox)).mappings()
    return [ReadTo(**row) for row in rows]


def reset(
    session: Session,
    mailbox: str,
    *,
    account: str,
    uidvalidity: int,
    uid: int,
    acknowledge_from: datetime,
    now: datetime,
    lost: Lost | None = None,
) -> None:
    """Begin a mailbox, or begin anew, with the next generation, where all UIDs mean other mails.

    They do so in another account and under another UIDVALIDITY (RFC 3501 2.3.1.1), also when an earlier one comes back.
    ``lost``: it was probably begun before, in a time of which a restored backup knows nothing.
    """
    c = POSITIONS.c
    row = {"account": account, "uidvalidity": uidvalidity, "uid": uid, "start_uid": uid}
    row |= {"acknowledge_from": acknowledge_from, "beat": now}
    statement = insert_into(session, POSITIONS).values(
        mailbox=mailbox, generation=FIRST_GENERATION, account_since=now, **(_began(now, lost) | row)
    )
    same = c.account == account
    history: dict[str, sa.ColumnElement[object]] = {
        # Another account's folders have nothing to do with a restored backup.
        **{name: sa.case((same, c[name]), else_=None) for name in DONE},
        "generation": c.generation + 1,
        "account_since": sa.case((same, c.account_since), else_=now),
        "account_before": sa.case((same, c.account_before), else_=c.account),
    }
    session.connection().execute(statement.on_conflict_do_update(index_elements=["mailbox"], set_=row | history))


def _began(now: datetime, lost: Lost | None) -> dict[str, datetime]:
    if lost is None:
        return {"began": now}
    return {"began": lost.since, "restored": lost.until, "done_again_from": lost.since}


def advance(session: Session, mailbox: str, *, generation: int, uidvalidity: int, uid: int, now: datetime) -> bool:
    """Move up to ``uid``, in the transaction that keeps the mails; never down.

    False when the UID is void: the mailbox was begun anew meanwhile, or UIDVALIDITY is another.
    """
    c = POSITIONS.c
    higher = sa.case((c.uid < uid, uid), else_=c.uid)
    where = (c.mailbox == mailbox) & (c.generation == generation) & (c.uidvalidity == uidvalidity)
    values = {"uid": higher, "beat": now, "error": None, "error_at": None}
    return session.connection().execute(sa.update(POSITIONS).where(where).values(**values)).rowcount == 1


def beat(session: Session, mailbox: str, *, now: datetime) -> None:
    """The watcher looked and all is well."""
    _update(session, mailbox, beat=now, error=None, error_at=None)


def moved(session: Session, mailbox: str, *, folder: str, uidvalidity: int, uidnext: int) -> None:
    """Every mail that has been moved to the folder for what is done lies below ``uidnext``; for the next backup."""
    _update(session, mailbox, done_folder=folder, done_uidvalidity=uidvalidity, done_uidnext=uidnext)


def done_read_to(session: Session, mailbox: str, *, folder: str, uidvalidity: int, uid: int) -> None:
    """After a restored backup: so far the folder for what is done has been looked through, and kept."""
    _update(session, mailbox, done_again_folder=folder, done_again_uidvalidity=uidvalidity, done_again_uid=uid)


def done_read_again(session: Session, mailbox: str) -> None:
    """After a restored backup: what was filed since it has been looked for, and kept."""
    _update(session, mailbox, **dict.fromkeys(DONE_AGAIN))


def error(session: Session, mailbox: str, words: str, *, now: datetime) -> None:
    """The mailbox cannot be read, and why."""
    _update(session, mailbox, error=words, error_at=now)


def _update(session: Session, mailbox: str, **values: datetime | str | int | None) -> None:
    session.connection().execute(sa.update(POSITIONS).where(POSITIONS.c.mailbox == mailbox).values(**values))


def _query() -> sa.Select[tuple[object, ...]]:
    return sa.select(*(POSITIONS.c[name] for name in ReadTo.__dataclass_fields__))
