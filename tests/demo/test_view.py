"""The live board shows the story, the tickets and the mails going by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

import pytest

from helpdesk.demo.accounts import Passed
from helpdesk.demo.scene import Result
from helpdesk.demo.stage import Stage
from helpdesk.demo.view import Lines, Live, who
from helpdesk.desk.ticket import Status

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MET = Result(scene="One", words="Éva has it", met=True, seconds=0.42)
MISSED = Result(scene="One", words="Béla has it", met=False, seconds=15, why="waited 15 seconds for it")
RAW = "From: Éva <eva@kunde.example>\r\nSubject: Szia [red]\x1b[31m\r\n\r\n".encode()


@dataclass(kw_only=True)
class FakeStage:
    """A stage with one ticket."""

    status: Status = Status.NEW

    def tickets(self) -> list[dict[str, Any]]:
        """As the store gives them."""
        row = {"number": 1001, "status": self.status, "department": "support", "owner": None}
        return [row | {"contact_name": "Fekete Éva", "contact": "eva@kunde.example", "subject": "Szia"}]


def passed(recipient: str, account: str | None) -> Passed:
    """One mail going by."""
    return Passed(at=NOW, sender="eva@kunde.example", recipient=recipient, account=account, raw=RAW)


def shown(capsys: pytest.CaptureFixture[str], *results: Result) -> str:
    """What the board says at its end."""
    with Live() as live:
        live.scene("One")
        for result in results:
            live.result(result)
        live.passed(passed("support@minta.example", "support@minta.example"))
        live.look(cast(Stage, FakeStage()))
    return capsys.readouterr().out


def test_the_board_shows_story_tickets_and_mails(capsys: pytest.CaptureFixture[str]) -> None:
    """One row each."""
    text = shown(capsys, MET)
    for words in ("▸", "✓ Éva has it  (0.4 s)", "HD-1001", "new", "Fekete Éva", "Ügyfélszolgálat"):
        assert words in text


def test_what_is_missing_says_why(capsys: pytest.CaptureFixture[str]) -> None:
    """Also on the board."""
    assert "✗ Béla has it – waited 15 seconds for it" in shown(capsys, MET, MISSED)


def test_the_words_of_a_mail_do_not_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither by control characters nor by rich's own markup."""
    text = shown(capsys, MET)
    assert "\x1b[31m" not in text
    assert "Szia [red]" in text


def test_lines_say_each_result(capsys: pytest.CaptureFixture[str]) -> None:
    """For pipes and logs."""
    lines = Lines()
    lines.scene("One")
    lines.result(MET)
    lines.result(MISSED)
    assert capsys.readouterr().out == ("One\n  ✓ Éva has it  (0.4 s)\n  ✗ Béla has it – waited 15 seconds for it\n")


@pytest.mark.parametrize(
    ("recipient", "account", "name"),
    [
        ("support+t.1.x@minta.example", "support@minta.example", "Ügyfélszolgálat"),
        ("bela@minta.example", "bela@minta.example", "Tóth Béla"),
        ("nobody@levelek.example", None, "nobody@levelek.example"),
    ],
)
def test_recipients_are_shown_by_name(recipient: str, account: str | None, name: str) -> None:
    """Whoever takes the mail; the address where nobody does."""
    assert who(passed(recipient, account)) == name
