"""An answer without words is held."""

from __future__ import annotations

import pytest

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.guards import empty
from tests.builders import ticket


@pytest.mark.parametrize(
    ("text", "names", "held"), [("", (), True), (" \n.!\n", (), True), ("ok", (), False), ("", ("a.pdf",), False)]
)
def test_held_without_a_letter_or_an_attachment(text: str, names: tuple[str, ...], held: bool) -> None:
    """Punctuation is no answer, an attachment is one."""
    draft = Draft(text=text, ticket=ticket(), author="anna", attachments=names)
    assert (empty.check(draft, DraftFacts()) is not None) is held
