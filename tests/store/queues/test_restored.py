"""After a restored backup: what the ledger of then says of mail that may have been filed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.store import positions, queues
from helpdesk.store.restores import Lost
from helpdesk.store.session import Store
from tests.builders import NOW
from tests.store.rows import fetched

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("values", "hours", "may"),
    [
        ({}, -1, True),
        ({"filed": True}, -1, True),
        ({"uid": None, "again": True}, -1, True),
        ({"mailbox": "sales"}, -1, False),
        ({"source": "letter.eml", "uid": None}, -1, False),
        ({"source": "imap-oversize", "filed": True}, -1, False),
        ({}, -3, False),
        ({}, 1, False),
    ],
    ids=["kept", "filed", "after a restore", "another's", "a file", "too large", "of another account", "kept since"],
)
def test_mail_may_have_been_filed_when_the_ledger_of_then_knows_any(
    store: Store, values: dict[str, Any], hours: int, may: bool
) -> None:
    """Whole mail of the account of today, from a mail server, kept before the backup was put back."""
    begun: dict[str, Any] = {"account": "a", "uidvalidity": 7, "uid": 1, "acknowledge_from": NOW, "now": NOW - 2 * HOUR}
    with store.writing() as session:
        positions.reset(session, "support", **begun, lost=Lost(since=NOW - HOUR, until=NOW))
        queues.keep(session, [fetched(**values)], NOW + hours * HOUR)
        place = positions.get(session, "support")
        assert place is not None
        assert queues.may_have_filed(session, place) is may
