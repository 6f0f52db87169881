"""One letter in the making: the notice, everything it is made of, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from helpdesk.compose.render import Templates
from helpdesk.config import Config, Mailbox
from helpdesk.desk import one_word, people, tokens
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.tokens import Keys, Token
from helpdesk.mail.message import Mail


@dataclass(frozen=True, kw_only=True)
class Case:
    """All that a letter is made of; ``mail`` and ``raw`` are the mail that caused it. What follows is found once."""

    notice: Notice
    ticket: TicketView | None
    config: Config
    templates: Templates
    keys: Keys
    mail: Mail | None
    raw: bytes | None
    now: datetime
    unique: str

    @property
    def kind(self) -> NoticeKind:
        """What kind of letter it is."""
        return self.notice.kind

    @property
    def ref(self) -> str:
        """The ticket as people say it; "" without one."""
        return self.ticket.ref(self.config.tickets.prefix) if self.ticket is not None else ""

    @cached_property
    def mailbox(self) -> Mailbox:
        """Whose address the letter comes from: to customers that of the department, if it has one of its own."""
        found = self.config.departments.get(self.ticket.department) if self.ticket is not None else None
        own = found.address if found is not None and self.kind.to_customer else None
        return self.config.mailboxes.get(own or "", self.home)

    @cached_property
    def home(self) -> Mailbox:
        """The ticket's mailbox; without a ticket the one that was written to, else the first."""
        boxes = self.config.mailboxes
        if self.ticket is not None and (own := boxes.get(self.ticket.mailbox)) is not None:
            return own
        addressed = self.mail.addressed if self.mail is not None else ()
        found = (boxes[name] for address in addressed if (name := self.config.mailbox_for(address)))
        return next(found, next(iter(boxes.values())))

    @cached_property
    def language(self) -> str:
        """The customer's for customers, the staff member's own for staff."""
        config = self.config
        if not self.kind.to_customer:
            staff = config.staff.get(self.notice.staff or "")
            return (staff.language if staff is not None else None) or config.company.language
        wanted = (self.ticket.language if self.ticket is not None else "", self.home.language or "")
        return next((code for code in wanted if self.templates.writes(code)), config.company.language)

    @property
    def agent(self) -> int | None:
        """The short number of the staff member that it is written to; None in letters to customers."""
        staff = self.config.staff.get(self.notice.staff or "")
        return None if self.kind.to_customer or staff is None else staff.id

    @property
    def department(self) -> str:
        """Name of the ticket's department; "" without one."""
        found = self.config.departments.get(self.ticket.department) if self.ticket is not None else None
        return found.name if found is not None else ""

    @cached_property
    def reply_address(self) -> str | None:
        """The address that carries the ticket, and in letters to staff the proof of the one reader it is meant for."""
        token = self._token()
        if token is None:
            return None
        mailbox = self.mailbox
        return tokens.address(mailbox.reply_address, mailbox.address, tokens.write(token, self.keys))

    @property
    def answerable(self) -> bool:
        """A reply is understood: by the reply address, or where there are none by our signed Message-ID.

        A held letter can be decided about by its own reply address only; a ``send`` that came by a Message-ID would be
        taken for an answer to the customer.
        """
        if self.reply_address is not None:
            return True
        by_message_id = self.mailbox.reply_address == "none" and self.kind is not NoticeKind.GUARD_HELD
        return by_message_id and self.ticket is not None and self.agent is not None

    @property
    def may_go(self) -> bool:
        """A held letter that is only a word for us can be cancelled, never sent."""
        return all(line.partition(":")[0] != one_word.LINE for line in self.notice.lines)

    @property
    def runs_it(self) -> bool:
        """The reader is one to whom a shell command says something."""
        staff = self.config.staff.get(self.notice.staff or "")
        return not self.kind.to_customer and staff is not None and people.runs_it(staff, self.config)

    def name_of(self, staff: str | None) -> str:
        """Display name of a staff member by key; "" for nobody."""
        found = self.config.staff.get(staff or "")
        return found.name if found is not None else ""

    def _token(self) -> Token | None:
        if self.kind is NoticeKind.GUARD_HELD:
            held, agent = self.notice.held, self.agent
            return tokens.held(held, agent) if held is not None and agent is not None else None
        if self.ticket is None:
            return None
        if self.kind.to_customer:
            return tokens.customer(self.ticket.number)
        return tokens.agent(self.ticket.number, self.agent) if self.agent is not None else None
