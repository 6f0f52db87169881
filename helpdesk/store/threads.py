"""The Message-IDs by which later mails find their ticket."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlmodel import Session

from helpdesk.mail.message import Mail
from helpdesk.store.direct import Direct
from helpdesk.store.statements import Upsert, insert
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
    _REMEMBER.later(session, rows)


def remember_mail(session: Session, mail: Mail, ticket: int, *, public: bool) -> tuple[str, ...]:
    """The mail's own id, which may be known already as somebody's reference, and those that it refers to.

    Gives back what of it is named to customers.
    """
    named = {key_text(value) for value in mail.thread_ids[:REFERENCES_KEPT]}
    rows: list[dict[str, Any]] = [
        {"message_id": value, "ticket": ticket, "source": IdSource.REFERENCE} for value in named
    ]
    own = key_text(mail.message_id) if mail.message_id else None
    if own:
        rows.append({"message_id": own, "ticket": ticket, "source": IdSource.MAIL if public else IdSource.NOTE})
    # In one order for everybody: two processes that add the same ids would wait for each other on PostgreSQL.
    _REMEMBER.later(session, sorted(rows, key=lambda row: row["message_id"]))
    return (own,) if own and public else ()


def _remember(dialect: str) -> Upsert:
    """Now its mail has come: no longer a mere reference. Whatever else knew the id stays as it is."""
    new = insert(dialect, IDS)
    better = (IDS.c.source == IdSource.REFERENCE) & (new.excluded.source != IdSource.REFERENCE)
    return new.on_conflict_do_update(
        index_elements=["message_id", "ticket"], set_={"source": new.excluded.source}, where=better
    )


_REMEMBER = Direct(_remember, columns=("message_id", "ticket", "source"))
