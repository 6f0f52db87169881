"""The secrets that sign reply addresses and Message-IDs: the newest signs, the two newest verify."""

from __future__ import annotations

import secrets
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import SigningKey
from helpdesk.store.tables.base import table

KEYS = table(SigningKey)

SECRET_BYTES = 32  # as long as the SHA-256 that it feeds
LIVE = 2  # after a rotation the addresses of the letters before it still work; after two they do not


def live(session: Session) -> tuple[bytes, ...]:
    """The live secrets, newest first, two at most; none in a new database."""
    query = sa.select(KEYS.c.secret).order_by(KEYS.c.id.desc()).limit(LIVE)
    return tuple(bytes.fromhex(secret) for secret in session.connection().scalars(query))


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


def known(session: Session) -> tuple[bytes, ...]:
    """The live secrets without making one; a single useless one in a database that has none yet."""
    return live(session) or (b"-",)
