"""The Message-IDs by which later mails find their ticket."""

from __future__ import annotations

from collections.abc import Iterable

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
    own = key_text(mail.message_id) if mail.message_id else None
    if own:
        source = IdSource.MAIL if public else IdSource.NOTE
        _REMEMBER.later(session, [{"message_id": own, "ticket": ticket, "source": source}])
    # In one order for everybody: two processes that add the same ids would wait for each other on PostgreSQL.
    named = sorted({key_text(value) for value in mail.thread_ids[:REFERENCES_KEPT]})
    _NAME.later(session, [{"message_id": value, "ticket": ticket, "source": IdSource.REFERENCE} for value in named])
    return (own,) if own and public else ()


def _remember(dialect: str) -> Upsert:
    """Now its mail has come: no longer a mere reference. Whatever else knew the id stays as it is."""
    new = insert(dialect, IDS)
    return new.on_conflict_do_update(
        index_elements=["message_id", "ticket"],
        set_={"source": new.excluded.source},
        where=IDS.c.source == IdSource.REFERENCE,
    )


def _name(dialect: str) -> Upsert:
    """Known already in a long thread: PostgreSQL would lock and log each row that might be changed."""
    return insert(dialect, IDS).on_conflict_do_nothing()


COLUMNS = ("message_id", "ticket", "source")
_REMEMBER = Direct(_remember, columns=COLUMNS)
_NAME = Direct(_name, columns=COLUMNS)
