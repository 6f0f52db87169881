"""The secrets behind reply addresses: made once, kept, rotated so that the letters before still work."""

from __future__ import annotations

import threading

from helpdesk.store import keys
from helpdesk.store.session import Store
from tests.builders import NOW


def test_a_new_database_has_none(store: Store) -> None:
    """Looking makes none; explaining gets a useless one that no letter was ever signed with."""
    with store.reading() as session:
        assert keys.live(session) == ()
        assert keys.known(session).secrets == (b"-",)


def test_the_first_secret_is_made_once(store: Store) -> None:
    """32 random bytes, the same ever after."""
    with store.writing() as session:
        first = keys.begin(session, NOW)
    with store.writing() as session:
        assert keys.begin(session, NOW) == first
    with store.reading() as session:
        assert keys.live(session) == keys.known(session).secrets == first
    assert [len(secret) for secret in first] == [32]


def test_two_processes_that_start_together_agree(store: Store) -> None:
    """Otherwise the addresses that one of them gives out would not work."""
    found: list[tuple[bytes, ...]] = []

    def begin() -> None:
        with store.writing() as session:
            made = keys.begin(session, NOW)
        found.append(made)

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 4
    assert len(set(found)) == 1


def test_after_a_rotation_the_secret_before_still_verifies(store: Store) -> None:
    """The newest first, it signs; after two rotations the first one is dead."""
    with store.writing() as session:
        (first,) = keys.begin(session, NOW)
        second, before = keys.rotate(session, NOW)
        third = keys.rotate(session, NOW)
    assert before == first
    assert third[1] == second
    assert first not in third
    assert len({first, second, third[0]}) == 3
