"""The Message-IDs by which later mails find their ticket."""

from __future__ import annotations

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.mail.message import Mail
from helpdesk.store.statements import insert_new
from helpdesk.store.tables import IdSource, ThreadId
from helpdesk.store.tables.base import key_text, table

REFERENCES_KEPT = 100  # ids of one mail that later mails may be matched by

IDS = table(ThreadId)


def remember_letter(session: Session, message_id: str, ticket: int, *, outside: bool) -> None:
    """An answer to this letter will be known by its Message-ID; only what customers get is named to them."""
    source = IdSource.LETTER if outside else IdSource.NOTE
    insert_new(session, ThreadId, [{"message_id": key_text(message_id), "ticket": ticket, "source": source}])


def remember_mail(session: Session, mail: Mail, ticket: int, *, public: bool) -> None:
    """The mail's own id, which may be known already as somebody's reference, and those that it refers to."""
    if mail.message_id:
        _own(session, key_text(mail.message_id), ticket, IdSource.MAIL if public else IdSource.NOTE)
    # In one order for everybody: two processes that add the same ids would wait for each other on PostgreSQL.
    named = sorted({key_text(value) for value in mail.thread_ids[:REFERENCES_KEPT]})
    rows = [{"message_id": value, "ticket": ticket, "source": IdSource.REFERENCE} for value in named]
    insert_new(session, ThreadId, rows)


def _own(session: Session, key: str, ticket: int, source: IdSource) -> None:
    if insert_new(session, ThreadId, [{"message_id": key, "ticket": ticket, "source": source}]):
        return
    named = (IDS.c.message_id == key) & (IDS.c.ticket == ticket) & (IDS.c.source == IdSource.REFERENCE)
    session.connection().execute(sa.update(IDS).where(named).values(source=source))
