"""Everything that is printed: tables, progress, JSON and the log; the only door to rich."""

from __future__ import annotations

import io
import shlex
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from helpdesk.console.board import Board, Pane, Word
from helpdesk.console.log import LOG, event, problem, setup_log
from helpdesk.console.safe import as_json, plain
from helpdesk.console.tables import item, lines, table
from helpdesk.console.terminal import WIDTH, terminal
from helpdesk.console.words import counted

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
    "command",
    "counted",
    "decides",
    "event",
    "fail",
    "forgive_letters",
    "heading",
    "is_terminal",
    "item",
    "json_listing",
    "json_out",
    "lines",
    "plain",
    "problem",
    "progress",
    "say",
    "setup_log",
    "styled",
    "table",
    "typed",
    "warn",
    "wrapped",
)

T = TypeVar("T")
YES, NO = ("y", "yes"), ("n", "no")


def json_out(value: object) -> None:
    """One JSON document on one line; times as ISO 8601."""
    sys.stdout.write(as_json(value) + "\n")


def json_listing(name: str, items: Iterable[object], rest: Callable[[], Mapping[str, object]]) -> None:
    """One JSON object on one line whose list ``name`` is written item by item; what else is in it is asked for then."""
    sys.stdout.write(f"{{{as_json(name)}: [")
    for number, each in enumerate(items):
        sys.stdout.write(f"{', ' if number else ''}{as_json(each)}")
    sys.stdout.write(f"], {as_json(rest())[1:]}\n")


def say(text: str = "") -> None:
    """A line for the person who typed the command; control characters are made visible."""
    _print(sys.stdout, plain(text))


def heading(text: str) -> None:
    """A line that stands out: bold on a terminal, the same words elsewhere."""
    _print(sys.stdout, plain(text), style="bold")


def styled(*words: str | Word) -> None:
    """A line of words of which some have a style, on a terminal only; it is not broken."""
    shown = Text.assemble(
        *(Text(plain(each.text), each.style) if isinstance(each, Word) else plain(each) for each in words)
    )
    terminal(sys.stdout).print(shown, soft_wrap=True)


def wrapped(text: str, width: int) -> list[str]:
    """The lines of a text of one line, broken at blanks; a wide letter counts for the two columns that it takes."""
    return [line.plain.rstrip() for line in Text(plain(text)).wrap(terminal(sys.stdout), width, tab_size=8)] or [""]


def command(text: str) -> None:
    """A command to type, on a line of its own: it is not broken, so that it can be copied as it stands."""
    _print(sys.stdout, f"  {plain(text)}", wrap=False)


def warn(text: str) -> None:
    """A line on standard error."""
    _print(sys.stderr, plain(text))


def fail(text: str) -> None:
    """Why a command could not do what it was asked."""
    _print(sys.stderr, f"helpdesk: {plain(text)}")


def _print(stream: TextIO, text: str, *, style: str | None = None, wrap: bool = True) -> None:
    """On a terminal long lines go on below at a blank; elsewhere a line stays one, for programs that search it."""
    terminal(stream).print(text, style=style, markup=False, highlight=False, soft_wrap=not (wrap and stream.isatty()))


def progress(
    items: Iterable[T], *, total: int | None = None, what: str = "mails", size: Callable[[T], int] | None = None
) -> Iterator[T]:
    """The same items, with a bar on a terminal while they are worked on; with ``size`` it grows by that of each."""
    if not sys.stderr.isatty():
        yield from items
        return
    shown = MofNCompleteColumn() if size is None else TextColumn("{task.percentage:>3.0f} %")
    columns = (TextColumn("{task.description}"), BarColumn(), shown, TimeRemainingColumn())
    with Progress(*columns, console=terminal(sys.stderr), transient=True) as bar:
        task = bar.add_task(what, total=total)
        for number, item in enumerate(items, 1):
            yield item
            words = what if size is None else f"{number:,} {what}"
            bar.update(task, advance=1 if size is None else size(item), description=words)


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
    return ask(f"{question} (y/n)", "n").lower() in YES


def decides(question: str) -> bool:
    """As `agrees`, where a no costs what was typed before: an empty line is a yes, what is neither is asked again."""
    while (answer := ask(f"{question} (y/n)", "y").lower()) not in YES + NO:
        warn("Answer y to go on, or n to stop here.")
    return answer in YES
