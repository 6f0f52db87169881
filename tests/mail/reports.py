"""A report that a mail could not be delivered, in plain text, as a server or a person writes it."""

from __future__ import annotations

from helpdesk.mail.message import Bounce
from helpdesk.mail.parse import parse


def bounce(
    text: str, subject: str = "Undeliverable", sender: str = "postmaster@x.example", extra: str = ""
) -> Bounce | None:
    """What is made of a mail with this plain text."""
    head = f"From: {sender}\nTo: support@minta.example\nSubject: {subject}\n{extra}"
    head += "Content-Type: text/plain; charset=utf-8\n"
    return parse(f"{head}\n{text}\n".encode()).bounce
