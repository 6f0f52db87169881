"""The command #note says what it does in the receipt."""

from __future__ import annotations

import pytest

from helpdesk.commands import note
from helpdesk.desk.identity import Proof, Sender
from tests.builders import ANNA, config, ticket


@pytest.mark.parametrize(("words", "answer"), [("", "noted: HD-1042")])
def test_the_receipt_names_what_was_done(words: str, answer: str) -> None:
    """One line a command."""
    site = config()
    sender = Sender(address=ANNA, staff=site.staff["anna"], proof=Proof.TOKEN_FROM)
    assert note.ask(words, ticket(), sender, site).answers == (answer,)
