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


class Proof(StrEnum):
    """What a staff member's rights rest on; follows from the configuration (DESIGN: trust)."""

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


def identify(mail: Mail, evidence: Evidence, config: Config) -> Sender:
    """The sender with his proof; a doubt instead wherever a staff member's name or token is used without right."""
    author = people.author(mail)
    staff = _claimed_staff(mail, config)
    if staff is None:
        return Sender(
            address=author,
            authentication=evidence.authentication,
            doubt=None if evidence.released else _misused(mail, evidence),
        )
    token = _token_of(staff, evidence)
    ticket = evidence.candidates.tickets.get(token.ticket) if token else None
    doubt = _doubt(mail, evidence, token, ticket, config) if staff.active else "a staff member who has left"
    proof = _mode(evidence) if doubt is None else Proof.NONE
    if evidence.released:
        doubt, proof = None, Proof.RELEASED
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


def _token_of(staff: Staff, evidence: Evidence) -> Token | None:
    """His own token; where the mailbox has no reply addresses, our Message-ID bound to him takes its place."""
    given = list(evidence.claims.agent_tokens)
    if evidence.mailbox.reply_address == "none":
        given += [token for token in evidence.claims.ids if token.role is Role.AGENT]
    return next((token for token in given if token.agent == staff.id), None)


def _doubt(
    mail: Mail, evidence: Evidence, token: Token | None, ticket: TicketView | None, config: Config
) -> str | None:
    if mail.sender is None:
        return "a staff address among several senders"
    if mail.tampered:
        return "the header block was tampered with"
    if token is None:
        return "a staff address without a reply address of its own"
    if token.role is Role.AGENT and ticket is None:
        return "the reply address is of a ticket that does not exist"
    if ticket is not None and not ticket.tokens_live(evidence.now, config.tickets.token_days):
        return f"the reply address died {config.tickets.token_days} days after the ticket was closed"
    if _mode(evidence) is Proof.TOKEN_DMARC and evidence.authentication is not Authentication.PASS:
        return f"the mail server's DMARC result is {evidence.authentication.value}, not pass"
    return None


def _mode(evidence: Evidence) -> Proof:
    return Proof.TOKEN_DMARC if evidence.mailbox.authserv_id else Proof.TOKEN_FROM


def _misused(mail: Mail, evidence: Evidence) -> str | None:
    """Somebody else uses a staff member's reply address; a customer of that ticket may, no rights go with it."""
    if evidence.claims.forged:
        return "a staff reply address that was never given out"
    author = people.author(mail)
    for token in evidence.claims.agent_tokens:
        ticket = evidence.candidates.tickets.get(token.ticket)
        if ticket is None or author is None or not ticket.has_participant(author.key):
            return "a staff reply address used by somebody else"
    return None
