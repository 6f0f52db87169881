"""What waits for a person: listed with its reason, let in, tried again, taken out; the bytes always stay."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import UsageError
from helpdesk.store import queues
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState
from tests.builders import NOW
from tests.store.rows import claim, fetched, finish, keep, one

LATER = NOW + timedelta(days=1)


def hold(store: Store, raw: bytes = b"words", reason: str = "forged") -> int:
    """A mail in quarantine."""
    (number,) = keep(store, fetched(None, raw))
    claim(store)
    finding = {"filter": "own_mail", "outcome": "hold", "reason": reason}
    finish(store, number, outcome=LedgerOutcome.QUARANTINE, reason=reason, findings=[finding])
    return number


def test_one_list_with_the_reasons(store: Store) -> None:
    """The oldest first; mails that were handled are not in it."""
    numbers = [hold(store), hold(store, b"more", "no sense")]
    keep(store, fetched(1))
    with store.reading() as session:
        found = queues.quarantine_list(session)
    assert [(mail.id, mail.reason, mail.size, mail.handled_at) for mail in found] == [
        (numbers[0], "forged", 5, NOW),
        (numbers[1], "no sense", 4, NOW),
    ]
    assert [mail.findings[0]["filter"] for mail in found] == ["own_mail"] * 2


def test_a_mail_can_be_taken_out_as_it_came(store: Store) -> None:
    """Byte for byte."""
    number = hold(store, b"\x00\xff odd")
    with store.reading() as session:
        assert queues.export(session, number) == b"\x00\xff odd"


@pytest.mark.parametrize(("act", "released"), [(queues.release, True), (queues.retry, False)])
def test_a_mail_is_worked_on_again(store: Store, act: Callable[..., None], released: bool) -> None:
    """From the first attempt; only a release overrules what the filters hold. Who did it is noted."""
    number = hold(store)
    with store.writing() as session:
        act(session, number, by="anna", now=LATER)
    row = one(store, Incoming, number)
    assert (row.state, row.outcome, row.attempts) == (IncomingState.WAITING, None, 0)
    assert (row.reason or "").endswith("by anna; it was held: forged")
    (mail,) = claim(store)
    assert (mail.id, mail.attempts, mail.released) == (number, 1, released)


def test_a_dropped_mail_is_done_and_its_bytes_stay(store: Store) -> None:
    """With who dropped it, and why it had been held."""
    number = hold(store)
    with store.writing() as session:
        queues.drop(session, number, by="anna", now=LATER)
    row = one(store, Incoming, number)
    assert (row.state, row.outcome, row.handled_at) == (IncomingState.DONE, LedgerOutcome.DROPPED, LATER)
    assert row.reason == "dropped by anna; it was held: forged"
    assert claim(store) == []


@pytest.mark.parametrize("act", [queues.release, queues.retry, queues.drop])
def test_only_what_is_in_quarantine_can_be_let_out(store: Store, act: Callable[..., None]) -> None:
    """A mail that is being worked on, or was handled, would otherwise be handled twice."""
    (number,) = keep(store, fetched(1))
    for _ in range(2):
        with pytest.raises(UsageError, match="not in quarantine"), store.writing() as session:
            act(session, number, by="anna", now=LATER)
        claim(store)


@pytest.mark.parametrize("number", [0, -1, 99, 2**31, 10**20])
def test_a_number_that_does_not_exist_is_said_so(store: Store, number: int) -> None:
    """Also one that no row can have."""
    with pytest.raises(UsageError, match=r"`helpdesk quarantine list`"), store.reading() as session:
        queues.quarantined(session, number)
    with pytest.raises(UsageError), store.reading() as session:
        queues.export(session, number)
