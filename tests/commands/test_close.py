"""The command #close says what it does in the receipt."""

from __future__ import annotations

import pytest

from helpdesk.commands import close
from helpdesk.desk.identity import Proof, Sender
from helpdesk.desk.ticket import Status
from tests.builders import ANNA, config, ticket


@pytest.mark.parametrize(
    ("status", "answer"), [(Status.OPEN, "closed: HD-1042"), (Status.CLOSED, "already_closed: HD-1042")]
)
def test_the_receipt_names_what_was_done(status: Status, answer: str) -> None:
    """One line a command; what was closed before is not closed again."""
    site = config()
    sender = Sender(address=ANNA, staff=site.staff["anna"], proof=Proof.TOKEN_FROM)
    asked = close.ask("", ticket(status=status), sender, site)
    assert (asked.answers, len(asked.changes)) == ((answer,), int(status is Status.OPEN))
