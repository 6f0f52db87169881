"""What a template may name: one frozen value with all of it, the same for every letter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Values:
    """Everything is plain text; what is not known is empty."""

    company: str
    """Name of the company."""
    url: str
    """The company's page on the web; empty when it has none."""
    signature: str
    """Last lines of every letter to customers; may be several, or empty."""
    department: str
    """Name of the ticket's department."""
    ref: str
    """The ticket as people say it: HD-1042; empty for letters about no ticket."""
    subject: str
    """The ticket's first subject, without reply prefixes and ticket tags; links are cut in letters to customers."""
    greeting_name: str
    """The contact's name, only when the sender is authenticated and it is nothing but a name; else empty."""
    agent: str
    """Display name of the staff member who wrote the answer; in letters to staff, of the one it is written to."""
    author: str
    """Who wrote the words of a letter to staff: name and address."""
    words: str
    """The words of that mail: the answer's, or the customer's new ones; the filter ``quote`` sets them off."""
    last_words: str
    """What the customer wrote last, in a letter about a handover where ``words`` is a note; else empty."""
    last_answer: str
    """What we answered last, in a letter about a handover; else empty."""
    lines: tuple[str, ...]
    """Facts in the reader's language: flags, what was done, why something was held."""
    attachments: tuple[str, ...]
    """Attachments with their sizes."""
    status: str
    """The ticket's status in the reader's language."""
    owner: str
    """Display name of the ticket's owner; empty when it has none."""
    closing: bool
    """The answer closes the ticket and shall say so."""
    cut: bool
    """A good deal of the mail is not shown, because it was quoted."""
    answerable: bool
    """A reply to this letter reaches the customer (or, for a held letter, decides about it)."""
    may_go: bool
    """A held letter may be sent by a word of its author; false where it was itself only such a word."""
    runs_it: bool
    """The reader is the admin or a manager: a shell command says something to this person."""
    reopen_days: int
    """A reply within so many days after closing reopens the ticket."""
    marker: str
    """Beginning of the marker line below which everything is ours; ends with a space."""


NAMES = tuple(field.name for field in fields(Values))


def samples() -> tuple[Mapping[str, Any], ...]:
    """Values to try every template with: with everything, and with nothing that may be missing."""
    full = Values(
        company="Minta Kft.",
        url="https://minta.example",
        signature="Telefon: +36 1 555 0100\n1111 Budapest",
        department="Support",
        ref="HD-1042",
        subject="The printer does not print",
        greeting_name="Nagy Éva",
        agent="Kovács Anna",
        author="Nagy Éva <eva@kunde.example>",
        words="First line\n\nSecond paragraph",
        last_words="What the customer wrote",
        last_answer="What we answered",
        lines=("One fact", "Another fact"),
        attachments=("photo.jpg (48 kB)",),
        status="open",
        owner="Kovács Anna",
        closing=True,
        cut=True,
        answerable=True,
        may_go=True,
        runs_it=True,
        reopen_days=30,
        marker="##- ",
    )
    nothing: dict[str, Any] = {name: type(value)() for name, value in vars(full).items()}
    return vars(full), nothing | {"company": full.company, "marker": full.marker}
