"""What only one process may do: the one that holds it works, the other waits, and one that slept writes nothing."""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from helpdesk import plugins, tenure
from helpdesk.app import App, process_name
from helpdesk.compose.render import Templates
from helpdesk.errors import LeaseLost
from helpdesk.store import migrate, parts
from helpdesk.store.session import Store
from helpdesk.tenure import LEASE_SECONDS, Tenure
from tests.builders import KEYS, NOW, config
from tests.servers.postgres import Postgres

pytestmark = pytest.mark.postgresql

PART = "inbox:support"


class Clock:
    """Time that only tests let pass."""

    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> datetime:
        return self.time


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Leases are renewed at each look."""
    monkeypatch.setattr(tenure, "RENEW_SECONDS", 0.0)
    return Clock()


@pytest.fixture
def one(clock: Clock, postgres: Postgres, tmp_path: Path) -> Iterator[Tenure]:
    """The lease as the first of two processes sees it."""
    store = Store(postgres.fresh_database(), site=tmp_path)
    migrate.upgrade(store)
    templates = Templates(plugins.data("templates"))
    app = App(config=config(site=tmp_path), store=store, templates=templates, keys=KEYS, now=clock)
    yield Tenure(app, PART)
    store.close()


@pytest.fixture
def other(one: Tenure) -> Tenure:
    """As the second one sees it."""
    return Tenure(dataclasses.replace(one._app, process=process_name()), PART)


def write(store: Store | None) -> None:
    """Anything."""
    assert store is not None
    with store.writing() as session:
        parts.beat(session, "written", process="x", now=NOW)


def written(one: Tenure) -> bool:
    with one._app.store.reading() as session:
        return any(beat.name == "written" for beat in parts.beats(session))


def test_one_of_two_holds_and_the_other_stands_by(one: Tenure, other: Tenure) -> None:
    """And says so."""
    one.look()
    other.look()
    write(one.store)
    assert other.store is None
    with one._app.store.reading() as session:
        assert {beat.state for beat in parts.beats(session) if beat.name == PART} == {"starting", "standby"}


def test_a_holder_that_lives_is_not_followed(one: Tenure, other: Tenure, clock: Clock) -> None:
    """Renewing keeps the lease, and what works under it goes on."""
    one.look()
    held = one.store
    for _ in range(5):
        clock.time += timedelta(seconds=LEASE_SECONDS / 2)
        one.look()
        other.look()
    assert (one.store is held, other.store) == (True, None)


def test_a_sleeper_is_followed_and_writes_nothing(one: Tenure, other: Tenure, clock: Clock) -> None:
    """Even before he has looked: the database tells him."""
    one.look()
    before = one.store
    clock.time += timedelta(seconds=LEASE_SECONDS + 1)
    other.look()
    with pytest.raises(LeaseLost):
        write(before)
    assert not written(one)
    write(other.store)


def test_a_sleeper_that_looks_stops_his_work(one: Tenure, other: Tenure, clock: Clock) -> None:
    """Once."""
    one.look()
    stopped: list[bool] = []
    one.on_lost = lambda: stopped.append(True)
    clock.time += timedelta(seconds=LEASE_SECONDS + 1)
    other.look()
    one.look()
    one.look()
    assert (stopped, one.store) == ([True], None)


def test_a_sleeper_whom_nobody_followed_goes_on(one: Tenure, clock: Clock) -> None:
    """The time was over, but nobody wrote in between."""
    one.look()
    clock.time += timedelta(hours=1)
    write(one.store)
    assert written(one)


def test_a_holding_between_which_another_held_is_a_new_one(one: Tenure, other: Tenure, clock: Clock) -> None:
    """What was begun under the earlier one may not be finished under the later one."""
    one.look()
    earlier = one.store
    clock.time += timedelta(seconds=LEASE_SECONDS + 1)
    other.look()
    other.give_back()
    one.look()
    write(one.store)
    with pytest.raises(LeaseLost):
        write(earlier)


def test_what_is_given_back_is_had_at_once(one: Tenure, other: Tenure) -> None:
    """An orderly end needs no waiting for the lease to run out."""
    one.look()
    one.give_back()
    other.look()
    assert other.store is not None
    write(other.store)


def test_a_clock_that_differs_lets_only_one_write(one: Tenure, other: Tenure) -> None:
    """A machine an hour ahead takes the lease too early; the other notices at its next write."""
    one.look()
    ahead = Tenure(dataclasses.replace(other._app, now=lambda: NOW + timedelta(hours=1)), PART)
    ahead.look()
    write(ahead.store)
    with pytest.raises(LeaseLost):
        write(one.store)


def test_who_waits_is_woken_at_the_end(one: Tenure, other: Tenure) -> None:
    """With nothing."""
    one.look()
    found: list[Store | None] = []
    waiting = threading.Thread(target=lambda: found.append(other.wait()))
    waiting.start()
    other.close()
    waiting.join(10)
    assert found == [None]


def test_a_process_that_comes_again_with_the_same_number_is_another_one() -> None:
    """As in a container, where every process has number 1: the dead one's lease is not taken for ours."""
    assert process_name() != process_name()
