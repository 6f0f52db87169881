"""Everything that is printed: tables, progress, JSON and the log; the only door to rich."""

from __future__ import annotations

import io
import shlex
import shutil
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

from rich.cells import cell_len
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from helpdesk.console.board import Board, Pane, Word
from helpdesk.console.log import LOG, event, problem, setup_log
from helpdesk.console.safe import as_json, plain
from helpdesk.console.terminal import WIDTH, terminal

__all__ = (
    "LOG",
    "WIDTH",
    "Board",
    "Pane",
    "Word",
    "agrees",
    "as_json",
    "ask",
    "bar",
    "event",
    "fail",
    "forgive_letters",
    "heading",
    "is_terminal",
    "json_out",
    "lines",
    "plain",
    "problem",
    "progress",
    "say",
    "setup_log",
    "table",
    "typed",
    "warn",
)

T = TypeVar("T")

# Columns of a table that do not give way: the name of what a row is about, what is read, and everything else.
NAME_COLUMNS, READING_COLUMNS, SHORT_COLUMNS = 30, 20, 8
GAP = 2  # spaces between two columns


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
    console = terminal(sys.stdout)
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
    terminal(sys.stdout).print(shown)


def json_out(value: object) -> None:
    """One JSON document on one line; times as ISO 8601."""
    sys.stdout.write(as_json(value) + "\n")


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
    terminal(stream).print(text, style=style, markup=False, highlight=False, soft_wrap=not stream.isatty())


def progress(items: Iterable[T], *, total: int | None = None, what: str = "mails") -> Iterator[T]:
    """The same items, with a bar on a terminal while they are worked on."""
    if not sys.stderr.isatty():
        yield from items
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=total)
        for item in items:
            yield item
            bar.advance(task)


@contextmanager
def bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; what it gives is called with how much is done, and of how much."""
    if not sys.stderr.isatty():
        yield lambda _done, _all: None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal(sys.stderr), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


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
        answer = terminal(sys.stdout).input(shown, markup=False)
    except EOFError as error:
        raise KeyboardInterrupt from error
    return answer.strip() or default


def agrees(question: str) -> bool:
    """Whether the person at the terminal says yes; anything else is a no."""
    return ask(f"{question} (y/n)", "n").lower() in ("y", "yes")
