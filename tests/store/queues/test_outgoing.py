"""The one door to `outgoing`: every letter enters once, with its state, its reason and what it is counted by."""

from __future__ import annotations

import threading
import zlib
from typing import Any

import pytest

from helpdesk.desk.changes import NoticeKind
from helpdesk.store.session import Store
from helpdesk.store.tables import Outgoing, OutgoingState
from tests.builders import NOW
from tests.store.rows import all_of, answer, letter, one, put


def test_a_letter_is_queued_as_it_is(store: Store) -> None:
    """Finished bytes and Message-ID, due at once."""
    asked = letter("Eva@Customer.test", raw=b"To: eva\r\n\r\n\xff", subject="Re: Printer")
    (done,) = put(store, asked)
    assert done.id is not None
    row = one(store, Outgoing, done.id)
    assert (zlib.decompress(row.raw), row.size, row.message_id) == (asked.raw, len(asked.raw), asked.message_id)
    assert (row.state, row.next_try, row.created, row.done) == (OutgoingState.QUEUED, NOW, NOW, None)
    assert (row.recipient, row.recipient_domain, row.subject_key) == ("eva@customer.test", "customer.test", "printer")


def test_a_key_is_queued_once_for_ever(store: Store) -> None:
    """A restart may ask for the same letter again; it is not written, nor counted, a second time."""
    first, second = put(store, letter(key="acknowledgement:7"), letter("other@x.test", key="acknowledgement:7"))
    assert first.id is not None
    assert second.id is None
    assert [row.recipient for row in all_of(store, Outgoing)] == ["eva@customer.test"]


def test_two_processes_queue_a_key_once(store: Store) -> None:
    """Also when they ask at the same time."""
    done: list[int | None] = []
    threads = [threading.Thread(target=lambda: done.extend(p.id for p in put(store, answer(key="a")))) for _ in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([number for number in done if number is not None]) == 1
    assert len(all_of(store, Outgoing)) == 1


def test_a_letter_over_a_limit_is_written_with_the_reason(store: Store) -> None:
    """Cancelled, not forgotten: the ticket shows why the customer got none; it uses up nothing."""
    _, over = put(store, letter(), letter(), per_address_hour=1)
    assert over.id is not None
    row = one(store, Outgoing, over.id)
    assert (row.state, row.counted, row.next_try, row.done) == (OutgoingState.CANCELLED, False, None, NOW)
    assert row.reason == over.reason == "limit: 1 automatic letters an hour to eva@customer.test"


def test_what_a_guard_doubts_is_held(store: Store) -> None:
    """Nothing is tried by itself until its author says so."""
    (held,) = put(store, answer(held="empty: no words"))
    assert held.id is not None
    row = one(store, Outgoing, held.id)
    assert (row.state, row.reason, row.next_try, row.done) == (OutgoingState.HELD, "empty: no words", None, None)


@pytest.mark.parametrize(
    ("values", "counted"),
    [
        ({}, True),
        ({"automatic": False, "kind": NoticeKind.ANSWER}, False),
        ({"outside": False, "kind": NoticeKind.NEW_TICKET}, False),
        ({"outside": False, "kind": NoticeKind.UNPROVEN}, True),
    ],
)
def test_what_uses_up_a_limit(store: Store, values: dict[str, Any], counted: bool) -> None:
    """Automatic letters to outsiders, and warnings of forged mail to staff."""
    put(store, letter(**values))
    assert [row.counted for row in all_of(store, Outgoing)] == [counted]


def test_a_very_long_address_is_cut_where_it_is_counted(store: Store) -> None:
    """PostgreSQL refuses an index entry above 2,700 bytes."""
    put(store, letter("ő" * 3000 + "@" + "x" * 3000 + ".test"))
    (row,) = all_of(store, Outgoing)
    assert (len(row.recipient), len(row.recipient_domain)) == (499, 998)
