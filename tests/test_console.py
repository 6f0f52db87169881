"""Everything that is printed is safe on a terminal, fits it, and can be read by programs."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import shlex
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from helpdesk import console

STEERING = set(map(chr, (*range(9), *range(11, 32), *range(127, 160)))) | set("\u2028\u2029\u202e\u2066\ud800")


class Screen(io.StringIO):
    """A terminal, as it is to a program."""

    def isatty(self) -> bool:
        """A person looks at it."""
        return True


@contextmanager
def screen() -> Iterator[Screen]:
    """Standard output is a terminal of 80 columns."""
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(Screen()) as out:
        patch.setenv("TERM", "dumb")
        yield out


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
    with screen() as out:
        console.table(("name", "subject", "reason"), rows)
    assert all(cell_len(line) <= console.WIDTH for line in out.getvalue().splitlines())


def test_nothing_in_a_table_is_cut() -> None:
    """The first column is whole, as it is typed again; what is too long for a terminal goes on below itself."""
    with screen() as out:
        console.table(("name", "login", "reason"), [("mailboxes.support.imap", "q" * 50, "word " * 40)])
    lines = out.getvalue().splitlines()
    assert lines[1].startswith("mailboxes.support.imap ")
    assert (out.getvalue().count("word"), out.getvalue().count("q")) == (40, 50)
    assert "…" not in out.getvalue()


def test_what_identifies_a_row_stays_in_one_piece() -> None:
    """Where nothing could be read beside it, what is read stands below its row; what is not there is not named."""
    address = "gabor.horvath@levelek.example"
    row = ("HD-1006", address, "2026-11-24 10:00 CET", "Kérdés a javításról", None)
    with screen() as out:
        console.table(("ticket", "to", "when", "subject", "reason"), [row])
    shown = [f"HD-1006  {address}  2026-11-24 10:00 CET", "    subject: Kérdés a javításról"]
    assert out.getvalue().splitlines()[1:] == shown


def test_columns_may_be_named_that_go_below() -> None:
    """On a terminal that is too narrow only."""
    columns, time = ("letter", "to", "next try", "subject"), "2026-11-24 10:00 CET"
    with screen() as out:
        for address in ("eva@customer.test", f"eva@{'customer' * 6}.test"):
            console.table(columns, [("7", address, time, "Printer")], below=columns[2:])
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines[1] == f"7       eva@customer.test  {time}  Printer"
    assert lines[3:] == [f"7       eva@{'customer' * 6}.test", f"    next try: {time}", "    subject: Printer"]


def test_a_row_of_a_table_is_one_line_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """However long it is, and without blanks behind it."""
    console.table(("name", "reason"), [("a", "word " * 40), ("bb", "漢字")])
    assert capsys.readouterr().out == f"name  reason\na     {'word ' * 40}".rstrip() + "\nbb    漢字\n"


def test_sentences_are_broken_at_blanks_on_a_terminal() -> None:
    """Not in the middle of a word."""
    with screen() as out:
        console.say("sentence " * 20)
        console.heading("sentence " * 20)
    assert all(cell_len(line) <= console.WIDTH for line in out.getvalue().splitlines())
    assert set(out.getvalue().split()) == {"sentence"}


def test_an_item_goes_on_below_its_words() -> None:
    """On a terminal; the head stands alone at the left."""
    with screen() as out:
        console.item("wrong   ", "word " * 30)
    first, *others = out.getvalue().splitlines()
    assert first.startswith("wrong   word")
    assert others
    assert all(line.startswith("        word") and cell_len(line) <= console.WIDTH for line in others)


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


def test_lines_are_broken_by_columns_not_letters() -> None:
    """A letter of Chinese takes two of them; a word that is too long for a line is broken, too."""
    lines = console.wrapped("漢" * 30 + " word " + "x" * 90, 40)
    assert all(cell_len(line) <= 40 for line in lines)
    assert sorted("".join(lines).replace(" ", "")) == sorted("漢" * 30 + "word" + "x" * 90)
    assert console.wrapped("", 40) == [""]


def test_a_listing_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """Its list is written as it comes, and the rest is asked for when the list is at its end."""
    items = [{"a": 1}, {"a": "\u2028"}]
    console.json_listing("found", iter(items), lambda: {"count": len(items)})
    out = capsys.readouterr().out
    assert json.loads(out) == {"found": items, "count": 2}
    assert out.count("\n") == 1


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


def test_progress_by_size_counts_the_items_beside_the_bar() -> None:
    """Where nobody knows how many there are, but how long they are together."""
    with pytest.MonkeyPatch.context() as patch, redirect_stderr(Screen()) as error:
        patch.setenv("TERM", "xterm")
        for _ in console.progress(["x" * 25] * 4, total=100, size=len):
            time.sleep(0.15)
    assert "1 mails" in error.getvalue()
    assert " 50 %" in error.getvalue()


@pytest.mark.parametrize(
    ("started", "typed"),
    [
        ("/opt/my helpdesk/bin/helpdesk", "'/opt/my helpdesk/bin/helpdesk'"),
        (".venv/bin/helpdesk", ".venv/bin/helpdesk"),
        ("/x/helpdesk/__main__.py", f"{shlex.quote(sys.executable)} -m helpdesk"),
    ],
)
def test_commands_are_told_as_the_program_was_started(
    monkeypatch: pytest.MonkeyPatch, started: str, typed: str
) -> None:
    """What is printed can be typed, wherever the program lies."""
    monkeypatch.setattr(sys, "argv", [started])
    assert console.typed() == typed


def test_a_program_on_the_path_is_told_by_its_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Nobody types its folder then."""
    program = tmp_path / "helpdesk"
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(sys, "argv", [str(program)])
    assert console.typed() == "helpdesk"
