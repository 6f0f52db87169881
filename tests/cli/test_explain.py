"""`helpdesk explain` shows the whole way of mails, for programs and for people."""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from helpdesk.errors import ConfigError, UsageError
from tests.builders import raw_mail
from tests.cli.conftest import Type

BOUNCE = b"""\
From: MAILER-DAEMON@mail.kunde.example
To: support@minta.example
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

The mail could not be delivered.

--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.kunde.example

Final-Recipient: rfc822; nobody@kunde.example
Action: failed
Status: 5.1.1

--b--
"""


@pytest.fixture
def mails(tmp_path: Path) -> Path:
    """Three mails, one of which is none."""
    folder = tmp_path / "mails"
    folder.mkdir()
    for name, raw in (("a", raw_mail(1)), ("b", b""), ("c", BOUNCE)):
        (folder / f"{name}.eml").write_bytes(raw)
    return folder


def test_json_is_one_object_a_line_in_the_order_given(type_: Type, mails: Path) -> None:
    """Exit 0, also for what no mail can be made of."""
    result = type_("explain", "--json", mails / "c.eml", mails, at=None)
    found = [json.loads(line) for line in result.output.splitlines()]
    assert result.exit_code == 0
    assert [Path(each["file"]).name for each in found] == ["c.eml", "a.eml", "b.eml", "c.eml"]
    assert [each["kind"] for each in found] == ["bounce", "ticket", "invalid", "bounce"]
    assert found[0]["bounced"] == [{"address": "nobody@kunde.example", "status": "5.1.1", "permanent": True}]


def test_the_file_is_named_as_it_was_given(type_: Type, mails: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that asks must find its answer again."""
    monkeypatch.chdir(mails)
    result = type_("explain", "--json", "./a.eml", "../mails//a.eml", at=None)
    assert [json.loads(line)["file"] for line in result.output.splitlines()] == ["./a.eml", "../mails//a.eml"]


def test_a_mail_on_standard_input_is_explained(type_: Type) -> None:
    """Its name is a dash."""
    assert json.loads(type_("explain", "--json", "-", stdin=raw_mail(7)).output)["subject"] == "Printer 7"


def test_an_mbox_and_a_maildir_are_explained(type_: Type, tmp_path: Path) -> None:
    """Each mail on its line."""
    (tmp_path / "box").write_bytes(b"From a@b.example Mon Mar  2 09:00:00 2026\nFrom: a@b.example\n\nHello\n\n" * 2)
    for part in ("cur", "new", "tmp"):
        (tmp_path / "dir" / part).mkdir(parents=True)
    (tmp_path / "dir" / "new" / "1772442000.M1.host").write_bytes(raw_mail(1))
    result = type_("explain", "--json", tmp_path / "box", tmp_path / "dir", at=None)
    names = [f"{tmp_path}/box#1", f"{tmp_path}/box#2", f"{tmp_path}/dir/new/1772442000.M1.host"]
    assert [json.loads(line)["file"] for line in result.output.splitlines()] == names


def columns(line: str) -> int:
    """How wide a line is on a terminal."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in line)


def test_people_read_it_in_80_columns(type_: Type, tmp_path: Path) -> None:
    """Everything that is known of the mail, and its new words."""
    raw = raw_mail(
        1, text="The printer is broken and we need it. " * 10, to="support@minta.example, " * 9 + "x@y.example"
    )
    (tmp_path / "a.eml").write_bytes(raw)
    result = type_("explain", tmp_path / "a.eml")
    assert result.exit_code == 0
    assert max(map(columns, result.output.splitlines()[1:])) <= 80
    for words in (
        "ticket, accept",
        "Nagy Éva <eva@customer.test>",
        "Printer 1",
        "language  en",
        "acknowledgement to eva",
    ):
        assert words in result.output


def test_people_read_why_it_is_no_mail_and_who_did_not_get_one(type_: Type, mails: Path) -> None:
    """One sentence is enough."""
    output = type_("explain", mails / "b.eml", mails / "c.eml", at=None).output
    assert "b.eml: invalid, hold\n  error     The mail is empty.\n" in output
    assert "  bounced   nobody@kunde.example, 5.1.1, for good\n" in output


def test_words_of_a_mail_cannot_steer_the_terminal(type_: Type, tmp_path: Path) -> None:
    """Nor fake a line of ours."""
    (tmp_path / "a.eml").write_bytes(raw_mail(1, text="\x1b]0;x\x07\x1b[2J\u202e  ticket    HD-1"))
    output = type_("explain", tmp_path / "a.eml").output
    assert not {"\x1b", "\x07", "\u202e"} & set(output)


def test_a_file_that_is_not_there_is_told(type_: Type, mails: Path) -> None:
    """Before anything is printed."""
    result = type_("explain", mails / "a.eml", mails / "gone.eml")
    assert isinstance(result.exception, UsageError)
    assert result.output == ""


def test_a_folder_that_is_no_site_is_told(type_: Type, mails: Path) -> None:
    """Who names one wants it to be used."""
    assert isinstance(type_("explain", mails, at=mails).exception, ConfigError)


def test_it_ends_quietly_when_the_reader_has_seen_enough(mails: Path) -> None:
    """As in ``helpdesk explain FILES | head -1``."""
    (mails / "d.mbox").write_bytes(b"From a@b.example Mon Mar  2 09:00:00 2026\nFrom: a@b.example\n\nHello\n\n" * 500)
    command = [sys.executable, "-m", "helpdesk", "explain", "--json", str(mails / "d.mbox")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=mails) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        assert json.loads(running.stdout.readline())["kind"] == "ticket"
        running.stdout.close()
        assert running.stderr.read() == b""
