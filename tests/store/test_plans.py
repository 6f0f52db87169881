"""No table that grows with every mail is read whole for the next one: each question has its index."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.desk.ticket import MessageKind, Status
from helpdesk.store import queues
from helpdesk.store.lookups import TICKETS_ASKED
from helpdesk.store.session import Store
from helpdesk.store.statements import insert_new
from helpdesk.store.tables import (
    Contact,
    IdSource,
    Incoming,
    IncomingState,
    Message,
    Outgoing,
    OutgoingState,
    RawMail,
    ThreadId,
    Ticket,
)
from helpdesk.store.tables.base import table
from tests.builders import NOW, mail
from tests.store.asking import heavy, known
from tests.store.queries import Sent, counted, effort, plan
from tests.store.rows import claim, fetched, finish, keep, letter, put, ticket

ROWS = 10_000
GROWING = ("incoming", "thread_ids", "outgoing", "contacts", "messages")


@pytest.fixture
def full(store: Store) -> Store:
    """Some thousand rows in every table that is asked, and statistics of them."""
    ticket(store)
    with store.writing() as session:
        for model, rows in _rows().items():
            session.connection().execute(sa.insert(table(model)), rows)
        session.connection().exec_driver_sql("ANALYZE")
    return store


def _rows() -> dict[type[SQLModel], list[dict[str, Any]]]:
    """Ten messages and ids a ticket."""
    each, numbers = range(1, ROWS + 1), range(1002, 1002 + ROWS // 10)
    people = [{"address": f"p{i}@x.test", "written": "p", "first_seen": NOW, "last_seen": NOW} for i in each]
    raws = [{"sha256": f"{i:064}", "size": 1, "data": b"x"} for i in each]
    one: dict[str, Any] = {
        "status": Status.OPEN,
        "subject": "s",
        "department": "support",
        "mailbox": "support",
        "priority": "normal",
    }
    one |= {"language": "hu", "tags": [], "flags": [], "opened": NOW, "updated": NOW}
    tickets = [one | {"number": number, "contact_id": number - 1000} for number in numbers]
    done: dict[str, Any] = {
        "mailbox": "support",
        "source": "imap",
        "generation": 1,
        "received": NOW,
        "kept_at": NOW,
        "acknowledge": True,
        "filed": True,
    }
    done |= {"state": IncomingState.DONE, "outcome": LedgerOutcome.TICKET, "attempts": 1, "released": False}
    mails = [done | {"raw_id": i, "findings": [], "message_id": f"<m{i}@x>", "content_hash": f"hash{i}"} for i in each]
    said: dict[str, Any] = {
        "kind": MessageKind.CUSTOMER,
        "author_address": "a",
        "subject": "s",
        "text": "t" * 200,
        "full_text": "t",
    }
    said |= {"attachments": [], "copies": [], "flags": [], "at": NOW}
    messages = [said | {"ticket": 1002 + i // 10, "message_id": f"<m{i}@x>"} for i in range(ROWS)]
    ids = [{"message_id": f"<t{i}@x>", "ticket": 1002 + i // 10, "source": IdSource.MAIL} for i in range(ROWS)]
    return {
        Contact: people,
        RawMail: raws,
        Ticket: tickets,
        Incoming: mails,
        Message: messages,
        ThreadId: ids,
        Outgoing: _letters(),
    }


def _letters() -> list[dict[str, Any]]:
    base: dict[str, Any] = {
        "kind": "acknowledgement",
        "automatic": True,
        "outside": True,
        "counted": True,
        "envelope_from": "",
    }
    base |= {"subject": "s", "raw": b"x", "size": 1, "state": OutgoingState.SENT, "expires": NOW, "attempts": 1}
    base |= {"resent": False}
    return [
        base
        | {
            "key": f"k{i}",
            "ticket": 1001 + i // 10,
            "message_id": f"<l{i}@x>",
            "recipient": f"p{i}@x.test",
            "recipient_domain": f"d{i % 200}.test",
            "subject_key": f"s{i}",
            "created": NOW - timedelta(minutes=10 * i),
        }
        for i in range(1, ROWS + 1)
    ]


def scans(store: Store, sent: list[Sent]) -> list[str]:
    """The steps of the plans that read a whole table of those that grow with every mail."""
    with store.reading() as session:
        steps = [line for each in sent for line in plan(session, each).splitlines()]
    whole = rf"(SCAN|Seq Scan on|Index Scan Backward using (pk|ix_thread_ids)_\w+ on) ({'|'.join(GROWING)})\b"
    return [step for step in steps if re.search(whole, step) and "USING" not in step]


def test_no_table_is_read_whole_for_a_mail(full: Store) -> None:
    """Ten thousand mails a day must not make the next one slower."""
    with counted() as sent:
        known(full, heavy(20))
    assert len(sent) >= 8
    assert scans(full, sent) == []


def test_an_id_that_very_many_tickets_know_costs_no_more_than_one_that_some_know(full: Store) -> None:
    """Monitoring systems name one id in every mail: the newest tickets are found without reading all the others."""
    numbers = range(1002, 1002 + ROWS // 10)
    named = {"<some@x>": numbers[:TICKETS_ASKED], "<many@x>": numbers}
    efforts = []
    for name, tickets in named.items():
        ids = [{"message_id": name, "ticket": number, "source": IdSource.REFERENCE} for number in tickets]
        with full.writing() as session:
            insert_new(session, ThreadId, ids)
        with counted() as sent:
            assert len(known(full, mail(in_reply_to=(name,))).candidates.by_id[name]) == TICKETS_ASKED
        with full.reading() as session:
            (asked,) = [each for each in sent if "thread_ids" in each.statement and "OVER" not in each.statement]
            efforts.append(effort(session, asked))
    assert efforts[1] < 2 * efforts[0]


def test_no_table_is_read_whole_for_a_letter(full: Store) -> None:
    """Every limit is counted by an index."""
    with counted() as sent:
        put(full, letter(ticket=1001), breaker_hour=1)
    assert scans(full, [each for each in sent if each.statement.lstrip().startswith("SELECT")]) == []


def test_no_table_is_read_whole_to_work_on_mails(full: Store) -> None:
    """Claiming, ending and filing."""
    numbers = keep(full, fetched(1))
    with counted() as sent:
        with full.reading() as session:
            assert queues.claimable(session, NOW)
        claim(full)
        finish(full, numbers[0])
        with full.reading() as session:
            queues.to_be_filed(session, "support", 1, 50)
    assert scans(full, [each for each in sent if each.statement.startswith(("SELECT", "UPDATE"))]) == []
