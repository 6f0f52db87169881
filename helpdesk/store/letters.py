"""A letter on its way to the one door of `outgoing`, and what the door says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from helpdesk.store.tables import OutgoingState

BREAKER = "breaker"  # every reason of a letter that the breaker holds begins with this word

EXPIRED = "expired"  # every reason of a letter that became too old to be sent begins with this word

SUBJECT_CHARACTERS = 200  # of a subject that are compared
# What mail programs put before a subject: Re, AW, Vá, Odp, SV, Fwd, Отв ... Any short word, and some long ones.
_PREFIX = re.compile(
    r"(?:[^\W\d_]{1,4}|antwort|válasz|továbbítás|odpowiedź|odpověď|odgovor|ответ|пересл|réponse|respuesta|prosleđeno)"
    r"\s*(?:[\[(]\d+[\])]|\d+)?\s*[:：]\s*",
    re.IGNORECASE,
)
# [HD-1042], and the numbers that other ticket systems write into a subject.
_TAG = re.compile(r"[\[(][^\[\]()]{0,40}\d[^\[\]()]{0,40}[\])]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A finished letter to one recipient; ``raw`` and ``message_id`` stay as they are, also when it is sent again."""

    key: str
    """Unique for ever: the same key is never queued twice."""
    kind: str
    automatic: bool
    """No person wrote it."""
    outside: bool
    """The recipient is not one of us."""
    recipient: str
    envelope_from: str
    """"" is the null path."""
    message_id: str
    subject: str
    raw: bytes
    expires: datetime
    """When trying ends."""
    ticket: int | None = None
    incoming_id: int | None = None
    """The mail that caused it."""
    staff: str | None = None
    """The author of an answer, or the staff member it is written to."""
    held: str | None = None
    """Why a guard wants a person to look first."""
    about: str | None = None
    """Subject of the mail that it answers, if that is not in its own: what the limit on equal subjects compares."""

    @property
    def domain(self) -> str:
        """Where it goes, lower case."""
        return self.recipient.rpartition("@")[2].lower().rstrip(".")

    @property
    def subject_key(self) -> str:
        """What the limit on equal subjects compares."""
        return normalised(self.subject if self.about is None else self.about)


@dataclass(frozen=True, kw_only=True, slots=True)
class Ruling:
    """In which state a letter enters the queue, and why if it is not simply queued."""

    state: OutgoingState = OutgoingState.QUEUED
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Put:
    """What became of a letter at the door; ``id`` is None when its key was there already."""

    id: int | None
    state: OutgoingState | None = None
    reason: str | None = None

    @property
    def tripped(self) -> bool:
        """The breaker holds it: somebody should be told, though not for each letter."""
        return self.state is OutgoingState.HELD and (self.reason or "").startswith(BREAKER)


def normalised(subject: str) -> str:
    """A subject without reply prefixes of any language, ticket numbers, letter case and spacing."""
    rest = " ".join(_TAG.sub(" ", subject).split())
    start = 0
    while match := _PREFIX.match(rest, start):
        start = match.end()
    return rest[start:].casefold()[:SUBJECT_CHARACTERS]
