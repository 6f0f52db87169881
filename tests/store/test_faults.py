"""Whatever a database complains of becomes one of our errors, and its text holds no words of a mail."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, OperationalError, PendingRollbackError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from helpdesk.errors import StoreBroken, StoreBusy, StoreError, StoreFull, StoreGone, StoreReadOnly
from helpdesk.store.faults import translated, translation
from helpdesk.store.session import Store
from helpdesk.store.tables import RawMail
from helpdesk.store.tables.base import table


class Complaint(psycopg.OperationalError):
    """What the driver raises for a SQLSTATE."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("words of the server")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (sqlite3.SQLITE_BUSY, StoreBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, StoreBusy),
        (sqlite3.SQLITE_LOCKED, StoreBusy),
        (sqlite3.SQLITE_FULL, StoreFull),
        (sqlite3.SQLITE_READONLY_DBMOVED, StoreReadOnly),
        (sqlite3.SQLITE_IOERR_FSYNC, StoreBroken),
        (sqlite3.SQLITE_CORRUPT, StoreBroken),
    ],
)
def test_codes_of_sqlite(code: int, kind: type[StoreError]) -> None:
    """By the primary code in the low byte."""
    complaint = sqlite3.OperationalError("words")
    complaint.sqlite_errorcode = code
    assert type(translation(OperationalError("SELECT", {}, complaint))) is kind


@pytest.mark.parametrize(
    ("state", "kind"),
    [
        ("40001", StoreBusy),
        ("40P01", StoreBusy),
        ("55P03", StoreBusy),
        ("57014", StoreBusy),
        ("53300", StoreBusy),
        ("53100", StoreFull),
        ("25006", StoreReadOnly),
        ("57P01", StoreGone),
        ("08006", StoreGone),
        ("28P01", StoreGone),
        ("23505", StoreError),
        ("42P01", StoreError),
    ],
)
def test_states_of_postgresql(state: str, kind: type[StoreError]) -> None:
    """By the whole SQLSTATE or its class."""
    assert type(translation(OperationalError("SELECT", {}, Complaint(state)))) is kind


def test_a_server_that_says_nothing_is_gone() -> None:
    """No SQLSTATE: the server could not be reached."""
    silent = psycopg.OperationalError("connection refused")
    assert type(translation(OperationalError("SELECT", {}, silent))) is StoreGone


def test_what_the_driver_refuses_is_not_a_lost_connection() -> None:
    """A value that cannot be sent would be tried again for ever if it counted as a lost connection."""
    refused = psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
    assert type(translation(DataError("INSERT", {}, refused))) is StoreError


@pytest.mark.parametrize(
    ("raised", "kind"),
    [
        (PoolTimeout(), StoreBusy),
        (PendingRollbackError(), StoreError),
        (sqlite3.DatabaseError("file is not a database"), StoreError),
    ],
)
def test_errors_beside_the_driver(raised: Exception, kind: type[StoreError]) -> None:
    """No free connection, a transaction that ended by itself, a connection that could not be made ready."""
    with pytest.raises(StoreError) as caught, translated():
        raise raised
    assert type(caught.value) is kind
    assert caught.value.__cause__ is raised


def test_no_value_gets_into_the_text(store: Store) -> None:
    """The words of a mail do not reach a log by way of an error."""
    row = {"sha256": "secret words", "size": 1, "data": b"x"}
    statement = sa.insert(table(RawMail))
    with store.writing() as session:
        session.connection().execute(statement, row)
    with pytest.raises(StoreError) as caught, store.writing() as session:
        session.connection().execute(statement, row)
    assert isinstance(caught.value.__cause__, IntegrityError)
    assert "secret words" not in str(caught.value)


@pytest.mark.postgresql
def test_a_server_that_is_not_there_is_gone() -> None:
    """The real thing: nobody listens on that port."""
    store = Store("postgresql://helpdesk@127.0.0.1:1/helpdesk", site=Path())
    with pytest.raises(StoreGone) as caught, store.reading() as session:
        session.connection()
    assert isinstance(caught.value.__cause__, DBAPIError)
