"""Who may do what only one may do; see `helpdesk.store.leases`."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Field, SQLModel


class Lease(SQLModel, table=True):
    """``epoch`` grows with each new holder; a protected write checks it (fencing)."""

    __tablename__ = "leases"

    name: str = Field(primary_key=True)
    owner: str
    until: datetime
    epoch: int
