"""Text from outside is cleaned at the door: it can be stored, printed and put into a header."""

from __future__ import annotations

import pytest

from helpdesk.mail.text import clean, file_name, one_line, unmasked, visible


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a\0b", "a\ufffdb"),
        ("a\ud800b", "a\ufffdb"),
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("\x1b[31mred", "[31mred"),
        ("\ufeffa", "a"),
        ("a\tb\n", "a\tb\n"),
        ("a\uffffb", "a\ufffdb"),
    ],
)
def test_what_cannot_be_stored_or_printed_goes(written: str, expected: str) -> None:
    """NUL and lone surrogates leave a mark, control characters none (C63, C64)."""
    assert clean(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("a\r\nBcc: x", "a Bcc: x"),
        ("\u202ea\u200bb", "ab"),
        ("\u200b\u202e ", ""),
        ("\u3164\u2800", ""),
        ("x" * 5000, "x" * 2000),
    ],
)
def test_a_line_has_no_line_ends_and_no_disguise(written: str, expected: str) -> None:
    """It may stand in a header (C56); what shows nothing is nothing."""
    assert one_line(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.txt", "a.txt"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("a\r\nb.txt", "a b.txt"),
        ("<img src=x>.html", "_img src=x_.html"),
        ("...", ""),
        ("", ""),
        ("a\u202efdp.exe", "afdp.exe"),
    ],
)
def test_a_file_name_is_safe_everywhere(written: str, expected: str) -> None:
    """No path, no device, no sign that a file system or HTML minds (C78)."""
    assert file_name(written) == expected


def test_a_long_file_name_keeps_its_ending() -> None:
    """By it people and programs know what it is."""
    assert file_name("x" * 5000 + ".pdf") == "x" * 146 + ".pdf"


def test_what_shows_nothing_is_not_visible() -> None:
    """Spaces, marks, and characters without a shape."""
    assert not visible("\u200b\u00ad \n\t\u0300")
    assert visible("a")


def test_a_disguise_stays_seen() -> None:
    """In an address it must not vanish and leave another's address behind."""
    assert unmasked("an\u200bna") == "an\ufffdna"
