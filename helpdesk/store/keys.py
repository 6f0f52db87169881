"""The secrets that sign reply addresses and Message-IDs: the newest signs, the two newest verify."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import SigningKey
from helpdesk.store.tables.base import table

KEYS = table(SigningKey)

SECRET_BYTES = 32  # as long as the SHA-256 that it feeds
LIVE = 2  # after a rotation the addresses of the letters before it still work; after two they do not


def live(session: Session, *, now: datetime | None = None) -> tuple[bytes, ...]:
    """The live secrets, newest first, two at most. Makes the first one, so a new database needs a writing session."""
    found = _live(session)
    if not found:
        # Number 1 can be made only once: two processes that start together end with the same secret.
        _add(session, 1, now or datetime.now(UTC))
        found = _live(session)
    return found


def rotate(session: Session, now: datetime) -> tuple[bytes, ...]:
    """Make a new secret; the one before it still verifies, older ones no more."""
    last = session.connection().scalar(sa.select(sa.func.max(KEYS.c.id))) or 0
    _add(session, last + 1, now)
    return _live(session)


def _live(session: Session) -> tuple[bytes, ...]:
    query = sa.select(KEYS.c.secret).order_by(KEYS.c.id.desc()).limit(LIVE)
    return tuple(bytes.fromhex(secret) for secret in session.connection().scalars(query))


def _add(session: Session, number: int, now: datetime) -> None:
    connection = session.connection()
    row = {"id": number, "secret": secrets.token_hex(SECRET_BYTES), "created": now}
    connection.execute(insert_into(session, KEYS).values(**row).on_conflict_do_nothing())


def known(session: Session) -> tuple[bytes, ...]:
    """The live secrets without making one; a single useless one in a database that has none yet."""
    return _live(session) or (b"-",)
