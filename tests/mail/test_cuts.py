"""The whole text of a mail in named parts: nothing is lost, nothing said twice, and each cut has its name."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.mail.cuts import segments
from helpdesk.mail.marker import END, MARKER
from helpdesk.mail.message import Segment
from helpdesk.mail.parse import parse
from helpdesk.mail.quotes import READ, new_words

FILES = sorted((Path(__file__).parents[1] / "corpus").glob("*.eml"))
ATTRIBUTION = "On Mon, 2 Mar 2026 at 09:00, Anna <anna@helpdesk.test> wrote:"
OUTLOOK = "From: Anna\nSent: Monday\nTo: Eva\nSubject: Printer\n\nWhich printer?\n-- \nAnna"
DISCLAIMER = "This e-mail is confidential and intended for the addressee only."
BLOCKS = (
    "Hello,", "It does not print.", "", "-- ", "Éva", ATTRIBUTION, "> Which printer?", ">> None.", "   ", "On 1:", "|",
    f"{MARKER}Write above{END}", "_______________________", "users mailing list", DISCLAIMER, OUTLOOK,
    "Sent from my iPhone",
)  # fmt: skip


def cut(full: str) -> list[tuple[str, str]]:
    """Kinds and words of what is not kept."""
    return [(part.kind, part.text.strip()) for part in segments(full, new_words(full)) if not part.kept]


def lines(text: str) -> list[str]:
    """Without blank ones, and without the blanks at their ends."""
    return [" ".join(line.split()) for line in text.split("\n") if line.strip()]


def whole(parts: tuple[Segment, ...], full: str, new: str) -> bool:
    """Whether the parts together are the text, and those that are kept the new words."""
    kept = "\n".join(part.text for part in parts if part.kept)
    return "".join(part.text for part in parts) == full and lines(kept) == lines(new)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_the_parts_of_every_odd_mail_are_its_text(file: Path) -> None:
    """None is lost, and the words are those that would stand in a ticket."""
    mail = parse(file.read_bytes(), with_html=True)
    assert whole(mail.segments, mail.full_text, mail.text)


@given(st.lists(st.sampled_from(BLOCKS) | st.text(max_size=20), max_size=25).map("\n".join))
def test_the_parts_of_any_text_are_the_text(full: str) -> None:
    """Whatever stands below, above and between."""
    new = new_words(full)
    assert whole(segments(full, new), full, new)


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        (f"{ATTRIBUTION}\n> Which?", [("quote", f"{ATTRIBUTION}\n> Which?")]),
        (OUTLOOK, [("quote", OUTLOOK)]),
        ("-- \nÉva Nagy", [("signature", "-- \nÉva Nagy")]),
        ("Sent from my iPhone", [("footer", "Sent from my iPhone")]),
        (f"-- \nÉva\n\n{DISCLAIMER}", [("signature", "-- \nÉva"), ("footer", DISCLAIMER)]),
        (f"-- \nÉva\n\n{ATTRIBUTION}\n> A", [("signature", "-- \nÉva"), ("quote", f"{ATTRIBUTION}\n> A")]),
        (f"{ATTRIBUTION}\n> A\n\n-- \nÉva", [("quote", f"{ATTRIBUTION}\n> A"), ("signature", "-- \nÉva")]),
        (f"> {MARKER}Above{END}\n> Which?", [("notification", f"> {MARKER}Above{END}\n> Which?")]),
    ],
)
def test_what_is_cut_below_the_words_has_a_name(below: str, expected: list[tuple[str, str]]) -> None:
    """The one that a reader would give it."""
    assert cut(f"It does not print.\n\n{below}") == expected


def test_what_is_answered_stays_with_the_answer() -> None:
    """Quoted lines between own words are no cut; what introduces them is one."""
    full = f"{ATTRIBUTION}\n> Which?\nThe big one.\n> Since when?\nMonday.\n\n-- \nÉva"
    assert cut(full) == [("quote", ATTRIBUTION), ("signature", "-- \nÉva")]


def test_words_that_stand_twice_are_not_torn_apart() -> None:
    """Those below the quotation were written now, although its first line is the same."""
    full = f"{ATTRIBUTION}\nHello,\n> Which?\nHello,\nthe big one."
    assert [part.kind for part in segments(full, "Hello,\nthe big one.")] == ["quote", "words"]


def test_a_known_part_has_its_own_name() -> None:
    """So a new kind of cut needs no line here."""
    parts = segments("Words\n\nBest regards,\nÉva\n-- \nX", "Words", [("closing", "Best regards,\nÉva")])
    assert [part.kind for part in parts] == ["words", "closing", "signature"]


def test_html_says_what_is_a_signature() -> None:
    """What its program marked as such; all else that was cut of it is quoted."""
    page = '<p>New words</p><div class="gmail_signature">Éva<br>Kunde</div><div class="gmail_quote">Old words</div>'
    parts = parse(f"From: a@b.example\nContent-Type: text/html\n\n{page}".encode(), with_html=True).segments
    found = [(part.kind, part.text.split()) for part in parts]
    assert found == [("words", ["New", "words"]), ("signature", ["Éva", "Kunde"]), ("quote", ["Old", "words"])]


def test_words_that_do_not_stand_in_the_text_are_not_guessed_at() -> None:
    """All of it is called unclear."""
    assert [part.kind for part in segments("one\ntwo", "three")] == ["unclear"]


def test_what_is_too_far_below_is_called_unread() -> None:
    """Nobody looked there for new words."""
    full = "Hello\n" + "x" * 79 + "\n> quoted" * READ
    assert [part.kind for part in segments(full, new_words(full))] == ["words", "quote", "unread"]


def test_only_explain_pays_for_it() -> None:
    """The daemon wants neither HTML nor the parts."""
    assert parse(FILES[0].read_bytes()).segments == ()
