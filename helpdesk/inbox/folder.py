"""What a server tells of a folder and of the mails in it, before they are fetched."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


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
