"""The plain part is read where there is one, HTML where there is none, and nothing twice."""

from __future__ import annotations

import pytest

from helpdesk.mail.limits import Limits
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


@pytest.mark.parametrize("words", ["👍", "?", "!!!", "…"])
def test_an_answer_without_a_letter_is_one(words: str) -> None:
    """A thumb says yes."""
    assert full("mixed", f"Content-Type: text/plain; charset=utf-8\n\n{words}\n") == (words, words)


def test_many_long_parts_are_read_as_far_as_they_can_be_shown() -> None:
    """Of all texts together; an alternative that is not read takes nothing from them."""
    limit = Limits(text_characters=30, html_characters=30)
    long = f"Content-Type: text/plain; charset=utf-8\n\n{'é' * 20}\n"
    raw = f"From: a@x.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n{long}--b\n{long}--b\n{long}--b--\n"
    assert parse(raw.encode(), limit).full_text == f"{'é' * 20}\n\n{'é' * 8}"


def test_a_text_longer_than_what_is_shown_keeps_its_character_set_and_its_identity() -> None:
    """It is cut before it is decoded; two mails that differ only behind the cut are still two."""
    limit = Limits(text_characters=10)
    first, second = (parse(f"From: a@x.example\n\n{'őé' * 99}{end}".encode(), limit) for end in "xy")
    assert first.full_text == second.full_text == "őé" * 5
    assert first.content_hash != second.content_hash
    assert first.size == second.size


def test_words_behind_a_large_picture_in_the_html_are_read() -> None:
    """The picture counts for nothing."""
    page = f"<p>Hello<img src='data:image/png;base64,{'A' * 5_000}'> Éva</p>"
    raw = f"From: a@x.example\nContent-Type: text/html; charset=utf-8\n\n{page}".encode()
    assert parse(raw, Limits(html_characters=100)).full_text == "Hello Éva"
