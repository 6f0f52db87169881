"""Of a mail that is HTML only the quoted mail goes, as each program marks it; answers inside it stay."""

from __future__ import annotations

import pytest

from helpdesk.mail import html, html_quotes

OLD = "<div>Please try again.</div>"


def new_words(markup: str, *, answers: bool = True) -> str:
    """Of a mail that is this HTML, and answers another one."""
    return html_quotes.new_words(*html.reading(markup), answers=answers)


PROGRAMS = [
    (
        "gmail",
        f'<div class="gmail_quote"><div class="gmail_attr">On Mon, Minta wrote:<br></div>'
        f'<blockquote class="gmail_quote">{OLD}</blockquote></div>',
    ),
    (
        "gmail old",
        f'<div class="gmail_extra"><div class="gmail_quote">On Mon, Minta wrote:<blockquote>'
        f"{OLD}</blockquote></div></div>",
    ),
    (
        "apple",
        f'<div><br><blockquote type="cite"><div>On 2 Mar 2026, at 9:00, Minta &lt;s@x.example&gt; '
        f"wrote:</div>{OLD}</blockquote></div>",
    ),
    ("outlook web", f'<div id="appendonsend"></div><hr><div id="divRplyFwdMsg"><b>From:</b> Minta</div>{OLD}'),
    (
        "outlook desktop",
        f'<div style="border-top:solid #E1E1E1 1.0pt"><p><b>From:</b> Minta '
        f"&lt;s@x.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Éva<br><b>Subject:</b> "
        f"Printer</p></div>{OLD}",
    ),
    (
        "outlook mobile",
        f'<div id="ms-outlook-mobile-body-separator-line"></div><div '
        f'id="mail-editor-reference-message-container">{OLD}</div>',
    ),
    ("hotmail", f'<hr id="stopSpelling">Date: Mon<br>{OLD}'),
    (
        "thunderbird",
        f'<div class="moz-cite-prefix">On 02.03.26 09:00, Minta wrote:<br></div><blockquote '
        f'type="cite">{OLD}</blockquote>',
    ),
    ("yahoo", f'<div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, Minta wrote:</div>{OLD}</div>'),
    ("gmx", f'<div name="quote" style="margin:10px 5px"><div>Gesendet: Montag</div>{OLD}</div>'),
    (
        "proton",
        f'<div class="protonmail_quote">On Monday, Minta wrote:<br><blockquote '
        f'class="protonmail_quote" type="cite">{OLD}</blockquote></div>',
    ),
    ("zoho", f'<div class="zmail_extra">---- On Mon, Minta wrote ----{OLD}</div>'),
    ("nothing marked", f"<p>On Mon, 2 Mar 2026 at 9:00, Minta &lt;s@x.example&gt; wrote:</p>{OLD}"),
]


@pytest.mark.parametrize(("program", "history"), PROGRAMS, ids=[program for program, _ in PROGRAMS])
def test_the_quoted_mail_goes(program: str, history: str) -> None:
    """Each program marks it in its own way, or not at all."""
    assert new_words(f"<html><body><div>It works now.</div>{history}</body></html>") == "It works now.", program


def test_answers_between_quoted_paragraphs_stay() -> None:
    """Gmail wraps everything, answers too, into its quotation."""
    quotation = "<blockquote>Which?</blockquote><div>The red one.</div><blockquote>Room?</blockquote>"
    markup = f'<div class="gmail_quote">On Mon, 2 Mar 2026, Minta &lt;s@x.example&gt; wrote:{quotation}</div>'
    assert new_words(f"<div>See below.</div>{markup}") == "See below.\nThe red one."


def test_a_mail_that_is_only_a_quotation_is_not_empty() -> None:
    """Better too much than nothing."""
    assert new_words(f'<blockquote type="cite">{OLD}</blockquote>') == "Please try again."


def test_a_signature_goes_unless_it_is_all_there_is() -> None:
    """Gmail and Outlook mark it."""
    assert new_words('<div>It works.</div><div class="gmail_signature">Éva</div>') == "It works."
    assert new_words('<div class="gmail_signature">Éva</div>') == "Éva"


def test_our_marker_cuts_in_html_too() -> None:
    """Whatever the program did around our letter."""
    assert new_words("<p>Done.</p><p>Minta wrote:</p><p>##- Write above this line -##</p><p>secret</p>").startswith(
        "Done."
    )
    assert "secret" not in new_words("<p>Done.</p><p>##- Write above this line -##</p><p>secret</p>")


@pytest.mark.parametrize(
    "markup",
    [
        "<p>It works.</p><blockquote>Try again.</blockquote>",
        "<p>It works.</p><p>On 2 March Anna wrote:</p><blockquote>Try again.</blockquote>",
        "<div>It works.<blockquote>Anna wrote:<br>Try again.</blockquote></div>",
    ],
)
def test_a_plain_quotation_at_the_end_goes(markup: str) -> None:
    """Not every program says that it quotes."""
    assert new_words(markup) == "It works."


def test_what_the_writer_announces_with_a_colon_is_his() -> None:
    """Editors indent with the same element."""
    assert new_words("<p>It says:</p><blockquote>Error 42</blockquote>") == "It says:\n\nError 42"
    assert "Error 42" in new_words("<p>It says</p><blockquote>Error 42</blockquote><p>What is that?</p>")


def test_in_a_first_mail_a_plain_quotation_is_the_writers_own() -> None:
    """Nobody wrote before him; only below an attribution it is not his."""
    card = "<p>Please print this text on the card.</p><blockquote>To my dear mother</blockquote>"
    assert "To my dear mother" in new_words(card, answers=False)
    told = "<p>It works.</p><p>On 2 March Anna wrote:</p><blockquote>Try again.</blockquote>"
    assert new_words(told, answers=False) == "It works."


def test_below_a_drawn_line_stands_what_the_writer_wants() -> None:
    """A line between two questions, or above a table."""
    assert "Second" in new_words("<p>First question</p><hr><p>Second question<br>Third question</p>")
