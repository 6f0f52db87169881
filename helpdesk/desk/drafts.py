"""An answer before it goes out, as the guards see it."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.desk.ticket import TicketView


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """The words and attachments of an answer to a customer, written by the staff member ``author``."""

    text: str
    ticket: TicketView
    author: str
    attachments: tuple[str, ...] = ()
    left_out: str = ""
    """Words of the author between or below quoted lines; they are not in ``text`` and would not be sent."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DraftFacts:
    """What the guards may know besides the draft."""

    notes: tuple[str, ...] = ()
    """The texts of the ticket's internal notes."""
