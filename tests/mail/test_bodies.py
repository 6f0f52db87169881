"""The plain part is read where there is one, HTML where there is none, and nothing twice."""

from __future__ import annotations

import pytest

from helpdesk.mail.parse import parse

PLAIN = "Content-Type: text/plain; charset=utf-8\n\nHello Éva\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n<p>Hello <b>Éva</b></p>\n"
EMPTY = "Content-Type: text/plain\n\n \n"
FOOTER = "Content-Type: text/plain\n\n____________________\nusers mailing list\nhttps://x.example/listinfo/users\n"


def full(kind: str, *parts: str) -> tuple[str, str | None]:
    """Everything readable, and the new words, of a multipart mail."""
    body = "".join(f"--b\n{part}" for part in parts)
    mail = parse(f"From: a@x.example\nContent-Type: multipart/{kind}; boundary=b\n\n{body}--b--\n".encode())
    return mail.full_text, mail.text


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("alternative", (PLAIN, HTML), "Hello Éva"),
        ("alternative", (EMPTY, HTML), "Hello Éva"),
        ("alternative", (HTML,), "Hello Éva"),
        ("mixed", (PLAIN, HTML), "Hello Éva"),
        ("mixed", (PLAIN, PLAIN), "Hello Éva\n\nHello Éva"),
    ],
)
def test_the_words_are_read_once_and_from_the_best_part(kind: str, parts: tuple[str, ...], expected: str) -> None:
    """Alternatives say the same; so does HTML that begins with the same letters."""
    assert full(kind, *parts)[0] == expected


def test_a_footer_that_a_list_added_as_text_does_not_hide_the_html() -> None:
    """The HTML is the mail, although there is a text part."""
    everything, new = full("mixed", HTML, FOOTER)
    assert "Hello Éva" in everything
    assert new == "Hello Éva"
