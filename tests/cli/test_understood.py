"""What `helpdesk explain` shows of one mail: golden at 80 columns, in colour only on a terminal."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.builders import raw_mail
from tests.cli.conftest import MAILBOX, Type, write_site
from tests.cli.shell import typed

HISTORY = "\n".join(f"> line {number} of the letter that is answered" for number in range(1, 41))
MAIL = f"""\
Authentication-Results: mx.minta.example; dkim=pass header.d=kunde.example;
 spf=pass smtp.mailfrom=eva@kunde.example; dmarc=pass header.from=kunde.example
Received: from out.kunde.example ([198.51.100.7]) by mx.minta.example; Mon, 2 Mar 2026 09:00:02 +0100
Authentication-Results: elsewhere.example; dmarc=fail header.from=kunde.example
From: =?utf-8?q?=C3=89va_Nagy?= <eva@kunde.example>
To: support@minta.example
Subject: Re: The printer does not print
Date: Mon, 2 Mar 2026 09:00:00 +0100
Message-ID: <1@kunde.example>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain; charset=utf-8

It still does not print, although I pulled out the sheet that was stuck in it.

--\x20
Éva Nagy
Kunde Ltd.

Sent from my iPhone

On Mon, 2 Mar 2026 at 08:00, Support <support@minta.example> wrote:
{HISTORY}

--b
Content-Type: application/ms-tnef; name=winmail.dat

abcd
--b--
"""
GOLDEN = """\
mail.eml: ticket, accept
  from      Éva Nagy <eva@kunde.example>
  to        support@minta.example
  subject   Re: The printer does not print
  date      2026-03-02 09:00:00+01:00
  language  en
  attached  Outlook's winmail.dat (application/ms-tnef, 4 bytes): kept, not
            opened
  accept    auto_reply: no sign of a machine
  checked   pass: mx.minta.example vouches for kunde.example
            mx.minta.example: dkim pass (kunde.example), spf pass
            (eva@kunde.example), dmarc pass (kunde.example)
            elsewhere.example, not believed: dmarc fail (kunde.example)
  change    open ticket: mailbox support
  change    keep message: customer, matched by nothing
  letter    acknowledgement to eva@kunde.example
  letter    new ticket to anna@minta.example

  | It still does not print, although I pulled out the sheet that was stuck in
  | it.
  left out: signature
  : --
  : Éva Nagy
  : Kunde Ltd.
  left out: footer
  : Sent from my iPhone
  left out: quote
  : On Mon, 2 Mar 2026 at 08:00, Support <support@minta.example> wrote:
  : > line 1 of the letter that is answered
  : > line 2 of the letter that is answered
  : ... 38 more lines; --full shows them

"""


@pytest.fixture
def mail(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A mail in the current folder, and a site that knows the name of its mail server."""
    write_site(site)
    main = site / "helpdesk.toml"
    support = MAILBOX.format(name="support")
    named = support.replace("department =", 'authserv_id = "mx.minta.example"\ndepartment =')
    main.write_text(main.read_text(encoding="utf-8").replace(support, named), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    Path("mail.eml").write_bytes(MAIL.encode())
    return "mail.eml"


def on_screen(site: Path, mail: str, **environ: str) -> str:
    """What a terminal with colours gets."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("NO_COLOR", "FORCE_COLOR", "COLORTERM"):
            patch.delenv(name, raising=False)
        for name, value in {"TERM": "xterm", **environ}.items():
            patch.setenv(name, value)
        return typed("--site", str(site), "explain", mail, terminal=True, styles=True).out


def test_a_mail_is_shown_with_all_that_was_understood(type_: Type, mail: str) -> None:
    """The words, each cut with its name, whose check is believed, and what would happen."""
    assert type_("explain", mail).output == GOLDEN


def test_a_terminal_shows_the_same_words(site: Path, mail: str) -> None:
    """Colours are beside the words, never instead of them."""
    coloured = on_screen(site, mail)
    assert "\x1b[1;32maccept" in coloured
    assert re.sub("\x1b\\[[0-9;]*m", "", coloured) == GOLDEN


def test_what_was_cut_is_dim_on_a_terminal(site: Path, mail: str) -> None:
    """And the new words are not."""
    lines = on_screen(site, mail).splitlines()
    dim = [line for line in lines if line.startswith("\x1b[2m")]
    assert len(dim) == sum(line.startswith(("  left out", "  :")) for line in GOLDEN.splitlines())
    assert any(line.startswith("  | It still") for line in lines)


def test_no_colour_is_shown_where_none_is_wanted(site: Path, mail: str) -> None:
    """NO_COLOR leaves bold and dim, which are no colours."""
    assert set(re.findall("\x1b\\[([0-9;]*)m", on_screen(site, mail, NO_COLOR="1"))) <= {"0", "1", "2"}


def test_full_shows_every_line_that_was_cut(type_: Type, mail: str) -> None:
    """Nothing is counted instead."""
    output = type_("explain", "--full", mail).output
    assert "  : > line 40 of the letter" in output
    assert "more lines" not in output


def test_wide_letters_stay_within_80_columns(type_: Type, tmp_path: Path) -> None:
    """In the subject and in the words."""
    (tmp_path / "wide.eml").write_bytes(raw_mail(1, text="漢字" * 60).replace(b"Printer 1", "漢字".encode() * 60))
    lines = type_("explain", tmp_path / "wide.eml").output.splitlines()[1:]
    assert all(cell_len(line) <= 80 for line in lines)
    assert "".join(lines).count("漢") == 120


def test_json_names_what_was_cut(type_: Type, mail: str) -> None:
    """Kind and text of each, all of it."""
    cut = json.loads(type_("explain", "--json", mail).output)["cut"]
    assert [each["kind"] for each in cut] == ["signature", "footer", "quote"]
    assert cut[0]["text"] == "-- \nÉva Nagy\nKunde Ltd."
    assert cut[2]["text"].endswith(HISTORY)


def test_json_says_how_the_sender_was_checked(type_: Type, mail: str) -> None:
    """The server that is asked, the verdict with its reason, and what each server wrote."""
    found = json.loads(type_("explain", "--json", mail).output)["authentication"]
    assert (found["authserv_id"], found["verdict"], found["tampered"]) == ("mx.minta.example", "pass", False)
    assert [(check["server"], check["ours"]) for check in found["checks"]] == [
        ("mx.minta.example", True),
        ("elsewhere.example", False),
    ]
    assert found["checks"][1]["results"] == [{"method": "dmarc", "result": "fail", "about": "kunde.example"}]


def test_without_a_site_no_check_is_believed(type_: Type, mail: str) -> None:
    """And it is said why."""
    output = type_("explain", mail, at=None).output
    assert "  checked   unknown: no authserv_id is configured" in output
    assert "mx.minta.example, not believed: dkim pass" in output
