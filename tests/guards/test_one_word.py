"""A word about a letter that waits does not go to the customer."""

from __future__ import annotations

import pytest

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.guards import one_word
from tests.builders import ticket


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("send", True),
        ("Send.", True),
        ("*cancel*", True),
        ("drop", True),
        ("#send", True),
        ("send\n\nÜdv, Anna", True),
        ("send it back please", False),
        ("Send:\nthe invoice, the receipt and a photo of the label", False),
        ("Kész.", False),
        ("", False),
    ],
)
def test_held_when_it_is_only_the_word(text: str, held: bool) -> None:
    """A greeting and a name below make no answer of it; a sentence does."""
    draft = Draft(text=text, ticket=ticket(), author="anna")
    assert (one_word.check(draft, DraftFacts()) is not None) is held
