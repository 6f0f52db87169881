"""Lines that separate a forwarded or answered mail are known at once, whatever else is drawn."""

from __future__ import annotations

import pytest

from helpdesk.mail.phrases.separators import forwards, separates
from tests.quick import AT_ONCE, seconds

LINES = 8_000  # more than a mail that is shown can hold of such long ones


@pytest.mark.parametrize("drawn", ["_", "*", "-", "> ", "_ "])
def test_drawn_lines_without_a_phrase_cost_little(drawn: str) -> None:
    """C60: the phrases are looked for behind the whole line, not at each of its signs."""
    line = f"{drawn * 80} words"
    assert seconds(lambda: [(separates(line), forwards(line)) for _ in range(LINES)]) < AT_ONCE


@pytest.mark.parametrize(
    "line",
    [
        "-----Original Message-----",
        "> ____ Original Message",
        "**--- Forwarded message ---",
        "____Weitergeleitete Nachricht:",
    ],
)
def test_a_phrase_behind_a_drawn_line_separates(line: str) -> None:
    """Also where the signs of the line could be those of a quotation."""
    assert separates(line)
