"""How server and ledger compared is remembered, and what was told of it, on both databases."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.store import reconciliations
from helpdesk.store.reconciliations import Reconciled
from helpdesk.store.session import Store
from tests.builders import NOW

LATER = NOW + timedelta(days=1)
FINDING = {"what": "missed", "uids": [3, 4], "why": "a reason", "mended": False}


def compared(store: Store, *keys: str) -> None:
    with store.writing() as session:
        counts = {"arrived": 5, "accounted": 3}
        reconciliations.compared(session, "support", account="here", **counts, findings=[FINDING], keys=keys, now=NOW)


def tell(store: Store, *keys: str) -> list[str]:
    with store.writing() as session:
        return reconciliations.tell(session, "support", keys)


def known(store: Store) -> Reconciled:
    with store.reading() as session:
        return reconciliations.known(session)["support"]


def test_nothing_is_known_before_the_first_comparison(store: Store) -> None:
    """Nor is there a row for a mailbox."""
    with store.reading() as session:
        assert reconciliations.known(session) == {}


def test_a_comparison_is_remembered(store: Store) -> None:
    """When, of what, the counts, and what stays."""
    compared(store, "missed:1:3")
    last = known(store)
    assert (last.account, last.at, last.arrived, last.accounted) == ("here", NOW, 5, 3)
    assert (last.findings, last.told, last.error) == ([FINDING], [], None)


def test_a_failure_leaves_the_last_comparison_to_be_read(store: Store) -> None:
    """And the next comparison ends it."""
    compared(store)
    with store.writing() as session:
        reconciliations.failed(session, "support", "no answer", now=LATER)
    last = known(store)
    assert (last.at, last.findings, last.error, last.error_at) == (NOW, [FINDING], "no answer", LATER)
    compared(store)
    assert (known(store).error, known(store).error_at) == (None, None)


def test_a_mailbox_that_never_answered_has_an_error_only(store: Store) -> None:
    """There is no time of a comparison."""
    with store.writing() as session:
        reconciliations.failed(session, "support", "no answer", now=NOW)
    assert (known(store).at, known(store).error) == (None, "no answer")


def test_each_finding_is_told_of_once_while_it_stays(store: Store) -> None:
    """One that went and came back is news again."""
    compared(store, "a", "b")
    assert tell(store, "a", "b") == ["a", "b"]
    compared(store, "a", "b", "c")
    assert tell(store, "a", "b", "c") == ["c"]
    compared(store, "b")
    compared(store, "a", "b")
    assert tell(store, "a", "b") == ["a"]
