"""How far each mailbox has been read, and whether its watcher is well."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Field, SQLModel


class Position(SQLModel, table=True):
    """``uid`` is the highest UID that was kept under this UIDVALIDITY; mail above it is new."""

    __tablename__ = "positions"

    mailbox: str = Field(primary_key=True)
    account: str
    """Which folder of which user on which server was read under this name."""
    account_since: datetime
    account_before: str | None = None
    generation: int
    """Grows when all UIDs become void: under another account or another UIDVALIDITY."""
    uidvalidity: int = Field(sa_type=sa.BigInteger)
    uid: int = Field(sa_type=sa.BigInteger)
    start_uid: int | None = Field(default=None, sa_type=sa.BigInteger)
    """Where this generation was begun: mail up to it is older; None where a version without this column began it."""
    began: datetime
    """The first start; another account or UIDVALIDITY does not change it."""
    acknowledge_from: datetime
    """Mail that the server took in before this instant never gets an automatic answer."""
    restored: datetime | None = None
    """When a backup was last put back: mail that the server took in before may have been handled already."""
    done_again_from: datetime | None = None
    """Until that is done: mails that arrived since then are to be looked for in the folder for what is done, too."""
    done_again_folder: str | None = None
    done_again_uidvalidity: int | None = Field(default=None, sa_type=sa.BigInteger)
    done_again_uid: int | None = Field(default=None, sa_type=sa.BigInteger)
    """In this folder, under that UIDVALIDITY, mails up to here need not be looked at; None: nothing is known."""
    done_folder: str | None = None
    done_uidvalidity: int | None = Field(default=None, sa_type=sa.BigInteger)
    done_uidnext: int | None = Field(default=None, sa_type=sa.BigInteger)
    """The folder for what is done when a mail was last moved there: a backup knows what came to it later."""
    beat: datetime
    error: str | None = None
    error_at: datetime | None = None
