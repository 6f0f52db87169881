"""What only one may do: a lease is had by one owner, runs out, and fences the one who slept past its end."""

from __future__ import annotations

from datetime import timedelta

from helpdesk.store import leases
from helpdesk.store.leases import Held
from helpdesk.store.session import Store
from tests.builders import NOW

LATER = NOW + timedelta(seconds=61)


def acquire(store: Store, owner: str, seconds_later: int = 0) -> Held | None:
    """Try to get the lease for a minute."""
    with store.writing() as session:
        now = NOW + timedelta(seconds=seconds_later)
        return leases.acquire(session, "jobs", owner=owner, now=now, seconds=60)


def held(store: Store, owner: str = "a", seconds_later: int = 0) -> Held:
    """Get it, surely."""
    found = acquire(store, owner, seconds_later)
    assert found is not None
    return found


def test_a_free_lease_is_had(store: Store) -> None:
    """The first holder is epoch 1."""
    assert acquire(store, "a") == Held(name="jobs", owner="a", epoch=1, until=NOW + timedelta(seconds=60))


def test_somebody_elses_lease_is_not_had(store: Store) -> None:
    """Until it runs out, to the second."""
    held(store)
    assert acquire(store, "b", 60) is None
    assert held(store, "b", 61).epoch == 2


def test_our_own_lease_is_only_renewed(store: Store) -> None:
    """The same holding goes on, with the same epoch and a later end."""
    held(store)
    again = held(store, "a", 30)
    assert (again.epoch, again.until) == (1, NOW + timedelta(seconds=90))


def test_our_own_lease_that_ran_out_is_a_new_holding(store: Store) -> None:
    """In between anything may have happened."""
    held(store)
    assert held(store, "a", 61).epoch == 2


def test_a_sleeper_finds_that_another_took_over(store: Store) -> None:
    """Fencing: he can neither renew nor write."""
    old = held(store)
    held(store, "b", 61)
    with store.writing() as session:
        assert leases.renew(session, old, now=LATER, seconds=60) is None
        assert not leases.holds(session, old)


def test_a_sleeper_finds_that_he_himself_began_anew(store: Store) -> None:
    """The same owner in a later holding is another one: the epoch tells."""
    old = held(store)
    new = held(store, "a", 61)
    with store.writing() as session:
        assert not leases.holds(session, old)
        assert leases.holds(session, new)


def test_a_lease_that_ran_out_is_ours_until_somebody_takes_it(store: Store) -> None:
    """Clocks say when it may be taken; only its being taken forbids to write."""
    ours = held(store)
    with store.writing() as session:
        assert leases.holds(session, ours)
        assert leases.renew(session, ours, now=LATER, seconds=60) is not None


def test_a_lease_given_back_is_free_by_every_clock(store: Store) -> None:
    """Also by one that is hours late."""
    ours = held(store)
    with store.writing() as session:
        leases.release(session, ours)
    assert held(store, "b", -7200).epoch == 2


def test_a_lease_given_back_is_free_at_once(store: Store) -> None:
    """Its epoch goes on counting."""
    ours = held(store)
    with store.writing() as session:
        leases.release(session, ours)
    assert held(store, "b").epoch == 2


def test_giving_back_what_another_has_changes_nothing(store: Store) -> None:
    """A process that wakes up late must not free the lease of its follower."""
    old = held(store)
    new = held(store, "b", 61)
    with store.writing() as session:
        leases.release(session, old)
        assert leases.holds(session, new)
