"""Is a mail welcome, and may a letter go out: findings with reasons, the strictest wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class Outcome(IntEnum):
    """What a finding asks for, from the mildest to the strictest."""

    ACCEPT = 0
    MUTE = 1
    """Kept, never answered."""
    HOLD = 2
    """A person looks at it first."""
    DROP = 3
    """Recorded only."""

    @property
    def word(self) -> str:
        """The name as it is printed and stored: accept, mute, hold, drop."""
        return self.name.lower()


class Kind(StrEnum):
    """What a mail is; a mail has exactly one kind."""

    TICKET = "ticket"
    REPLY = "reply"
    AUTO_GENERATED = "auto_generated"
    LIST = "list"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    OWN = "own"
    DUPLICATE = "duplicate"
    BLOCKED = "blocked"
    INVALID = "invalid"


# First match is the kind of the mail: what is our own is never anything else, a bounce is never an auto-reply.
KIND_ORDER = (
    Kind.INVALID,
    Kind.OWN,
    Kind.DUPLICATE,
    Kind.BLOCKED,
    Kind.BOUNCE,
    Kind.AUTO_REPLY,
    Kind.LIST,
    Kind.AUTO_GENERATED,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What one check says: its name, what it asks for, why, and the kind that it recognised (if any)."""

    filter: str
    outcome: Outcome
    reason: str
    kind: Kind | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """All findings of one judgement; the strictest outcome wins, every reason is kept."""

    findings: tuple[Finding, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """The strictest of all findings; ACCEPT when nobody objects."""
        return max((finding.outcome for finding in self.findings), default=Outcome.ACCEPT)

    @property
    def kind(self) -> Kind | None:
        """What the filters recognised it as, by `KIND_ORDER`; None for a mail by a person."""
        kinds = {finding.kind for finding in self.findings}
        return next((kind for kind in KIND_ORDER if kind in kinds), None)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, strictest first, and first among equals what made the kind; the mild ones too."""
        ordered = sorted(self.findings, key=lambda finding: (-finding.outcome, finding.kind is not self.kind))
        return tuple(f"{finding.filter}: {finding.reason}" for finding in ordered)


class Authentication(StrEnum):
    """DMARC of the sender as our own server stamped it (RFC 8601); UNKNOWN when no ``authserv_id`` is configured."""

    UNKNOWN = "unknown"
    PASS = "pass"
    NONE = "none"
    FAIL = "fail"


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """What the filters may know besides the mail itself; fetched before thinking starts."""

    now: datetime
    received: datetime
    """When our server took the mail in (INTERNALDATE); never the Date header."""
    own_addresses: frozenset[str] = frozenset()
    """Addresses and aliases of all our mailboxes, lower case, without plus parts."""
    instance: str = ""
    """Our X-Loop token."""
    own_message_id: bool = False
    """The mail bears a Message-ID that we gave out ourselves."""
    duplicate_of: int | None = None
    """Number of the ``incoming`` row that holds the same mail already."""
    id_taken: bool = False
    """The Message-ID is known from a mail with another content."""
    repeated: bool = False
    """The same content came before under another Message-ID."""
    blocked: tuple[str, ...] = ()
    """Blocked senders: addresses, ``@domain`` or ``@.domain`` (with all below it), lower case."""
    authentication: Authentication = Authentication.UNKNOWN
    correlated: bool = False
    """A bounce that names a mail which we really sent."""
    extra: tuple[str, ...] = field(default=())
