"""The Message-IDs by which later mails find their ticket."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import Session

from helpdesk.mail.message import Mail
from helpdesk.store.direct import Direct
from helpdesk.store.statements import Upsert, insert, insert_new
from helpdesk.store.tables import IdSource, ThreadId
from helpdesk.store.tables.base import key_text, table

REFERENCES_KEPT = 100  # ids of one mail that later mails may be matched by

IDS = table(ThreadId)


def remember_letter(session: Session, message_id: str, ticket: int, *, outside: bool) -> None:
    """An answer to this letter will be known by its Message-ID; only what customers get is named to them."""
    remember_letters(session, [(message_id, ticket, outside)])


def remember_letters(session: Session, letters: Iterable[tuple[str, int, bool]]) -> None:
    """The same for several: Message-ID, ticket, and whether it goes outside."""
    rows = [
        {"message_id": key_text(name), "ticket": ticket, "source": IdSource.LETTER if outside else IdSource.NOTE}
        for name, ticket, outside in letters
    ]
    insert_new(session, ThreadId, rows)


def remember_mail(session: Session, mail: Mail, ticket: int, *, public: bool) -> None:
    """The mail's own id, which may be known already as somebody's reference, and those that it refers to."""
    if mail.message_id:
        source = IdSource.MAIL if public else IdSource.NOTE
        own = {"message_id": key_text(mail.message_id), "ticket": ticket, "source": source}
        _OWN.run(session, own)
    # In one order for everybody: two processes that add the same ids would wait for each other on PostgreSQL.
    named = sorted({key_text(value) for value in mail.thread_ids[:REFERENCES_KEPT]})
    rows = [{"message_id": value, "ticket": ticket, "source": IdSource.REFERENCE} for value in named]
    insert_new(session, ThreadId, rows)


def _own(dialect: str) -> Upsert:
    """Now its mail has come: no longer a mere reference. Whatever else knew the id stays as it is."""
    new = insert(dialect, IDS)
    return new.on_conflict_do_update(
        index_elements=["message_id", "ticket"],
        set_={"source": new.excluded.source},
        where=IDS.c.source == IdSource.REFERENCE,
    )


_OWN = Direct(_own, columns=("message_id", "ticket", "source"))
