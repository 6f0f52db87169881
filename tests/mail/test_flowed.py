"""Lines that a program has broken for the way are read as the paragraphs that somebody wrote."""

from __future__ import annotations

from helpdesk.mail.flowed import joined
from helpdesk.mail.parse import parse


def test_a_line_that_ends_with_a_space_goes_on_in_the_next() -> None:
    """RFC 3676 4.1; the space between the words stays."""
    assert joined("The printer \ndoes not print.\nPlease help.", delete_space=False) == (
        "The printer does not print.\nPlease help."
    )


def test_with_delsp_the_space_goes() -> None:
    """RFC 3676 4.2, for writing without spaces and for long addresses."""
    assert joined("印刷 \nできません", delete_space=True) == "印刷できません"


def test_quoted_lines_are_joined_with_their_equals_only() -> None:
    """The number of marks says whose words they are."""
    assert (
        joined("> Which \n> one? \nThe red.\n>> It \n> is", delete_space=False)
        == "> Which one? \nThe red.\n>> It \n> is"
    )


def test_a_signature_and_blank_lines_are_no_part_of_a_paragraph() -> None:
    """``-- `` ends with a space and goes on nowhere."""
    assert joined("Bye \n-- \nEva\n \nx", delete_space=False) == "Bye \n-- \nEva\n\nx"


def test_a_stuffed_space_goes() -> None:
    """Programs put one before ``From`` and ``>``."""
    assert joined(" From here\n> > deeper", delete_space=False) == "From here\n> > deeper"


def test_only_what_says_that_it_flows_is_joined() -> None:
    """Elsewhere a space at the end means nothing."""
    head = b"From: e@x.example\nContent-Type: text/plain"
    assert parse(head + b"; format=flowed\n\none \ntwo\n").text == "one two"
    assert parse(head + b"\n\none \ntwo\n").text == "one\ntwo"


def test_half_a_million_lines_of_one_paragraph_are_joined_at_once() -> None:
    """The time grows with the length and not faster; the test's own limit would end it otherwise."""
    assert len(joined("a \n" * 500_000, delete_space=False)) == 1_000_001
