"""Closes the ticket; words in the same mail go to the customer first."""

from __future__ import annotations

from helpdesk.config import Config
from helpdesk.desk.asked import Asked
from helpdesk.desk.changes import SetStatus
from helpdesk.desk.identity import Sender
from helpdesk.desk.ticket import Status, TicketView

ALIASES = ("closed", "done", "lezárás", "zárás", "zamknij", "закрыть", "zatvori")


def ask(words: str, ticket: TicketView, sender: Sender, config: Config) -> Asked:
    """``#close``, with an optional reason that only staff see."""
    reason = f"#close {words}".strip()
    ref = ticket.ref(config.tickets.prefix)
    if ticket.status is Status.CLOSED:
        return Asked(answers=(f"already_closed: {ref}",), closes=True)
    return Asked(
        changes=(SetStatus(status=Status.CLOSED, reason=reason, ticket=ticket.number),),
        answers=(f"closed: {ref}",),
        closes=True,
    )
