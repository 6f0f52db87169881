"""Lines above a quotation that are written by fewer people, or in a shape of their own."""

from __future__ import annotations

import pytest

from helpdesk.mail.introductions import BROKEN
from helpdesk.mail.quotes import history, new_words
from tests.quick import AT_ONCE, seconds

LONG = "Annamaria-Margareta von Hohenstein-Oberndorf"


@pytest.mark.parametrize(
    "line",
    [
        "Quoting Éva Kis <e@x.example>:",
        "Zitat von Éva Kis <e@x.example>:",
        "* Éva Kis <e@x.example> [2026-03-02 09:00]:",
        "Вы писали 2 марта 2026 г., 9:00:12:",
        "2026/03/02 9:00、田中のメール:",
        "02.03.2026, 09:00 von e@x.example:",
        "Às 09:00 de 02/03/2026, Inês escreveu:",
    ],
)
def test_what_few_programs_write_introduces_a_quotation(line: str) -> None:
    """Horde, Mutt as people set it up, The Bat!, Apple in Japanese, Tuta, Thunderbird in Portuguese."""
    assert new_words(f"Yes.\n\n{line}\n\n> Which one?\n") == "Yes."


@pytest.mark.parametrize(
    "line",
    [
        f"{LONG} <a@x.example>, 2\nMar 2026 Pzt, 09:00 tarihinde şunu yazdı:",
        f"luni, 2 martie 2026 la 09:00:00 EET, {LONG}\n<a@x.example> a scris:",
        f"maanantai 2. maaliskuuta 2026 klo 09.00.00 UTC+2 {LONG}\n<a@x.example> kirjoitti:",
        f"V V pon., 2. mar. 2026 ob 09:00 je oseba {LONG}\n<a@x.example> napisala:",
    ],
)
def test_a_long_line_is_cut_with_all_its_pieces(line: str) -> None:
    """A program breaks it where it becomes too long."""
    assert new_words(f"Yes.\n\n{line}\n\n> Which one?\n") == "Yes."


def test_below_a_drawn_line_quoted_fields_begin_the_history() -> None:
    """Czech portals mark the fields and not the words."""
    fields = "> Od: Minta <s@m.example>\n> Komu: e@x.example\n> Datum: 02.03.2026 09:00\n> Předmět: Tisk\n>"
    assert new_words(f"Ano.\n{'_' * 62}\n{fields}\nDobrý den,\n\nkterá?\n") == "Ano."


def test_the_words_of_a_mail_master_come_before_its_table() -> None:
    """NetEase draws the fields of the old mail."""
    table = "---- 回复的原邮件 ----\n| 发件人 | 李娜<l@m.example> |\n| 主题 | x |\n\n您好"
    assert new_words(f"好的。\n\n{table}\n") == "好的。"


def test_a_header_that_somebody_pasted_is_no_history() -> None:
    """He asks what is wrong with it; programs show their readers no Received."""
    header = "Received: from a by b\nFrom: a@x.example\nTo: b@x.example\nSubject: x"
    mail = f"Why does it come back?\n\n{header}\n\nCan you see it?"
    assert new_words(mail) == mail


@pytest.mark.parametrize("line", ["On wrote:", "On 2 a@b.example wrote:", "a <a@b.example>:"])
def test_many_lines_that_end_as_an_attribution_cost_little(line: str) -> None:
    """They are looked at while the database waits."""
    lines = [line] * (200_000 // len(line))
    assert seconds(lambda: [history(lines) for _ in range(10)]) < AT_ONCE


def test_an_attribution_is_found_behind_any_number_of_such_lines() -> None:
    """On one line; over several only behind as few as people write."""
    whole, broken = "On Mon, 2 Mar 2026 at 09:00, Éva <e@x.example> wrote:", "On 2 Mar 2026, Éva\n<e@x.example> wrote:"
    few, many = "\n".join(["<tag>"] * (BROKEN - 1)), "\n".join(["<tag>"] * (3 * BROKEN))
    for above, introduction in ((few, broken), (many, whole)):
        assert new_words(f"{above}\n{introduction}\n> old") == above
