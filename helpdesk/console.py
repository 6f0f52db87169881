"""Everything that is printed: tables, progress, JSON and the log; the only door to rich."""

from __future__ import annotations

import datetime as dt
import io
import json
import logging
import re
import shlex
import shutil
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self, TextIO, TypeVar

from rich import box
from rich.cells import cell_len
from rich.console import Console, Group
from rich.live import Live
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

T = TypeVar("T")

LOG = logging.getLogger("helpdesk")
# Columns of a table that do not give way: the name of what a row is about, what is read, and everything else.
NAME_COLUMNS, READING_COLUMNS, SHORT_COLUMNS = 30, 20, 8
GAP = 2  # spaces between two columns
WIDTH = 80  # columns where there is no terminal that says otherwise
# Control characters, line separators, bidirectional overrides and halves of letters in the words of a mail could move
# a terminal's cursor, fake a line, lie about the order of words or fail to be printed at all.
_NOT_PRINTED = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f{_NOT_PRINTED}]")
_UNSAFE_IN_JSON = re.compile(f"[{_NOT_PRINTED}]")


def plain(value: object) -> str:
    """Text that is safe on a terminal: control characters are written out, None is a dash."""
    text = "–" if value is None else f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)
    return _UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 0x100 else _escaped(match), text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str | None = None, empty: str = "Nothing."
) -> None:
    """Rows under headings; ``empty`` where there are none. Nothing is cut, so that every word can be searched for.

    On a terminal a value that is too long goes on below itself; elsewhere a row is a line, as long as it must be.
    """
    found = [[plain(value).replace("\n", " ") for value in row] for row in rows]
    if not found:
        say(empty)
        return
    if not sys.stdout.isatty():
        _wide([columns, *found])
        return
    console = _console(sys.stdout)
    reading = {number for number, column in enumerate(columns) if column == "subject"} | {len(columns) - 1}
    shown = Table(title=title, box=None, pad_edge=False, header_style="bold")
    for number, width in enumerate(_widths([columns, *found], reading, console.width)):
        shown.add_column(columns[number], overflow="fold", width=width)
    for row in found:
        shown.add_row(*(Text(value) for value in row))
    console.print(shown)


def _wide(rows: Sequence[Sequence[str]]) -> None:
    """Each row on one line, the columns as wide as they need to be."""
    widths = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell) + GAP) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("".join(cells).rstrip() + "\n")


def _widths(rows: Sequence[Sequence[str]], reading: Collection[int], room: int) -> list[int]:
    """How wide the columns of a table are: what they need, or their least and a share of the room that is left."""
    needed = [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]
    least = [NAME_COLUMNS] + [READING_COLUMNS if n in reading else SHORT_COLUMNS for n in range(1, len(needed))]
    widths = [min(pair) for pair in zip(needed, least, strict=True)]
    left = room - GAP * (len(widths) - 1) - sum(widths)
    # Names first, then the narrowest; what goes on below itself can do with what remains.
    for number in sorted(range(len(widths)), key=lambda n: (n in reading, n > 0, needed[n])):
        more = max(min(needed[number] - widths[number], left), 0)
        widths[number] += more
        left -= more
    return widths


def lines(rows: Iterable[tuple[str, object, str]]) -> None:
    """Name, value and remark in three columns without headings; on a terminal a long value goes on below itself."""
    found = [(f"  {plain(name)}", plain(value), plain(remark)) for name, value, remark in rows]
    if not sys.stdout.isatty():
        _wide(found)
        return
    shown = Table.grid(padding=(0, 2, 0, 0), expand=True)
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold", ratio=1)
    shown.add_column(no_wrap=True)
    for name, value, remark in found:
        shown.add_row(Text(name), Text(value), Text(remark, "dim"))
    _console(sys.stdout).print(shown)


def json_out(value: object) -> None:
    """One JSON document on one line; times as ISO 8601."""
    sys.stdout.write(as_json(value) + "\n")


def as_json(value: object) -> str:
    """The text of `json_out`; safe on a terminal too, as JSON allows every letter to be written as a number."""
    return _UNSAFE_IN_JSON.sub(_escaped, json.dumps(value, ensure_ascii=False, default=_jsonable))


def _jsonable(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def say(text: str = "") -> None:
    """A line for the person who typed the command; control characters are made visible."""
    _print(sys.stdout, plain(text))


def heading(text: str) -> None:
    """A line that stands out: bold on a terminal, the same words elsewhere."""
    _print(sys.stdout, plain(text), style="bold")


def warn(text: str) -> None:
    """A line on standard error."""
    _print(sys.stderr, plain(text))


def fail(text: str) -> None:
    """Why a command could not do what it was asked."""
    _print(sys.stderr, f"helpdesk: {plain(text)}")


def _print(stream: TextIO, text: str, *, style: str | None = None) -> None:
    """On a terminal long lines go on below at a blank; elsewhere a line stays one, for programs that search it."""
    _console(stream).print(text, style=style, markup=False, highlight=False, soft_wrap=not stream.isatty())


def progress(items: Iterable[T], *, total: int | None = None, what: str = "mails") -> Iterator[T]:
    """The same items, with a bar on a terminal while they are worked on."""
    if not sys.stderr.isatty():
        yield from items
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_console(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=total)
        for item in items:
            yield item
            bar.advance(task)


def typed() -> str:
    """How this program was started, to be typed again: ``helpdesk`` where the shell finds it so, else its path."""
    name = Path(sys.argv[0])
    if name.name == "__main__.py":
        return f"{shlex.quote(sys.executable)} -m helpdesk"
    found = shutil.which(name.name)
    same = found is not None and Path(found).resolve() == name.resolve()
    return name.name if same else shlex.quote(str(name))


def is_terminal(stream: TextIO | None = None) -> bool:
    """Whether a person looks at the stream (standard output when none is named)."""
    return (stream or sys.stdout).isatty()


def forgive_letters() -> None:
    """Let a terminal that has no Cyrillic show numbers for it instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def ask(question: str, default: str) -> str:
    """What the person at the terminal answers; the default for an empty line, an interruption for none (Ctrl-D)."""
    shown = f"{question} [{default}]: " if default else f"{question}: "
    try:
        answer = _console(sys.stdout).input(shown, markup=False)
    except EOFError as error:
        raise KeyboardInterrupt from error
    return answer.strip() or default


def agrees(question: str) -> bool:
    """Whether the person at the terminal says yes; anything else is a no."""
    return ask(f"{question} (y/n)", "n").lower() in ("y", "yes")


def event(word: str, **fields: object) -> None:
    """One log line: an event word and its fields; ids and verdicts, never bodies."""
    LOG.info(word, extra={"fields": fields})


def problem(word: str, **fields: object) -> None:
    """A log line about something that is not as it should be."""
    LOG.warning(word, extra={"fields": fields})


def setup_log(*, human: bool | None = None, stream: TextIO | None = None) -> None:
    """Log to standard error: one line an event, for people on a terminal, as JSON elsewhere; others' warnings too."""
    target = stream or sys.stderr
    handler = _Handler(target)
    handler.setFormatter(_Human() if (target.isatty() if human is None else human) else _Json())
    root = logging.getLogger()
    for logger in (LOG, root):
        logger.handlers[:] = [each for each in logger.handlers if not isinstance(each, _Handler)]
        logger.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    root.setLevel(logging.WARNING)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that setting up twice does not print twice."""


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"time": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        # The fields cannot say another time, level or event.
        line = {**line, **_fields(record), **line}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return as_json(line)


class _Human(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = dt.datetime.fromtimestamp(record.created).astimezone()
        level = "" if record.levelno <= logging.INFO else f"{record.levelname} "
        words = " ".join(f"{key}={_quoted(value)}" for key, value in _fields(record).items())
        text = f"{moment:%H:%M:%S} {level}{_one_line(record.getMessage())} {words}".rstrip()
        if not record.exc_info:
            return text
        # Indented, so that words of a mail in an error cannot pass for a log line.
        trace = (f"    {plain(line)}" for line in self.formatException(record.exc_info).splitlines())
        return "\n".join((text, *trace))


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    return {key: value for key, value in getattr(record, "fields", {}).items() if value is not None}


def _quoted(value: object) -> str:
    text = _one_line(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[\s\"=]", text) else text


def _one_line(value: object) -> str:
    return plain(value).replace("\n", "\\n")


def _console(stream: TextIO) -> Console:
    # Made anew for each use: tests and pipes exchange the streams, and the terminal may have been resized.
    # Without emoji: ":smile:" in a mail stays what it is.
    return Console(file=stream, width=None if stream.isatty() else WIDTH, legacy_windows=False, emoji=False)


class Word(NamedTuple):
    """A word in a colour, for a `Pane`."""

    text: str
    style: str


@dataclass(frozen=True, kw_only=True)
class Pane:
    """Rows under a title; without ``columns`` there are no headings, the last column takes the room that is left."""

    title: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()


class Board:
    """Panes one above the other, redrawn in place on a terminal while the context is open; what was last stays."""

    def __init__(self) -> None:
        self._live = Live(console=_console(sys.stdout), auto_refresh=False, vertical_overflow="crop")

    def __enter__(self) -> Self:
        self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._live.stop()

    def show(self, panes: Iterable[Pane]) -> None:
        """Draw these instead of the ones before."""
        self._live.update(Group(*map(_panel, panes)), refresh=True)


def _panel(pane: Pane) -> Panel:
    grid = Table(box=None, pad_edge=False, expand=True, show_header=bool(pane.columns), header_style="dim")
    count = max((len(pane.columns), *map(len, pane.rows)))
    for number in range(count):
        heading = pane.columns[number] if pane.columns else ""
        grid.add_column(heading, no_wrap=True, overflow="ellipsis", ratio=1 if number == count - 1 else None)
    for row in pane.rows:
        grid.add_row(
            *(Text(plain(cell.text), cell.style) if isinstance(cell, Word) else Text(plain(cell)) for cell in row)
        )
    return Panel(grid, title=Text(pane.title), title_align="left", box=box.ROUNDED, border_style="dim")
