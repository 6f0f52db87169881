"""The HTML of a letter says what the text says, and does nothing."""

from __future__ import annotations

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.compose import html


class _Seen(HTMLParser):
    """Collects tags and text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Remember the words."""
        self.words += data


def test_blank_lines_make_paragraphs() -> None:
    """And single line ends stay line ends."""
    page = html.body("one\ntwo\n\nthree", links=False)
    assert page.count("<p ") == 2
    assert "one<br>\ntwo" in page


def test_quoted_lines_are_one_block_without_their_marks() -> None:
    """The blank line inside belongs to it."""
    page = html.body("Hello\n\n> first\n>\n> second\n\nend", links=False)
    assert page.count("<blockquote") == 1
    assert "first<br>\n<br>\nsecond</blockquote>" in page


def test_the_last_signature_mark_begins_the_small_footer() -> None:
    """The mark itself is not shown."""
    page = html.body("Hello\n\n-- \nAnna\nMinta", links=False)
    assert f'<p style="{html.SMALL}">Anna<br>\nMinta</p>' in page
    assert "-- " not in page


def test_our_own_links_can_be_clicked_and_quoted_ones_not() -> None:
    """A URL ends before the punctuation behind it."""
    page = html.body('see https://minta.example/a?b=1&c="x".\n\n> http://evil.example', links=True)
    assert '<a href="https://minta.example/a?b=1&amp;c=">https://minta.example/a?b=1&amp;c=</a>' in page
    assert 'href="http://evil' not in page


def test_no_links_where_strangers_words_are_shown() -> None:
    """Letters to staff hold nothing to click."""
    assert "<a " not in html.body("http://evil.example", links=False)


def test_indents_survive() -> None:
    """Small tables are drawn with spaces."""
    assert "a&nbsp; &nbsp; b" in html.body("a    b", links=False)
    assert "a&nbsp; &nbsp; b" in html.body("> a    b", links=False)


@given(st.text(alphabet=st.sampled_from("<>&\"' \n-#>ab/=:.htps"), max_size=200), st.booleans())
def test_nothing_but_our_own_tags(words: str, links: bool) -> None:
    """Whatever the words are, they come out as words."""
    seen = _Seen()
    seen.feed(html.body(words, links=links))
    assert seen.tags <= {"p", "br", "blockquote", "a"}
