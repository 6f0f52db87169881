"""An automatic reply of a colleague that no header betrays does not go to a customer."""

from __future__ import annotations

import pytest

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.guards import out_of_office
from tests.builders import ticket


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("I am out of the office until Monday, 9 March. In urgent cases write to Béla.", True),
        ("Szabadságon vagyok március 10-ig.", True),
        ("Jestem na urlopie do 10 marca.", True),
        ("Я в отпуске до 10 марта.", True),
        ("The new toner is in our office; you can fetch it from Monday.", False),
        ("Kicseréltük a tonert, hétfőn az irodában vagyok.", False),
    ],
)
def test_held_when_it_sounds_like_a_machine(text: str, held: bool) -> None:
    """Its author lets it go with one word, if he wrote it himself."""
    draft = Draft(text=text, ticket=ticket(), author="anna")
    assert (out_of_office.check(draft, DraftFacts()) is not None) is held
