"""Which folder is read, and what a server tells of it and of the mails in it, before they are fetched."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from helpdesk.config import Imap

# One server listens on both, for the two ways to begin TLS; any other port may lead to another server (a tunnel, say).
USUAL_PORTS = (143, 993)


def account(imap: Imap) -> str:
    """The name of what is read, ``user@host/folder``: UIDs and UIDVALIDITY mean something within it only."""
    host = imap.host.lower().rstrip(".")
    port = "" if imap.port in USUAL_PORTS else f":{imap.port}"
    # INBOX is the one name without case (RFC 3501, 5.1).
    folder = "INBOX" if imap.folder.upper() == "INBOX" else imap.folder
    return f"{imap.user}@{host}{port}/{folder}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Folder:
    """A folder as it was when it was selected; its UIDs are below ``uidnext`` and hold under ``uidvalidity`` only."""

    name: str
    uidvalidity: int
    uidnext: int
    exists: int
    writable: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Info:
    """A mail on the server: ``size`` in bytes as the server says, ``received`` in UTC when it tells that."""

    uid: int
    size: int
    received: dt.datetime | None


def info(uid: int, facts: Mapping[bytes, Any]) -> Info:
    """What a server tells of a mail."""
    return Info(uid=uid, size=int(facts[b"RFC822.SIZE"]), received=_instant(facts.get(b"INTERNALDATE")))


def _instant(value: dt.datetime | None) -> dt.datetime | None:
    """A server's time in UTC; None for times without a zone or at the edge of the calendar."""
    with suppress(OverflowError, ValueError):
        return value.astimezone(dt.UTC) if value is not None and value.tzinfo is not None else None
    return None
