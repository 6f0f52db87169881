"""Keeps the words of the mail for colleagues; nothing goes to the customer."""

from __future__ import annotations

from helpdesk.config import Config
from helpdesk.desk.asked import Asked
from helpdesk.desk.identity import Sender
from helpdesk.desk.ticket import TicketView

ALIASES = ("internal", "private", "megjegyzés", "notatka", "заметка", "napomena", "bilješka")


def ask(words: str, ticket: TicketView, sender: Sender, config: Config) -> Asked:
    """``#note``; words on the same line belong to the note."""
    return Asked(
        internal=True,
        text=words,
        answers=(f"noted: {ticket.ref(config.tickets.prefix)}",),
    )
