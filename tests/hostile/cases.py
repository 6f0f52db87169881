"""The hostile cases C01 to C88: each is a mail in `tests/corpus/hostile` (or made here) with its required outcome.

The outcomes: T a new ticket and exactly one acknowledgement; N kept on a ticket, nothing sent; R appended, no
acknowledgement; A automatic, B bounce: recorded, nothing sent; Q quarantine; D the copy of another mail, no effect.
Several letters mean that each of them is right.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.hostile.made import MADE

FOLDER = Path(__file__).parents[1] / "corpus" / "hostile"
# Keys of the .toml files. In them and in the mails `@@words@@` stand for what a site has made up: numbers, addresses.
KEYS = {
    "outcome": "one or several of T N R A B Q D",
    "kind": "what the mail is",
    "mailbox": "by which mailbox it comes; support believes no Authentication-Results, sales those of mx.minta.example",
    "before": "what has happened on the site: opened, other, closed, or the name of a mail",
    "before_days": "how many days before the mail",
    "acknowledgement": "which of the two confirmations",
    "acknowledged": "who gets it",
    "letters": "all letters that follow, as `kind recipient`; an acknowledgement is not listed",
    "flags": "of the message",
    "subject": "of the ticket",
    "department": "of the ticket",
    "status": "of the ticket, or where there were tickets before of the first of them",
    "same_ticket": "whether it is on the ticket that there was before",
    "on_ticket": "whether an automatic mail is noted on the ticket that there was before",
    "public": "whether the customer may see it",
    "participants": "of the ticket that there was before",
    "suspended": "whether the customer of the ticket that there was before gets no more automatic mail",
    "files": "names of the attachments; ? is any safe one",
    "sender": "the address that counts",
    "says": "what can be read on the ticket",
    "unsaid": "what stands in no letter to a customer",
    "told": "what stands in the letters to staff",
    "inert": "nothing that could run, or fetch anything, is left",
    "why": "in the reason",
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """One mail and what must come of it."""

    name: str
    raw: bytes
    expected: Mapping[str, Any] = field(default_factory=dict)

    @property
    def number(self) -> str:
        """Such as C17."""
        return self.name[:3]

    @property
    def before(self) -> tuple[str, ...]:
        """What has happened earlier."""
        return tuple(self.expected.get("before", ()))

    @property
    def mailbox(self) -> str:
        """By which it comes."""
        return str(self.expected.get("mailbox", "support"))


def raw(name: str) -> bytes:
    """The bytes of a mail in the folder."""
    return (FOLDER / f"{name}.eml").read_bytes()


def _from_files() -> list[Case]:
    return [
        Case(name=file.stem, raw=raw(file.stem), expected=tomllib.loads(file.read_text(encoding="utf-8")))
        for file in sorted(FOLDER.glob("*.toml"))
    ]


def _made() -> list[Case]:
    return [Case(name=name, raw=made.raw, expected=made.expected) for name, made in MADE.items()]


CASES = sorted([*_from_files(), *_made()], key=lambda case: case.name)
