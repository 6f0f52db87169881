"""The secrets that sign reply addresses and Message-IDs: the newest signs, the two newest verify.

A restored backup gets a new secret, and the ones before it vouch only for what was in the backup: a number
that is given once more must not open another customer's ticket to a letter of the time that was lost.
"""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.tokens import Bound, Keys
from helpdesk.store.statements import insert_into, update
from helpdesk.store.tables import SigningKey
from helpdesk.store.tables.base import table

KEYS = table(SigningKey)

SECRET_BYTES = 32  # as long as the SHA-256 that it feeds
LIVE = 2  # after a rotation the addresses of the letters before it still work; after two they do not


def live(session: Session) -> tuple[bytes, ...]:
    """The live secrets, newest first: two, and those that restored backups bound; none in a new database."""
    return signing(session).secrets


def signing(session: Session) -> Keys:
    """The live secrets with what they vouch for."""
    query = sa.select(KEYS.c.secret, KEYS.c.last_ticket, KEYS.c.last_letter).order_by(KEYS.c.id.desc())
    secrets_, bounds, rotations = [], {}, 0
    for secret, ticket, letter in session.connection().execute(query):
        # The key that follows a bound one was made by a restore, not by a rotation: letters before lose nothing.
        rotations += ticket is None
        if rotations > LIVE:
            break
        secrets_.append(bytes.fromhex(secret))
        if ticket is not None:
            bounds[secrets_[-1]] = Bound(ticket=ticket, letter=letter or 0)
    return Keys(secrets=tuple(secrets_), bounds=bounds)


def bind(session: Session, *, ticket: int, letter: int, now: datetime) -> None:
    """From now on the live secrets vouch only up to these numbers, those bound before as they are; a new one signs."""
    dead = KEYS.c.secret.not_in([secret.hex() for secret in live(session)])
    session.connection().execute(sa.delete(KEYS).where(dead))
    update(session, KEYS, KEYS.c.last_ticket.is_(None), {"last_ticket": ticket, "last_letter": letter})
    rotate(session, now)


def bound_at(session: Session) -> datetime | None:
    """When secrets were last bound, because a backup was restored; None when that never happened."""
    last = sa.select(sa.func.max(KEYS.c.id)).where(KEYS.c.last_ticket.is_not(None)).scalar_subquery()
    # The one that was made instead follows those that were bound.
    made: datetime | None = session.connection().scalar(sa.select(sa.func.min(KEYS.c.created)).where(KEYS.c.id > last))
    return made


def begin(session: Session, now: datetime) -> tuple[bytes, ...]:
    """Make the first secret, unless there is one; then the live ones."""
    # Number 1 can be made only once: two processes that start together end with the same secret.
    if not live(session):
        _add(session, 1, now)
    return live(session)


def rotate(session: Session, now: datetime) -> tuple[bytes, ...]:
    """Make a new secret; the one before it still verifies, older ones no more."""
    last = session.connection().scalar(sa.select(sa.func.max(KEYS.c.id))) or 0
    _add(session, last + 1, now)
    return live(session)


def _add(session: Session, number: int, now: datetime) -> None:
    connection = session.connection()
    row = {"id": number, "secret": secrets.token_hex(SECRET_BYTES), "created": now}
    connection.execute(insert_into(session, KEYS).values(**row).on_conflict_do_nothing())


def known(session: Session) -> Keys:
    """The live secrets without making one; a single useless one in a database that has none yet."""
    found = signing(session)
    return found if found.secrets else Keys(secrets=(b"-",))
