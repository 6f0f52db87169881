"""Everything that is printed is safe on a terminal, fits it, and can be read by programs."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk import console

STEERING = set(map(chr, (*range(9), *range(11, 32), *range(127, 160)))) | set("\u2028\u2029\u202e\u2066\ud800")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Where the log goes; afterwards it goes nowhere."""
    yield io.StringIO()
    for logger in (console.LOG, logging.getLogger()):
        logger.handlers[:] = [each for each in logger.handlers if not type(each).__module__.startswith("helpdesk")]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (3, "3"),
        ("Nagy Éva", "Nagy Éva"),
        ("\x1b[31mred", "\\x1b[31mred"),
        ("a\tb\nc", "a\tb\nc"),
        ("a\rb", "a\\x0db"),
        ("\u202eevil", "\\u202eevil"),
        ("\ud83d", "\\ud83d"),
        (dt.datetime(2026, 3, 2, 9, 5, tzinfo=dt.UTC), "2026-03-02 09:05"),
    ],
)
def test_what_could_steer_a_terminal_is_written_out(value: object, text: str) -> None:
    """Letters of all scripts stay letters."""
    assert console.plain(value) == text


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    """Neither in text nor in JSON, which reads as the same text."""
    assert not STEERING & set(console.plain(text))
    assert not STEERING & set(console.as_json(text))
    assert json.loads(console.as_json(text)) == text


@given(st.lists(st.tuples(st.text(max_size=60), st.text(max_size=200), st.text(max_size=200)), max_size=4))
def test_a_table_fits_80_columns(rows: list[tuple[str, str, str]]) -> None:
    """Whatever is in it; wide letters take two columns."""
    from contextlib import redirect_stdout

    from rich.cells import cell_len

    with redirect_stdout(io.StringIO()) as out:
        console.table(("name", "subject", "reason"), rows)
    assert all(cell_len(line) <= console.WIDTH for line in out.getvalue().splitlines())


def test_the_first_column_of_a_table_is_whole(capsys: pytest.CaptureFixture[str]) -> None:
    """It is what is typed again; the last one goes on below itself."""
    console.table(("name", "state", "reason"), [("mailboxes.support.imap", "x" * 50, "word " * 40)])
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].startswith("mailboxes.support.imap ")
    assert "\n".join(lines).count("word") == 40


def test_an_empty_table_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence."""
    console.table(("a",), [], empty="No tickets.")
    assert capsys.readouterr().out == "No tickets.\n"


@pytest.mark.parametrize("text", ["[bold]x[/bold]", ":smile:", "[link=http://x]y[/link]", "a" * 200])
def test_words_are_no_markup(capsys: pytest.CaptureFixture[str], text: str) -> None:
    """And a long line stays one, for those who copy it."""
    console.say(text)
    assert capsys.readouterr().out == f"{text}\n"


def test_json_knows_times(capsys: pytest.CaptureFixture[str]) -> None:
    """As ISO 8601; what else it does not know is text."""
    console.json_out({"at": dt.datetime(2026, 3, 2, tzinfo=dt.UTC), "path": ValueError("x")})
    assert json.loads(capsys.readouterr().out) == {"at": "2026-03-02T00:00:00+00:00", "path": "x"}


def test_complaints_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    """So that standard output can be read by a program."""
    console.fail("no\x1b")
    console.warn("note")
    assert tuple(capsys.readouterr()) == ("", "helpdesk: no\\x1b\nnote\n")


def test_a_log_line_is_json_elsewhere(log: io.StringIO) -> None:
    """An event and its fields; those without a value are left out, and none can pass for the event."""
    console.setup_log(stream=log)
    console.event("ticket opened", ticket=1042, mail=None, event="forged", words="a\nb")
    line = json.loads(log.getvalue())
    assert (line["event"], line["level"], line["ticket"], line["words"]) == ("ticket opened", "info", 1042, "a\nb")
    assert "mail" not in line
    assert log.getvalue().count("\n") == 1


def test_a_log_line_is_for_people_on_a_terminal(log: io.StringIO) -> None:
    """Words of a mail are quoted, and cannot fake a second line."""
    console.setup_log(human=True, stream=log)
    console.problem("mail held", sender="eva@customer.test", subject="x\n12:00:00 ticket opened y=1")
    (line,) = log.getvalue().splitlines()
    assert line[9:].startswith("WARNING mail held sender=eva@customer.test subject=")
    assert '"x\\\\n12:00:00 ticket opened y=1"' in line


def test_a_traceback_in_the_log_is_indented(log: io.StringIO) -> None:
    """The words of an error may come from outside."""
    console.setup_log(human=True, stream=log)
    try:
        message = "evil\n12:00:00 daemon stopped"
        raise ValueError(message)
    except ValueError as error:
        console.LOG.error("part failed", exc_info=error)
    assert [line for line in log.getvalue().splitlines()[1:] if not line.startswith("    ")] == []


def test_setting_up_the_log_twice_prints_once(log: io.StringIO) -> None:
    """The demo does so."""
    console.setup_log(stream=io.StringIO())
    console.setup_log(stream=log)
    console.event("daemon started")
    assert log.getvalue().count("daemon started") == 1


def test_progress_without_a_terminal_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    """The items come through as they are."""
    assert list(console.progress(iter([1, 2]), total=2)) == [1, 2]
    assert tuple(capsys.readouterr()) == ("", "")
