"""What may come of handing one letter to the mail server."""

from __future__ import annotations

from dataclasses import dataclass

from helpdesk.errors import ChannelError


@dataclass(frozen=True, kw_only=True, slots=True)
class Accepted:
    """The server answered 250 to the final dot: the letter is its job now."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Refused:
    """The server does not take this letter: for good (5xx), or for now (4xx)."""

    permanent: bool
    words: str
    policy: bool = False
    """5.7.x (RFC 3463 3.8): it may as well mean us as this recipient."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SenderRefused:
    """The server does not let us write in the name of this envelope sender."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Unknown:
    """The connection broke after the final dot: the server may have the letter or not (RFC 1047)."""

    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """Nothing of the letter was handed over, as the connection broke or the server is busy."""

    error: ChannelError


@dataclass(frozen=True, kw_only=True, slots=True)
class NotOurs:
    """Nothing was handed over: the claim had run out, and the letter is somebody else's now."""


Outcome = Accepted | Refused | SenderRefused | Unknown | Broken | NotOurs
Verdict = Accepted | Refused | Unknown
"""Outcomes that are about the letter itself."""
