"""What comes from outside is tame before it stands in a letter of ours."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.compose import text


@pytest.mark.parametrize(
    ("subject", "left"),
    [
        ("Nem megy a nyomtató", "Nem megy a nyomtató"),
        ("Re: AW: RE[2]: printer", "printer"),
        ("Vá: nyomtató", "nyomtató"),
        ("[HD-1] printer [hd-22] (HD-3)", "printer"),
        ("[HD-99999999999999999999] x", "x"),
        ("  two \r\n lines\t", "two lines"),
        ("\u200b\u202e", ""),
        ("Respect: a song", "Respect: a song"),
    ],
)
def test_bare_subject(subject: str, left: str) -> None:
    """Reply prefixes and tags of our form go, whoever wrote them; all else stays, on one line."""
    assert text.bare_subject(subject, "HD") == left


@pytest.mark.parametrize(
    ("line", "left"),
    [
        ("win at http://evil.example/x?y=1 now", "win at now"),
        ("see HTTPS://EVIL.EXAMPLE", "see"),
        ("www.evil.example", ""),
        ("evil.example/path here", "here"),
        ("mail boss@evil.example today", "mail today"),
        ("mailto:boss@evil.example", ""),
        ("<a href='http://evil.example'>x</a>", "a href=' >x</a"),
        ("xn--80ak6aa92e.com pay", "pay"),
        ("пример.рф привет", "привет"),
        ("report.pdf and data.XLSX", "report.pdf and data.XLSX"),
        ("error in app.exe version 1.2.3", "error in app.exe version 1.2.3"),
        ("evil.exe/download", ""),
        ("[URGENT] printer <b> --", "[URGENT] printer <b> --"),
        ("[URGENT] see <http://evil.example> (www.evil.example) -", "[URGENT] see"),
        ("javascript:alert(1) x", "javascript:alert(1) x"),
    ],
)
def test_without_links(line: str, left: str) -> None:
    """No mail program finds anything to click in what is left; names of files stay."""
    assert text.without_links(line) == left


@pytest.mark.parametrize(
    ("name", "greeted"),
    [
        ("Nagy Éva", "Nagy Éva"),
        ("Dr. Kovács-Nagy Anna", "Dr. Kovács-Nagy Anna"),
        ("Мария О'Нил", "Мария О'Нил"),
        ("Call 0900 123", ""),
        ("visit evil.example", ""),
        ("a@b.example", ""),
        ("<b>Eve</b>", ""),
        ("x" * 60, ""),
        (None, ""),
    ],
)
def test_nobody_is_greeted_by_anything_but_a_name(name: str | None, greeted: str) -> None:
    """Whoever writes to us cannot put words into our mouth."""
    assert text.greeted(name) == greeted


MAC = "abcdefghijklmnop"


@pytest.mark.parametrize(
    ("words", "left"),
    [
        (f"write to support+a.1042.3.{MAC}@helpdesk.test please", "write to PLAIN please"),
        (f"<a.1042.3.{MAC}@tickets.test>", "PLAIN"),
        (f"id <a.1042.3.0f0f0f0f.{MAC}@helpdesk.test>, ok", "id PLAIN, ok"),
        (f"SUPPORT+H.7.3.{MAC.upper()}@HELPDESK.TEST", "PLAIN"),
        (f"bare a.1.2.{MAC}", "bare PLAIN"),
        (f"two a.1.2.{MAC} a.1.3.{MAC}", "two PLAIN PLAIN"),
        (f"support+t.1042.{MAC}@helpdesk.test", f"support+t.1042.{MAC}@helpdesk.test"),
        ("chapter a.1.2.short", "chapter a.1.2.short"),
    ],
)
def test_tokens_of_staff_never_leave(words: str, left: str) -> None:
    """Reply addresses and Message-IDs that prove a staff member are replaced; a customer's own token may stay."""
    assert text.without_tokens(words, "PLAIN") == left


@given(st.text(max_size=300))
def test_a_cut_line_is_never_longer(line: str) -> None:
    """Whatever it is made of."""
    assert len(text.shortened(line)) <= text.SUBJECT_CHARACTERS


@given(st.text(max_size=300))
def test_a_display_name_has_no_second_address(name: str) -> None:
    """No angle brackets, no quotes, no line ends."""
    assert not set(text.display_name(name)) & set('<>"\\\r\n\0')
