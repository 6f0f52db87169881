"""Of a staff member's mail only what he wrote himself may reach a customer."""

from __future__ import annotations

import pytest

from helpdesk.desk.own_words import files, own_words
from helpdesk.mail.message import Attachment
from helpdesk.mail.quotes import new_words
from tests.builders import from_staff

LETTER = (
    "##- Please write your reply above this line -##\n\nTicket HD-1042 for Support\nStatus: new, owner: nobody yet\n"
    "* New person: knows the reply address\n\n> the customer's words\n\n-- \nReply to this mail\n\n#close"
)
OUTLOOK = f"From: Nagy Éva via HD-1042 <a@b.test>\nSent: Monday, March 2, 2026 9:00\nTo: Anna\nSubject: x\n\n{LETTER}"
QUOTED = "\n".join(f"> {line}" for line in LETTER.split("\n"))
GMAIL = f"On Mon, Mar 2, 2026 at 9:00 AM Nagy Éva <a@b.test> wrote:\n\n{QUOTED}"


@pytest.mark.parametrize("quoted", [OUTLOOK, GMAIL, QUOTED, LETTER, f"\n\n{OUTLOOK}", f"________________\n{OUTLOOK}"])
@pytest.mark.parametrize("words", ["", "Kész, próbálja ki.\n\nÜdv, Anna"])
def test_our_own_letter_is_never_among_the_words(quoted: str, words: str) -> None:
    """Not even when he wrote nothing at all and his mail holds nothing but the letter."""
    assert own_words(new_words(f"{words}\n\n{quoted}")) == words


def test_an_answer_between_quoted_lines_loses_the_quoted_lines() -> None:
    """Our letter holds flags and notes that the customer must not read."""
    inline = GMAIL.replace("> > the customer's words", "> > the customer's words\nIgen, jó.\n>")
    words = own_words(new_words(inline + "\n\nÜdv"))
    assert "Igen, jó." in words
    assert ">" not in words
    assert "New person" not in words


def test_an_answer_below_everything_is_found() -> None:
    """Some people write there."""
    assert own_words(new_words(f"{GMAIL}\n\nKész.")) == "Kész."


def test_pictures_of_a_signature_and_proofs_are_no_files() -> None:
    """An Outlook signature brings its logo along."""
    parts = [
        ("logo.png", "image/png", True),
        ("smime.p7s", "application/pkcs7-signature", False),
        ("a.pdf", "x/y", False),
    ]
    found = tuple(Attachment(name=n, type=t, size=1, position=i, inline=x) for i, (n, t, x) in enumerate(parts))
    assert [part.name for part in files(from_staff(attachments=found))] == ["a.pdf"]
