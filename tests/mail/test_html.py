"""HTML of strangers does nothing when it is shown, and reads as the eye would read it."""

from __future__ import annotations

import pytest

from helpdesk.mail.html import sanitised, to_text
from helpdesk.mail.structure import without_data
from tests.quick import AT_ONCE, seconds


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<p onclick=alert(1)>x</p>",
        '<a href="javascript:alert(1)">x</a>',
        '<img src="http://evil.example/p.png">',
        '<iframe src="http://evil.example"></iframe>',
        '<link rel=stylesheet href="http://evil.example">',
        '<div style="background:url(http://evil.example)">x</div>',
        "<form action=http://evil.example><input></form>",
        '<svg><a xlink:href="javascript:alert(1)">x</a></svg>',
        '<a href="file:///etc/passwd">x</a>',
        "<style>@import 'http://evil.example'</style>",
        "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
        "<base href=http://evil.example>",
        '<meta http-equiv=refresh content="0;url=http://evil.example">',
        '<video src="http://evil.example/v">',
        "<!--[if IE]><script>alert(1)</script><![endif]-->",
    ],
)
def test_nothing_that_acts_or_loads_is_left(markup: str) -> None:
    """Scripts, handlers, pictures from elsewhere, forms, styles (C85)."""
    shown = sanitised(markup).lower()
    assert not any(
        word in shown
        for word in (
            "script",
            "onclick",
            "onerror",
            "evil.example/",
            "<img",
            "style",
            "url(",
            "file:",
            "<form",
            "<iframe",
        )
    )


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb"),
        ("a<br>b", "a\nb"),
        ("<div>a</div><div>b</div>", "a\nb"),
        ("<ul><li>a</li><li>b</li></ul>", "* a\n* b"),
        ("<b>a</b>&nbsp;&amp; b", "a & b"),
        ("<style>x</style><title>y</title>a", "a"),
        ("<p>a</p><p hidden>b</p>", "a"),
        ('<p>a</p><span style="font-size:0">b</span>', "a"),
        ('<p>a</p><p style="color:red; font-size: 0px !important">b<b>c</b></p>', "a"),
        ('<p>a</p><p style="font:0/0 a">b</p>', "a"),
        ('<p>a</p><p style="max-height:0px;overflow:hidden">b</p>', "a"),
        ('<p>a</p><p style="max-height:0">b</p>', "a"),
        ("", ""),
        ("plain words", "plain words"),
    ],
)
def test_text_reads_as_the_eye_would(markup: str, expected: str) -> None:
    """Line ends where they are seen, nothing that is hidden."""
    assert "\n".join(line.strip() for line in to_text(markup).split("\n")) == expected


def test_rows_of_a_table_stay_rows() -> None:
    """A table of an invoice can be read."""
    lines = to_text("<table><tr><td>Printer</td><td>100</td></tr><tr><td>Paper</td><td>5</td></tr></table>").split("\n")
    assert [line.split() for line in lines if line.strip()] == [["Printer", "100"], ["Paper", "5"]]


@pytest.mark.parametrize("depth", [150, 300, 2_000, 60_000])
def test_elements_nested_in_each_other_are_read_at_any_depth(depth: int) -> None:
    """Tree builders give up; the words are there all the same (C60)."""
    markup = "<div>" * depth + "words"
    assert to_text(markup).strip() == "words"
    sanitised(markup)


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        "&",
        "&#",
        "<!--",
        "<a b='",
        "<b><p>",
        "<script>",
        "<style>",
        "</p>",
        "<table><tr><td>",
        "<ul><li>a",
        "<br>",
        '<p style="',
        " ",
        "<x>",
    ],
)
def test_three_hundred_thousand_characters_of_anything_are_read_in_time(piece: str) -> None:
    """As much as is read of a mail; the test's own limit would end it."""
    markup = piece * (300_000 // len(piece))
    assert seconds(lambda: (to_text(markup), sanitised(markup))) < 4 * AT_ONCE


def test_pictures_written_into_the_html_are_left_out() -> None:
    """They take all the room that the words need."""
    assert without_data(b'<img src="data:image/png;base64,%b">words' % (b"A" * 5_000)) == b'<img src="">words'


@pytest.mark.parametrize(
    ("markup", "read"),
    [
        ('<td style="font-size:0px"><div style="font-size:13px">Invoice</div></td>', "Invoice"),
        ('<div style="font-size:0"><b>x</b><p style="font:bold 12px/14px Arial">Invoice</p>y</div>', "Invoice"),
        ('<div style="font-size:0">#close<span style="font-size:14px">Invoice</span>#note</div>', "Invoice"),
        ('<div style="font-size:0"><span style="font-size:small">Invoice</span></div>', "Invoice"),
        ('<div style="font-size:0"><p style="font-size:2em">#close</p></div>a', "a"),
        ('<div style="font-size:12px"><p style="font-size:0">#close</p>a</div>', "a"),
        ('<ul style="font-size:0"><li>#close</li></ul><p style="font:400 0/0 a">#note</p>a', "a"),
        ('<div style="max-height:0.5em">Invoice</div>', "Invoice"),
        ('<p style="opacity:0.5">Invoice</p>', "Invoice"),
        ('<p style="font-size:0.9em">Invoice</p>', "Invoice"),
        ('<p style="font-size:0;font-size:12px">Invoice</p>', "Invoice"),
        ('<p style="font-family:Arial">Invoice</p>', "Invoice"),
    ],
)
def test_what_has_a_size_of_its_own_is_read_and_nothing_else(markup: str, read: str) -> None:
    """Newsletters write cells without height around words that have one; commands between them stay hidden."""
    assert to_text(markup) == read
