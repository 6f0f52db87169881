"""Remembers how ledger and server compared: for `helpdesk status`, for the next daily run, and what was told of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Reconciliation
from helpdesk.store.tables.base import table

RECONCILIATIONS = table(Reconciliation)


@dataclass(frozen=True, kw_only=True, slots=True)
class Reconciled:
    """One mailbox; ``at`` None: no comparison has come to its end yet, and ``error`` says why."""

    mailbox: str
    account: str | None
    at: datetime | None
    arrived: int
    accounted: int
    findings: list[dict[str, Any]]
    told: list[str]
    error: str | None
    error_at: datetime | None


def known(session: Session) -> dict[str, Reconciled]:
    """Every mailbox for which a comparison was tried, by name."""
    columns = (RECONCILIATIONS.c[name] for name in Reconciled.__dataclass_fields__)
    rows = session.connection().execute(sa.select(*columns).order_by(RECONCILIATIONS.c.mailbox)).mappings()
    return {row["mailbox"]: Reconciled(**row) for row in rows}


def compared(
    session: Session,
    mailbox: str,
    *,
    account: str,
    arrived: int,
    accounted: int,
    findings: Sequence[dict[str, Any]],
    keys: Collection[str],
    now: datetime,
) -> None:
    """A comparison came to its end. ``keys`` name what stays; what has gone may be told of again when it comes back."""
    before = known(session).get(mailbox)
    told = [key for key in before.told if key in keys] if before else []
    row = {"account": account, "at": now, "arrived": arrived, "accounted": accounted}
    _put(session, mailbox, **row, findings=list(findings), told=told, error=None, error_at=None)


def failed(session: Session, mailbox: str, words: str, *, now: datetime) -> None:
    """The mailbox could not be compared, and why; the last comparison stays to be read."""
    _put(session, mailbox, error=words, error_at=now)


def tell(session: Session, mailbox: str, keys: Collection[str]) -> list[str]:
    """Those of ``keys`` that nobody has been told of; they count as told when this transaction is committed."""
    before = known(session).get(mailbox)
    told = before.told if before else []
    new = [key for key in keys if key not in told]
    if new:
        _put(session, mailbox, told=[*told, *new])
    return new


def _put(session: Session, mailbox: str, **values: Any) -> None:
    first = {"arrived": 0, "accounted": 0, "findings": [], "told": [], **values}
    statement = insert_into(session, RECONCILIATIONS).values(mailbox=mailbox, **first)
    session.connection().execute(statement.on_conflict_do_update(index_elements=["mailbox"], set_=values))
