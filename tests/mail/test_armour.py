"""Of a mail that is signed in its text the words are read, not the signature."""

from __future__ import annotations

from helpdesk.mail.armour import END, SIGNATURE, SIGNED, without
from helpdesk.mail.quotes import new_words


def test_the_words_inside_are_what_was_written() -> None:
    """What stands above and below the armour stays as well."""
    mail = ["Hello,", SIGNED, "Hash: SHA512", "", "Yes.", SIGNATURE, "", "iHUE", END, "below"]
    assert without(mail) == ["Hello,", "Yes.", "below"]


def test_a_dash_that_was_escaped_is_one_again() -> None:
    """RFC 9580 7.1; so a signature line is found."""
    assert new_words("\n".join([SIGNED, "", "Yes.", "", "- -- ", "Eva", SIGNATURE, "x", END])) == "Yes."


def test_lines_without_armour_and_armour_without_an_end_lose_nothing() -> None:
    """Somebody may have cut the end."""
    assert without(["a", "", "- b"]) == ["a", "", "- b"]
    assert without([SIGNED, "", "Yes.", "No."]) == ["Yes.", "No."]
