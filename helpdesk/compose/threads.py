"""Which mails a letter stands under: Message-IDs that keep it in its conversation in every mail program."""

from __future__ import annotations

import re
from dataclasses import dataclass

from helpdesk.desk import tokens
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.tokens import Keys
from helpdesk.mail.message import Mail

LAST_IDS = 20  # of a long thread the newest ids are named, and the first: enough for any mail program
ID_CHARACTERS = 500  # a longer id is no mail program's; a line of a mail holds 998 (RFC 5322 2.1.1)
ANCHOR = "thread"  # the unique part of the id that all letters of a ticket to one reader have in common

_USABLE = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]+>")
_STAFF_ID = re.compile(r"<[ah]\.[0-9]", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Thread:
    """The threading fields of one letter; ``parent`` is "" where there is none."""

    message_id: str
    parent: str = ""
    references: tuple[str, ...] = ()


def thread(
    notice: Notice,
    ticket: TicketView | None,
    mail: Mail | None,
    *,
    agent: int | None,
    unique: str,
    domain: str,
    keys: Keys,
) -> Thread:
    """Own id, In-Reply-To and References of a letter.

    References begin with a signed id that no mail has: relays that give our letters another Message-ID leave
    References alone, and so a reply is still known by it (and proves its staff member where replies have no address).
    """
    if ticket is None:
        parent = _parent(notice, None, mail)
        return Thread(message_id=f"<n.{unique}@{domain}>", parent=parent, references=(parent,) if parent else ())
    own, anchor = (
        tokens.message_id(ticket=ticket.number, agent=agent, unique=part, domain=domain, keys=keys)
        for part in (unique, ANCHOR)
    )
    parent = _parent(notice, ticket, mail)
    chain = [value for value in _chain(notice, ticket, mail) if value != parent]
    chain = [value for value in [*chain, parent] if value]
    if len(chain) > LAST_IDS + 1:
        chain = [chain[0], *chain[-LAST_IDS:]]
    return Thread(message_id=own, parent=parent or anchor, references=(anchor, *chain))


def _parent(notice: Notice, ticket: TicketView | None, mail: Mail | None) -> str:
    """The mail that is answered; for an answer the last public message, never the staff member's own mail."""
    own_words = notice.kind in (NoticeKind.ANSWER, NoticeKind.CLOSING)
    if not own_words and mail is not None and mail.message_id and _may_be_named(mail.message_id, notice):
        return mail.message_id
    return next(reversed(_chain(notice, ticket, mail)), "") if ticket is not None else ""


def _chain(notice: Notice, ticket: TicketView, mail: Mail | None) -> list[str]:
    """The ticket's public messages, oldest first; an acknowledgement names only the mail that it answers."""
    if notice.kind in (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT):
        return []
    cause = mail.message_id if mail is not None and notice.kind.to_customer else None
    return [value for value in dict.fromkeys(ticket.thread) if value != cause and _may_be_named(value, notice)]


def _may_be_named(value: str, notice: Notice) -> bool:
    """Ids that fit a header; customers never see one that proves a staff member."""
    fits = len(value) <= ID_CHARACTERS and _USABLE.fullmatch(value) is not None
    return fits and not (notice.kind.to_customer and _STAFF_ID.match(value))
