"""Letters of a sender that died are settled, and the log says how many."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from helpdesk.app import opened
from helpdesk.jobs import recover
from helpdesk.store import queues
from tests.builders import NOW
from tests.cli.shell import written
from tests.store.rows import answer, letter, put


def test_what_was_begun_and_what_was_not(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Queued, sent once more, or of unknown fate; a second run finds nothing and says nothing."""
    caplog.set_level("INFO", "helpdesk")
    with opened(written(tmp_path).site, {}) as app:
        put(app.store, letter("a@customer.test"), letter("b@customer.test"), answer())
        with app.store.writing() as session:
            claimed = queues.claim_letters(session, owner="dead", now=NOW, limit=9, lease_seconds=60)
            queues.data_started(session, [each.id for each in claimed[1:]], owner="dead", now=NOW, lease_seconds=60)
        for minutes in (2, 3):
            recover.run(app, NOW + timedelta(minutes=minutes))
        with app.store.reading() as session:
            states = [each.state.value for each in queues.letters(session)]
    assert states == ["unknown", "unknown", "queued"]
    (record,) = [each for each in caplog.records if each.message == "letters recovered"]
    assert vars(record)["fields"] == {"queued": 1, "sent_again": 1, "unknown": 1}
