"""Who wrote, and how do we know? A staff member needs a token of his own; a From line alone proves nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from helpdesk.config import Config, Mailbox, Staff
from helpdesk.desk import people
from helpdesk.desk.matching import Candidates, Claims
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.tokens import Role, Token
from helpdesk.desk.verdict import Authentication
from helpdesk.mail.message import Address, Mail

# Doubts that no release lifts.
SEVERAL_TICKETS = "it was sent to reply addresses of several tickets"
OTHER_TICKET = "the reply address is of another ticket than the letter that it answers"


class Proof(StrEnum):
    """What a staff member's rights rest on; follows from the configuration (docs/architecture.md, trust)."""

    NONE = "none"
    TOKEN_FROM = "token+from"
    TOKEN_DMARC = "token+dmarc"
    RELEASED = "released by a person"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """The author of a mail: ``staff`` when he claims to be one of us, with ``proof`` or a ``doubt``."""

    address: Address | None
    staff: Staff | None = None
    proof: Proof = Proof.NONE
    token: Token | None = None
    """The staff token that he used, by right or without it."""
    ticket: TicketView | None = None
    """The ticket that the token is bound to."""
    authentication: Authentication = Authentication.UNKNOWN
    doubt: str | None = None
    """Why the mail must be held."""

    @property
    def proven(self) -> bool:
        """A staff member whose words may reach a customer."""
        return self.staff is not None and self.proof is not Proof.NONE


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What identification looks at besides the mail."""

    claims: Claims
    candidates: Candidates
    mailbox: Mailbox
    authentication: Authentication
    now: datetime
    released: bool = False
    repeated: bool = False
    """The same mail came before under another Message-ID."""
    held_ticket: TicketView | None = None
    """The ticket of the held letter that the mail speaks about."""


def identify(mail: Mail, evidence: Evidence, config: Config) -> Sender:
    """The sender with his proof; a doubt instead wherever a staff member's name or token is used without right."""
    author = people.author(mail)
    staff = _claimed_staff(mail, config)
    if staff is None:
        return _outsider(mail, evidence)
    token = _token_of(staff, evidence.claims, evidence.mailbox)
    ticket = evidence.candidates.tickets.get(token.ticket) if token else None
    doubt = _doubt(mail, evidence, staff, config) if staff.active else "a staff member who has left"
    proof = _mode(evidence) if doubt is None else Proof.NONE
    if evidence.released:
        # A person can vouch for who wrote, but not say for whom the words were meant.
        doubt = _which_ticket(_tokens_of(staff, evidence.claims, evidence.mailbox), evidence)
        proof = Proof.RELEASED if doubt is None else Proof.NONE
    return Sender(
        address=author,
        staff=staff,
        proof=proof,
        token=token,
        ticket=ticket,
        authentication=evidence.authentication,
        doubt=doubt,
    )


def _claimed_staff(mail: Mail, config: Config) -> Staff | None:
    found = (config.staff_by_address(person.address) for person in mail.from_)
    return next((staff for staff in found if staff is not None), None)


def bound_ticket(mail: Mail, claims: Claims, mailbox: Mailbox, config: Config) -> int | None:
    """The ticket that the author's own staff token names, before anything is believed."""
    staff = _claimed_staff(mail, config)
    token = _token_of(staff, claims, mailbox) if staff is not None else None
    return (token.ticket or None) if token is not None else None


def _token_of(staff: Staff, claims: Claims, mailbox: Mailbox) -> Token | None:
    """His own token; where the mailbox has no reply addresses, our Message-ID bound to him takes its place."""
    return next(iter(_tokens_of(staff, claims, mailbox)), None)


def _tokens_of(staff: Staff, claims: Claims, mailbox: Mailbox) -> tuple[Token, ...]:
    given = [token for token in claims.agent_tokens if token.agent == staff.id]
    if not given and mailbox.reply_address == "none":
        given = [token for token in claims.ids if token.role is Role.AGENT and token.agent == staff.id]
    return tuple(dict.fromkeys(given))


def _doubt(mail: Mail, evidence: Evidence, staff: Staff, config: Config) -> str | None:
    if mail.sender is None:
        return "a staff address among several senders"
    if mail.tampered:
        return "the header block was tampered with"
    if evidence.repeated:
        return "the same mail came before under another Message-ID"
    given = _tokens_of(staff, evidence.claims, evidence.mailbox)
    return (
        _about_token(given, evidence, config.tickets.token_days)
        if given
        else "a staff address without a reply address of its own"
    ) or _about_server(evidence)


def _about_token(given: tuple[Token, ...], evidence: Evidence, days: int) -> str | None:
    """Why his token does not count here."""
    token = given[0]
    ticket = _named_ticket(token, evidence)
    if token.role is Role.AGENT and ticket is None:
        return "the reply address is of a ticket that does not exist"
    if ticket is not None and not ticket.tokens_live(evidence.now, days):
        return f"the reply address has died, days after the ticket was closed: {days}"
    return _which_ticket(given, evidence)


def _which_ticket(given: tuple[Token, ...], evidence: Evidence) -> str | None:
    """Why it cannot be told which ticket is meant; words for one customer must never go to another."""
    if len({(one.ticket, one.held) for one in given}) > 1:
        return SEVERAL_TICKETS
    ticket = _named_ticket(given[0], evidence) if given else None
    return OTHER_TICKET if ticket is not None and _elsewhere(ticket, evidence.claims) else None


def _named_ticket(token: Token, evidence: Evidence) -> TicketView | None:
    return evidence.candidates.tickets.get(token.ticket) if token.role is Role.AGENT else evidence.held_ticket


def _elsewhere(ticket: TicketView, claims: Claims) -> bool:
    """The thread or the subject names tickets, and this one is not among them."""
    named = ({token.ticket for token in claims.ids}, set(claims.tags))
    return any(numbers and ticket.number not in numbers for numbers in named)


def _about_server(evidence: Evidence) -> str | None:
    if _mode(evidence) is Proof.TOKEN_DMARC and evidence.authentication is not Authentication.PASS:
        return f"the DMARC result of our mail server is not pass: {evidence.authentication.value}"
    return None


def _mode(evidence: Evidence) -> Proof:
    return Proof.TOKEN_DMARC if evidence.mailbox.authserv_id else Proof.TOKEN_FROM


def _outsider(mail: Mail, evidence: Evidence) -> Sender:
    author = people.author(mail)
    misused = _misused(author, evidence)
    doubt = None
    if misused is not None:
        doubt = "a staff reply address used by somebody else"
    elif evidence.claims.forged:
        doubt = "a staff reply address that was never given out"
    return Sender(
        address=author,
        token=misused,
        authentication=evidence.authentication,
        doubt=None if evidence.released else doubt,
    )


def _misused(author: Address | None, evidence: Evidence) -> Token | None:
    """A staff member's reply address in other hands; a customer of that ticket may have it, no rights go with it."""
    for token in evidence.claims.agent_tokens:
        ticket = evidence.candidates.tickets.get(token.ticket)
        if ticket is None or author is None or not ticket.has_participant(author.key):
            return token
    return None
