"""Heartbeats: who lives, since when, and what ailed it last."""

from __future__ import annotations

from datetime import timedelta

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


def test_a_new_process_is_a_new_start(store: Store) -> None:
    """After a restart the part is young again."""
    with store.writing() as session:
        parts.beat(session, "intake", process="host:1", now=NOW)
        parts.beat(session, "intake", process="host:2", now=NOW + MINUTE)
    (part,) = beats(store)
    assert (part.process, part.started) == ("host:2", NOW + MINUTE)


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
