"""Reply addresses and Message-IDs that prove what they say: HMAC-SHA256, cut to 80 bits, lower-case base32.

A token is short, because a local part holds 64 characters (RFC 5321 4.5.3.1.1), and is compared without case, because
mail servers change it. Three roles:

    t.1042.<mac>       a customer's reply address of ticket 1042
    a.1042.3.<mac>     staff member 3 on ticket 1042: proof of who writes
    h.77.3.<mac>       staff member 3 about the held letter 77
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

MAC_BYTES = 10  # 80 bits: beyond guessing by mail, and 16 characters without padding
_NUMBER = "[1-9][0-9]{0,8}"  # ASCII digits only: \d would match other scripts' digits
_MAC = "[a-z2-7]{16}"
_TOKEN = re.compile(rf"(?:t\.{_NUMBER}|a\.{_NUMBER}\.{_NUMBER}|h\.{_NUMBER}\.{_NUMBER})\.{_MAC}")
# Base32 (RFC 4648 6) in lower case, two characters at once; the library's own takes three times as long as the HMAC.
_BASE32 = "abcdefghijklmnopqrstuvwxyz234567"
_PAIRS = [first + second for first in _BASE32 for second in _BASE32]
_PAIR = len(_PAIRS) - 1
_PAIR_BITS = range(MAC_BYTES * 8 - 10, -1, -10)
_CLAIM = re.compile(r"(?:t\.[0-9]+|[ah]\.[0-9]+\.[0-9]+)\.[a-z0-9]+")
_MESSAGE_ID = re.compile(rf"<([ta]\.{_NUMBER}(?:\.{_NUMBER})?)\.([a-z0-9]{{4,40}})\.({_MAC})@([^<>@\s]+)>")


class Role(StrEnum):
    """Whom a token was made for."""

    CUSTOMER = "t"
    AGENT = "a"
    HELD = "h"


@dataclass(frozen=True, kw_only=True, slots=True)
class Bound:
    """The highest numbers that a key vouches for; after a restored backup those above name other things."""

    ticket: int
    letter: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Keys:
    """The live secrets, newest first; the first signs, all verify: each up to its bound, if it has one."""

    secrets: tuple[bytes, ...]
    bounds: Mapping[bytes, Bound] = field(default_factory=dict)

    def vouches(self, secret: bytes, body: str) -> bool:
        """Whether what a token names, as in ``t.1042``, was there when the secret signed."""
        if (bound := self.bounds.get(secret)) is None:
            return True
        role, number, *_ = body.split(".")
        return int(number) <= (bound.letter if role == Role.HELD else bound.ticket)


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """What a valid token says; ``ticket`` is 0 for the HELD role."""

    role: Role
    ticket: int = 0
    agent: int | None = None
    held: int | None = None

    @property
    def body(self) -> str:
        """The token without its proof."""
        first = self.held if self.role is Role.HELD else self.ticket
        return ".".join(str(part) for part in (self.role.value, first, self.agent) if part is not None)


def customer(ticket: int) -> Token:
    """The token of a ticket's customers."""
    return Token(role=Role.CUSTOMER, ticket=ticket)


def agent(ticket: int, number: int) -> Token:
    """The token of one staff member (his short ``id``) on one ticket."""
    return Token(role=Role.AGENT, ticket=ticket, agent=number)


def held(letter: int, number: int) -> Token:
    """The token by which one staff member speaks about one held letter."""
    return Token(role=Role.HELD, held=letter, agent=number)


def write(token: Token, keys: Keys) -> str:
    """The token as it stands in a reply address, at most 40 characters."""
    body = token.body
    return f"{body}.{_mac('address', body, keys.secrets[0])}"


def read(text: str, keys: Keys) -> Token | None:
    """The token, if one of the live keys signed it; letter case does not matter."""
    lowered = text.lower()
    if not _TOKEN.fullmatch(lowered):
        return None
    body, _, mac = lowered.rpartition(".")
    return _token(body) if _signed("address", body, mac, keys) else None


def looks_like(text: str) -> bool:
    """Whether somebody wanted this to be taken for a token, valid or not."""
    return _CLAIM.fullmatch(text.lower()) is not None


def address(pattern: str, mailbox_address: str, token: str) -> str | None:
    """The reply address made by the mailbox's ``reply_address``; None where the pattern is ``none``."""
    if pattern == "none":
        return None
    local, _, domain = mailbox_address.rpartition("@")
    return pattern.replace("{local}", local).replace("{domain}", domain).replace("{token}", token)


def in_address(pattern: str, mailbox_address: str, written_to: str) -> str | None:
    """What stands at the place of ``{token}`` in an address that was written to; None when it is another address."""
    whole = address(pattern, mailbox_address.lower(), "\0")
    if whole is None:
        return None
    before, _, after = whole.lower().partition("\0")
    lowered = written_to.lower()
    inside = lowered[len(before) : len(lowered) - len(after)]
    return inside if inside and lowered == before + inside + after else None


def message_id(*, ticket: int, agent: int | None, unique: str, domain: str, keys: Keys) -> str:
    """A signed Message-ID with angle brackets; ``unique`` is 4 to 40 characters of [a-z0-9]."""
    body = f"t.{ticket}" if agent is None else f"a.{ticket}.{agent}"
    return f"<{body}.{unique}.{_mac('message', f'{body}.{unique}', keys.secrets[0])}@{domain}>"


def read_message_id(value: str, keys: Keys) -> Token | None:
    """What one of our own Message-IDs says; the domain may have been changed by a relay, the proof not."""
    match = _MESSAGE_ID.fullmatch(value.strip().lower())
    if match is None or not _signed("message", f"{match[1]}.{match[2]}", match[3], keys):
        return None
    return _token(match[1])


def is_own_id(value: str, keys: Keys) -> bool:
    """Whether a Message-ID is one of ours, also of a letter whose ticket a restored backup does not know."""
    return read_message_id(value, replace(keys, bounds={})) is not None


def _token(body: str) -> Token:
    role, first, *rest = body.split(".")
    number = int(rest[0]) if rest else None
    if role == Role.HELD:
        return Token(role=Role.HELD, held=int(first), agent=number)
    return Token(role=Role(role), ticket=int(first), agent=number)


def _mac(purpose: str, body: str, secret: bytes) -> str:
    digest = hmac.digest(secret, f"{purpose}:{body}".encode(), "sha256")
    number = int.from_bytes(digest[:MAC_BYTES])
    return "".join([_PAIRS[number >> bits & _PAIR] for bits in _PAIR_BITS])


def _signed(purpose: str, body: str, mac: str, keys: Keys) -> bool:
    # Every key is tried, so that the time taken says nothing.
    equal = [
        hmac.compare_digest(_mac(purpose, body, secret), mac) and keys.vouches(secret, body) for secret in keys.secrets
    ]
    return any(equal)
