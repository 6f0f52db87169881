"""Which lines look like a command, and what keeps one from being obeyed."""

from __future__ import annotations

import pytest

from helpdesk.desk import command_lines
from helpdesk.desk.command_lines import DISGUISED, MALFORMED, MISPLACED, Line


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("#Note", Line(verb="note", plain=True)),
        ("#note a b", Line(verb="note", words="a b", plain=True)),
        ("#note:a", Line(verb="note", words="a", plain=True)),
        ("**#note a**", Line(verb="note", words="a")),
        ("## note", Line(verb="note")),
        ("#no\u200bte", Line(verb="note", trouble=DISGUISED, plain=True)),
        ("> #note", Line(verb="note", trouble=MALFORMED)),
        ("#note;a", Line(verb="note", trouble=MALFORMED)),
        ("#1042", None),
        ("a #note", None),
        ("", None),
    ],
)
def test_a_line_is_read(line: str, found: Line | None) -> None:
    """Its verb, its words, and what is wrong with it."""
    assert command_lines.read(line, placed=True) == found


def test_a_line_that_stands_elsewhere_is_not_obeyed() -> None:
    """Nobody can tell where the words for colleagues begin."""
    assert command_lines.read("#note", placed=False) == Line(verb="note", trouble=MISPLACED, plain=True)
