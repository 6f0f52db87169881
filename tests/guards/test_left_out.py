"""An answer that stands between or below quoted lines is held, instead of being sent in part."""

from __future__ import annotations

import pytest

from helpdesk.desk import own_words
from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.guards import left_out
from helpdesk.mail.quotes import new_words
from tests.builders import ticket

QUOTED = "> ##- Please write your reply above this line -##\n>\n> Does it print?\n> And in colour?"
INLINE = (
    "Dear Eva, see below.\n\nOn 2 March 2026 at 9:00, Eva wrote:\n> ##- Please write above -##\n> Does it print?\n"
    "Yes, it does.\n> And in colour?\nNo."
)
BOTTOM = f"Dear Eva,\n\nOn 2 March 2026 at 9:00, Eva wrote:\n{QUOTED}\n\nIt prints, but in black only.\n"
TOP = f"It prints, but in black only.\n\nOn 2 March 2026 at 9:00, Eva wrote:\n{QUOTED}\n"


@pytest.mark.parametrize(
    ("full", "cut"),
    [
        (INLINE, "Yes, it does."),
        (BOTTOM, "It prints, but in black only."),
        (TOP, ""),
        (TOP + "\n-- \nAnna Kiss\nextension 12\n", ""),
        (TOP + "\nMinta Kft.\n", ""),
        ("It prints.", ""),
    ],
)
def test_what_would_be_left_out(full: str, cut: str) -> None:
    """Words between the quoted lines, and below them when they are more than what stands on top; no signature."""
    kept = full.partition("\n")[0]
    assert own_words.left_out(full, kept).startswith(cut)
    assert bool(own_words.left_out(full, kept)) is bool(cut)


@pytest.mark.parametrize(
    "full",
    [
        "Hello Eva,\non 2 March 2026 my colleague Anna wrote:\nwe come on Friday.\nThat was wrong, we come on Monday.",
        "enter these values:\nFrom: x\nTo: y\nSubject: z\nand press send. Then restart it.",
        "Your parcel left us.\nSent by DHL on Monday, number 4711",
        "Dear Eva,\n\nDisclaimer: prices are without VAT.\nThe new toner costs 50 EUR.",
        "Dear Eva,\n\nImportant notice: your contract ends in May.",
    ],
)
@pytest.mark.parametrize("quoted", ["", f"\n\nOn 2 March 2026 at 9:00, Eva wrote:\n{QUOTED}\n"])
def test_what_only_looks_like_history_or_a_footer_is_missed(full: str, quoted: str) -> None:
    """Either all of it is sent, or its author is asked."""
    mail = full + quoted
    kept = own_words.own_words(new_words(mail))
    assert kept == full or own_words.left_out(mail, kept)


def test_a_telephones_own_line_is_not_missed() -> None:
    """Nobody wrote it."""
    mail = f"It prints.\n\nSent from my iPhone\n\nOn 2 March 2026 at 9:00, Eva wrote:\n{QUOTED}\n"
    assert own_words.left_out(mail, own_words.own_words(new_words(mail))) == ""


@pytest.mark.parametrize(("missing", "held"), [("", False), (":)", False), ("No.", True)])
def test_held_when_words_are_left_out(missing: str, held: bool) -> None:
    """The author is asked to write above the quotation."""
    draft = Draft(text="Dear Eva,", ticket=ticket(), author="anna", left_out=missing)
    assert (left_out.check(draft, DraftFacts()) is not None) is held
