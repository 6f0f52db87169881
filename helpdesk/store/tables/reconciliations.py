"""How the ledger and the server of each mailbox compared the last time."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlmodel import Field, SQLModel

from helpdesk.store.tables.base import JSON


class Reconciliation(SQLModel, table=True):
    """One mailbox; ``at`` is None until the first comparison that came to its end."""

    __tablename__ = "reconciliations"

    mailbox: str = Field(primary_key=True)
    account: str | None = None
    """Which folder of which user on which server was compared."""
    at: datetime | None = None
    arrived: int = 0
    accounted: int = 0
    """Those that ended in an outcome."""
    findings: list[dict[str, Any]] = Field(default_factory=list, sa_type=JSON)
    """What differed and was not mended."""
    told: list[str] = Field(default_factory=list, sa_type=JSON)
    """The keys of what the admin has been told of, as long as it stays."""
    error: str | None = None
    error_at: datetime | None = None
