"""How far a mailbox is read: never down, never under another account or UIDVALIDITY."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.store import positions
from helpdesk.store.positions import ReadTo
from helpdesk.store.session import Store
from tests.builders import NOW

LATER = NOW + timedelta(hours=1)
HERE, THERE = "support@mail.test/INBOX", "help@new.test/INBOX"


def begin(store: Store, mailbox: str = "support", **changes: Any) -> None:
    """Begin the mailbox, or begin it anew."""
    values: dict[str, Any] = {"account": HERE, "uidvalidity": 7, "uid": 10, "acknowledge_from": NOW, "now": NOW}
    with store.writing() as session:
        positions.reset(session, mailbox, **(values | changes))


def read_to(store: Store) -> ReadTo:
    """Where it stands."""
    with store.reading() as session:
        found = positions.get(session, "support")
    assert found is not None
    return found


def test_a_mailbox_that_was_never_read_has_no_position(store: Store) -> None:
    """None, not zero: its first start is something else."""
    with store.reading() as session:
        assert positions.get(session, "support") is None


@pytest.mark.parametrize(("uid", "then"), [(11, 11), (10, 10), (9, 10), (2**32 - 1, 2**32 - 1)])
def test_a_position_only_goes_up(store: Store, uid: int, then: int) -> None:
    """Up to the largest UID there is (RFC 3501: 32 bits)."""
    begin(store)
    with store.writing() as session:
        assert positions.advance(session, "support", generation=1, uidvalidity=7, uid=uid, now=LATER)
    assert (read_to(store).uid, read_to(store).beat) == (then, LATER)


@pytest.mark.parametrize(("generation", "uidvalidity"), [(1, 8), (2, 7), (0, 7)])
def test_under_another_generation_or_uidvalidity_nothing_moves(store: Store, generation: int, uidvalidity: int) -> None:
    """There all UIDs mean other mails."""
    begin(store)
    era = {"generation": generation, "uidvalidity": uidvalidity}
    with store.writing() as session:
        assert not positions.advance(session, "support", **era, uid=99, now=LATER)
    assert read_to(store).uid == 10


def test_beginning_anew_keeps_the_first_start(store: Store) -> None:
    """A new UIDVALIDITY reads from the bottom, but nothing older than the first start is taken in."""
    begin(store)
    begin(store, uidvalidity=8, uid=0, acknowledge_from=LATER, now=LATER)
    place = read_to(store)
    assert (place.uidvalidity, place.uid, place.began, place.acknowledge_from) == (8, 0, NOW, LATER)


@pytest.mark.parametrize("other", [{"account": THERE}, {"uidvalidity": 8}])
def test_every_new_beginning_is_a_generation_of_its_own(store: Store, other: dict[str, Any]) -> None:
    """Going back too: what the same UID meant before may not be what it means now."""
    generations = []
    for values in ({}, other, {}):
        begin(store, **values)
        generations.append(read_to(store).generation)
    assert generations == [1, 2, 3]


def test_the_account_before_is_remembered(store: Store) -> None:
    """With the time of the change, which another UIDVALIDITY does not touch."""
    begin(store)
    assert (read_to(store).account, read_to(store).account_before) == (HERE, None)
    begin(store, account=THERE, now=LATER)
    begin(store, account=THERE, uidvalidity=8, now=LATER + timedelta(hours=1))
    place = read_to(store)
    assert (place.account, place.account_before, place.account_since, place.began) == (THERE, HERE, LATER, NOW)


def test_an_error_lasts_until_all_is_well(store: Store) -> None:
    """Status shows it with its time; the position stays."""
    begin(store)
    with store.writing() as session:
        positions.error(session, "support", "login refused", now=LATER)
    assert (read_to(store).error, read_to(store).error_at, read_to(store).beat) == ("login refused", LATER, NOW)
    with store.writing() as session:
        positions.beat(session, "support", now=LATER)
    assert (read_to(store).error, read_to(store).uid, read_to(store).beat) == (None, 10, LATER)


def test_all_mailboxes_are_known_by_name(store: Store) -> None:
    """Each once."""
    for name in ("sales", "accounts"):
        begin(store, name)
    with store.reading() as session:
        assert [place.mailbox for place in positions.known(session)] == ["accounts", "sales"]
