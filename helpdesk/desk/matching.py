"""Which ticket does a mail belong to? Everything in a mail is a claim; only who may join does join.

the mail carries            sender is a participant   sender is not
our signed reply address    joins                     joins as a note for staff, flagged
our signed Message-ID       joins                     own ticket, linked, flagged
a known Message-ID          joins                     own ticket, linked, flagged
the subject tag             joins                     own ticket, flagged
nothing                     a new ticket              a new ticket
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from helpdesk.config import Config
from helpdesk.desk import people, tokens
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.tokens import Keys, Role, Token
from helpdesk.mail.message import Mail

TAGS_READ = 5  # a subject with more ticket tags than this is a joke or an attack; the rest is not looked up


class How(StrEnum):
    """What a match rests on; stored with the message."""

    REPLY_ADDRESS = "reply address"
    OWN_ID = "our message id"
    KNOWN_ID = "known message id"
    LATE_PARENT = "parent of a known mail"
    SUBJECT = "subject tag"
    NOTHING = "nothing"


@dataclass(frozen=True, kw_only=True, slots=True)
class Claims:
    """Which tickets a mail says that it belongs to, before anything is believed."""

    tokens: tuple[Token, ...] = ()
    """From reply addresses; each was signed by us."""
    broken: tuple[str, ...] = ()
    """What looked like a token in one of our reply addresses, but was not signed by us."""
    ids: tuple[Token, ...] = ()
    """From our own signed Message-IDs in In-Reply-To and References, nearest first."""
    tags: tuple[int, ...] = ()
    """Ticket numbers in the subject."""

    @property
    def agent_tokens(self) -> tuple[Token, ...]:
        """Those that were made for one staff member."""
        return tuple(token for token in self.tokens if token.role is not Role.CUSTOMER)

    @property
    def forged(self) -> bool:
        """Somebody made up or damaged the token of a staff member."""
        return any(not text.startswith(Role.CUSTOMER.value) for text in self.broken)

    @property
    def numbers(self) -> frozenset[int]:
        """Every ticket number that is claimed."""
        signed = (token.ticket for token in (*self.tokens, *self.ids))
        return frozenset(number for number in (*signed, *self.tags) if number)


@dataclass(frozen=True, kw_only=True, slots=True)
class Candidates:
    """The tickets behind the claims, as the store knows them."""

    tickets: Mapping[int, TicketView] = field(default_factory=dict)
    by_id: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    """Message-ID in In-Reply-To or References -> tickets that know it."""
    children: tuple[int, ...] = ()
    """Tickets with a mail that refers to this mail's own Message-ID."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Match:
    """Where the mail goes: onto ``ticket``, or onto a new one that may be ``linked`` to another."""

    how: How = How.NOTHING
    ticket: TicketView | None = None
    as_note: bool = False
    """Joins for the eyes of staff only."""
    linked: int | None = None
    flags: tuple[str, ...] = ()


def claims(mail: Mail, config: Config, keys: Keys) -> Claims:
    """What the mail's addresses, ids and subject claim."""
    inside = [part for address in mail.addressed for part in _reply_parts(address, config)]
    read = {text: tokens.read(text, keys) for text in dict.fromkeys(inside)}
    ids = (tokens.read_message_id(value, keys) for value in mail.thread_ids)
    return Claims(
        tokens=tuple(token for token in read.values() if token is not None),
        broken=tuple(text for text, token in read.items() if token is None),
        ids=tuple(token for token in ids if token is not None),
        tags=subject_tags(mail.subject, config.tickets.prefix),
    )


def subject_tags(subject: str, prefix: str) -> tuple[int, ...]:
    """Ticket numbers written as ``[HD-1042]``; ASCII digits, at most nine."""
    found = re.findall(rf"\[{re.escape(prefix)}-([1-9][0-9]{{0,8}})\]", subject, re.IGNORECASE)
    return tuple(dict.fromkeys(int(number) for number in found[:TAGS_READ]))


def match(found: Claims, candidates: Candidates, mail: Mail, config: Config, now: datetime) -> Match:
    """The first row of the table by which the sender may join, else the first row that applies at all."""
    sender = people.author(mail)
    key = sender.key if sender else ""
    rows = list(_rows(found, candidates, mail))
    for how, ticket in rows:
        if ticket.has_participant(key):
            return _joined(how, ticket, config, now)
    for how, ticket in rows:
        if how is How.LATE_PARENT:
            continue
        return _stranger(how, ticket, config, now)
    return Match()


def _rows(found: Claims, candidates: Candidates, mail: Mail) -> Iterator[tuple[How, TicketView]]:
    def views(numbers: Iterator[int] | tuple[int, ...]) -> Iterator[TicketView]:
        return (candidates.tickets[number] for number in numbers if number in candidates.tickets)

    for ticket in views(tuple(token.ticket for token in found.tokens)):
        yield How.REPLY_ADDRESS, ticket
    for ticket in views(tuple(token.ticket for token in found.ids)):
        yield How.OWN_ID, ticket
    for value in mail.thread_ids:
        for ticket in views(candidates.by_id.get(value, ())):
            yield How.KNOWN_ID, ticket
    for ticket in views(candidates.children):
        yield How.LATE_PARENT, ticket
    for ticket in views(found.tags):
        yield How.SUBJECT, ticket


def _joined(how: How, ticket: TicketView, config: Config, now: datetime) -> Match:
    if not ticket.tokens_live(now, config.tickets.reopen_days):
        return Match(how=how, linked=ticket.number, flags=(f"follows closed: {ticket.ref(config.tickets.prefix)}",))
    return Match(how=how, ticket=ticket)


def _stranger(how: How, ticket: TicketView, config: Config, now: datetime) -> Match:
    ref = ticket.ref(config.tickets.prefix)
    if how is How.REPLY_ADDRESS and ticket.tokens_live(now, config.tickets.token_days):
        return Match(how=how, ticket=ticket, as_note=True, flags=("new person",))
    if how is How.SUBJECT:
        return Match(how=how, flags=(f"claims: {ref}",))
    return Match(how=how, linked=ticket.number, flags=(f"claims: {ref}",))


def _reply_parts(address: str, config: Config) -> Iterator[str]:
    for mailbox in config.mailboxes.values():
        part = people.reply_part(address, mailbox)
        if part is not None:
            yield part.lower()
            return
