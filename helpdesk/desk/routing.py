"""Whose job is it? The mailbox's department, with the rule that said so."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.config import Mailbox


@dataclass(frozen=True, kw_only=True, slots=True)
class Route:
    """Where a new ticket goes, and the rule that decided."""

    department: str
    priority: str = "normal"
    owner: str | None = None
    tags: tuple[str, ...] = ()
    rule: str = ""


def route(mailbox: Mailbox) -> Route:
    """The department that answers the mailbox."""
    return Route(department=mailbox.department, rule=f"mailbox {mailbox.name}")
