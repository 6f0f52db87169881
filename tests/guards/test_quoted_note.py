"""The words of an internal note do not reach the customer by mistake."""

from __future__ import annotations

import pytest

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.guards import quoted_note
from tests.builders import ticket

NOTE = "Ez az ügyfél nem fizet, csak előre fizetve szállítsunk neki."


@pytest.mark.parametrize(
    ("text", "note", "held"),
    [
        ("> Ez az ügyfél nem fizet,\n> csak ELŐRE fizetve", NOTE, True),
        ("Jó napot, a nyomtató kész.", NOTE, False),
        ("rossz fizető vevő", "Rossz fizető, vevő!", True),
        ("kész", "kész", False),
        ("Sajnos rossz fizető, óvatosan vele kérem.", "#note\nRossz fizető, óvatosan vele kérem.", True),
        ("Sajnos rossz fizető vevő.", "#Note rossz fizető vevő\n#assign bela", True),
        ("Kérem, hívja fel Bélát.", "#assign bela\n#note hívja fel", False),
    ],
)
def test_six_words_in_a_row_or_a_short_note_whole(text: str, note: str, held: bool) -> None:
    """Whatever stands between the words; single common words do not count."""
    draft = Draft(text=text, ticket=ticket(), author="anna")
    assert (quoted_note.check(draft, DraftFacts(notes=(note,))) is not None) is held
