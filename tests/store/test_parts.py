"""Heartbeats: who lives, since when, and what ailed it last."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.store import parts
from helpdesk.store.parts import Beat
from helpdesk.store.session import Store
from tests.builders import NOW

MINUTE = timedelta(minutes=1)


def beats(store: Store) -> list[Beat]:
    """What status would show."""
    with store.reading() as session:
        return parts.beats(session)


def test_a_beat_moves_on_and_the_start_stays(store: Store) -> None:
    """Within one process."""
    with store.writing() as session:
        parts.beat(session, "intake", process="host:1", now=NOW)
        parts.beat(session, "intake", process="host:1", now=NOW + MINUTE)
    (part,) = beats(store)
    assert (part.started, part.beat, part.state) == (NOW, NOW + MINUTE, "running")


def test_each_process_speaks_for_itself(store: Store) -> None:
    """Two may do the same part at a time; the one that spoke last comes first."""
    with store.writing() as session:
        parts.beat(session, "intake", process="host:1", now=NOW)
        parts.beat(session, "intake", process="host:2", now=NOW + MINUTE)
        parts.beat(session, "intake", process="host:1", state="failed", now=NOW, error="x")
    assert [(part.process, part.started, part.state) for part in beats(store)] == [
        ("host:2", NOW + MINUTE, "running"),
        ("host:1", NOW, "failed"),
    ]


@pytest.mark.parametrize(("minutes", "state"), [(1, "stopped"), (61, "running")])
def test_a_new_process_takes_the_place_of_one_that_ended(store: Store, minutes: int, state: str) -> None:
    """Stopped, or silent for an hour; what ailed the part last stays to be read."""
    with store.writing() as session:
        parts.beat(session, "intake", process="host:1", state=state, now=NOW, error="out of memory")
        parts.beat(session, "intake", process="host:2", now=NOW + minutes * MINUTE)
    (part,) = beats(store)
    assert (part.process, part.error, part.error_at) == ("host:2", "out of memory", NOW)


def test_a_process_ends_with_all_its_parts(store: Store) -> None:
    """And with nobody else's."""
    with store.writing() as session:
        for name, process in (("intake", "host:1"), ("outbox", "host:1"), ("jobs", "host:2")):
            parts.beat(session, name, process=process, now=NOW)
        parts.ended(session, "host:1", now=NOW)
    assert [part.state for part in beats(store)] == ["stopped", "running", "stopped"]


def test_a_word_of_the_command_names_its_parts() -> None:
    """A watcher for each mailbox; the others are called by the word."""
    assert parts.names({"jobs", "inbox"}, ["a", "b"]) == ["inbox:a", "inbox:b", "jobs"]


def test_a_word_of_an_earlier_version_is_told_by_that_of_today(store: Store) -> None:
    """And its row goes when a new process takes its place; the error stays."""
    with store.writing() as session:
        parts.beat(session, "timetable", process="host:1", state="stopped", now=NOW, error="out of memory")
    assert [(part.name, part.process) for part in beats(store)] == [("jobs", "host:1")]
    with store.writing() as session:
        parts.beat(session, "jobs", process="host:2", now=NOW + MINUTE)
    (part,) = beats(store)
    assert (part.name, part.process, part.error) == ("jobs", "host:2", "out of memory")


def test_the_last_error_stays_to_be_read(store: Store) -> None:
    """Also when all is well again; with its time."""
    with store.writing() as session:
        parts.beat(session, "outbox", process="host:1", state="failed", now=NOW, error="refused")
        parts.beat(session, "outbox", process="host:1", now=NOW + MINUTE)
    (part,) = beats(store)
    assert (part.state, part.error, part.error_at) == ("running", "refused", NOW)


def test_parts_are_listed_by_name(store: Store) -> None:
    """Each once."""
    with store.writing() as session:
        for name in ("outbox", "inbox:support", "outbox"):
            parts.beat(session, name, process="host:1", now=NOW)
    assert [part.name for part in beats(store)] == ["inbox:support", "outbox"]
