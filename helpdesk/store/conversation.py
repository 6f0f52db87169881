"""What was said last on a ticket, for whoever it is handed to."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.ticket import MessageKind
from helpdesk.store.tables import Message
from helpdesk.store.tables.base import table

MESSAGES_READ = 50  # newest ones of the customer and of ours: enough for what was said last and the files of it

MESSAGES = table(Message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """The new words of the latest message of each side, and the names of the customer's files, the newest first."""

    last_words: str = ""
    last_answer: str = ""
    customer_files: tuple[str, ...] = ()


def conversation(session: Session, number: int) -> Conversation:
    """In one query, which reads no more than two texts; pictures of a signature are no files."""
    c = MESSAGES.c
    public = (c.ticket == number) & c.kind.in_([MessageKind.CUSTOMER, MessageKind.ANSWER])
    newest = sa.select(sa.func.max(c.id)).where(public).group_by(c.kind)
    text = sa.case((c.id.in_(newest), c.text), else_="").label("text")
    query = sa.select(c.kind, text, c.attachments).where(public).order_by(c.id.desc()).limit(MESSAGES_READ)
    rows = session.connection().execute(query).all()
    theirs = [row for row in rows if row.kind is MessageKind.CUSTOMER]
    return Conversation(
        last_words=next((row.text for row in theirs), ""),
        last_answer=next((row.text for row in rows if row.kind is MessageKind.ANSWER), ""),
        customer_files=tuple(part["name"] for row in theirs for part in row.attachments if not part["inline"]),
    )
