"""What comes after a backup was put back: nothing goes out twice, no number means two things, no mail is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.errors import StoreBusy, UsageError
from helpdesk.store import keys, parts, restores
from helpdesk.store.queues import restored
from helpdesk.store.statements import update
from helpdesk.store.tables import Incoming, Lease, Outgoing, Part, Position, Ticket
from helpdesk.store.tables.base import table

TICKETS, LETTERS, INCOMING = table(Ticket), table(Outgoing), table(Incoming)
PARTS, LEASES, POSITIONS = table(Part), table(Lease), table(Position)

# The tables whose numbers are spoken of outside the database, and the column that counts them.
COUNTED = {"tickets": TICKETS.c.number, "outgoing": LETTERS.c.id, "incoming": INCOMING.c.id}

# Numbers given after the backup are in customers' mails. What counts goes on behind the next full thousand but one, so
# that at least so many are free of a second meaning; that no letter is taken for another's ticket rests on the keys.
ROUND = 1000

QUIET = timedelta(minutes=2)  # a daemon gives a sign of life every half minute
# Before the last good look into a mailbox. A mail that somebody drags out of the junk folder keeps its arrival, and
# junk folders are commonly emptied after so long.
LOOK_BACK = timedelta(days=30)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settled:
    """How many letters wait for a person now, how many mails are handled again, and where ticket numbers go on."""

    letters: int
    mails: int
    next_ticket: int


def as_of(session: Session) -> datetime | None:
    """The last instant that the database knows of; None when it is new."""
    moments = (PARTS.c.beat, POSITIONS.c.beat, INCOMING.c.kept_at, LETTERS.c.created)
    found = [session.connection().scalar(sa.select(sa.func.max(column))) for column in moments]
    return max((moment for moment in found if moment is not None), default=None)


def require_unsettled(session: Session) -> None:
    """Raises UsageError when this was done already, and nobody can tell that the database was put back since."""
    done = keys.bound_at(session)
    if done is not None:
        message = (
            f"This was done on {done:%Y-%m-%d %H:%M} UTC already, and would hold letters that nobody has sent. "
            "If the database was put back once more since, say so: --once-more."
        )
        raise UsageError(message)


def require_quiet(session: Session, now: datetime) -> None:
    """Raises StoreBusy while a daemon works on the database. For PostgreSQL; a SQLite file has its lock."""
    connection = session.connection()
    living = (PARTS.c.state != parts.STOPPED) & (PARTS.c.beat > now - QUIET)
    processes = [
        *connection.scalars(sa.select(PARTS.c.process).where(living)),
        *connection.scalars(sa.select(LEASES.c.owner).where(LEASES.c.until >= now)),
    ]
    if processes:
        message = (
            f"A daemon works on this database ({', '.join(sorted(set(processes)))}): stop all of them first. "
            f"One that was killed counts as alive for {QUIET // timedelta(minutes=1)} minutes."
        )
        raise StoreBusy(message)


def settle(session: Session, *, backup: datetime, now: datetime, given: Mapping[str, int] | None = None) -> Settled:
    """Do it all, in one transaction, before anything else is done with the database.

    ``given``: the highest numbers that the replaced database had given, by table, where they are known.
    """
    letters = restored.probably_sent(session, backup)
    mails = restored.probably_handled(session)
    highest = {name: session.connection().scalar(sa.select(sa.func.max(c))) or 0 for name, c in COUNTED.items()}
    keys.bind(session, ticket=highest["tickets"], letter=highest["outgoing"], now=now)
    counters = {
        name: _count_on(session, name, max(number, (given or {}).get(name, 0))) for name, number in highest.items()
    }
    _read_again(session, backup, now)
    restores.note(session, backup=backup, now=now)
    session.connection().execute(sa.delete(PARTS))
    update(session, LEASES, LEASES.c.until >= now, {"until": now - timedelta(seconds=1)})
    return Settled(letters=letters, mails=mails, next_ticket=counters["tickets"] + 1)


def _count_on(session: Session, name: str, highest: int) -> int:
    """Let the numbers of a table go on behind the next thousand but one; the last number before them."""
    connection, column = session.connection(), COUNTED[name]
    if connection.dialect.name == "postgresql":
        sequence = sa.func.pg_get_serial_sequence(name, column.name)
        # What was given and rolled back is in the sequence only.
        highest = max(highest, connection.scalar(sa.select(_last_value(f"{name}_{column.name}_seq"))) or 0)
        last = _round(highest)
        connection.execute(sa.select(sa.func.setval(sequence, last, True)))
        return last
    counters = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    last = _round(max(highest, connection.scalar(sa.select(counters.c.seq).where(counters.c.name == name)) or 0))
    connection.execute(sa.delete(counters).where(counters.c.name == name))
    connection.execute(sa.insert(counters).values(name=name, seq=last))
    return last


def _last_value(sequence: str) -> sa.ScalarSelect[int]:
    return sa.select(sa.column("last_value", sa.Integer)).select_from(sa.table(sequence)).scalar_subquery()


def _round(highest: int) -> int:
    return (highest // ROUND + 2) * ROUND


def _read_again(session: Session, backup: datetime, now: datetime) -> None:
    """What the server took in before now is not acknowledged; what was filed since the backup is looked for."""
    c = POSITIONS.c
    for row in session.connection().execute(sa.select(POSITIONS)).mappings().all():
        values: dict[str, object] = {"acknowledge_from": now, "restored": now}
        # A search that was not at its end goes on: it began lower.
        if row["done_again_from"] is None:
            noted = row["done_uidnext"] is not None
            values |= {
                "done_again_from": max(row["began"], min(backup, row["beat"]) - LOOK_BACK),
                "done_again_folder": row["done_folder"],
                "done_again_uidvalidity": row["done_uidvalidity"],
                "done_again_uid": row["done_uidnext"] - 1 if noted else None,
            }
        update(session, POSITIONS, c.mailbox == row["mailbox"], values)
