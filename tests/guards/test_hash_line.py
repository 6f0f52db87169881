"""A line that begins like a command that there is not is asked about before it goes to a customer."""

from __future__ import annotations

import pytest

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.guards import hash_line
from tests.builders import ticket


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("Kész.\n#private he never pays", True),
        ("Kész.\n  /close", True),
        ("#bela look", True),
        ("Kész.\n# private he never pays", True),
        ("- #private he never pays", True),
        ("**#private** he never pays", True),
        ("\uff03private he never pays", True),
        ("\u200b#private he never pays", True),
        ("    #private he never pays", True),
        ("The order #1042 is on its way.", False),
        ("#1042 is on its way.", False),
        ("It stands in\n/etc/hosts", False),
        ("It stands in the folder\n/1/2", False),
        ("We use C# and F#.", False),
    ],
)
def test_only_a_word_behind_the_sign_at_the_beginning(text: str, held: bool) -> None:
    """Numbers and signs inside of words stay what they are."""
    draft = Draft(text=text, ticket=ticket(), author="anna")
    assert (hash_line.check(draft, DraftFacts()) is not None) is held
