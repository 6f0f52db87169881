"""Rows under headings, and name, value and remark; nothing is cut, and what identifies a row stays in one piece."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from helpdesk.console.safe import plain
from helpdesk.console.terminal import terminal

# Columns of a table that do not give way: the name of what a row is about, what is read, and everything else.
NAME_COLUMNS, READING_COLUMNS, SHORT_COLUMNS = 30, 20, 8
GAP = 2  # spaces between two columns
INDENT = 4  # of what stands below its row


def table(
    columns: Sequence[str], rows: Iterable[Sequence[object]], *, below: Collection[str] = (), empty: str = "Nothing."
) -> None:
    """Rows under headings; ``empty`` where there are none. Nothing is cut, so that every word can be searched for.

    On a terminal a value that is too long goes on below itself. Where that would leave no room to read in, what is
    read (the columns ``below``, else the subject and the last one) stands below its row, after its heading. Elsewhere
    a row is a line, as long as it must be.
    """
    found = [[plain(value).replace("\n", " ") for value in row] for row in rows]
    if not found:
        sys.stdout.write(f"{plain(empty)}\n")
        return
    if not sys.stdout.isatty():
        _wide([columns, *found])
        return
    console = terminal(sys.stdout)
    reading = {number for number, column in enumerate(columns) if column == "subject"} | {len(columns) - 1}
    lower = [number for number, column in enumerate(columns) if column in below] or sorted(reading)
    if _is_roomy([columns, *found], lower, console.width):
        _print(console, columns, found, _widths([columns, *found], reading, console.width))
    else:
        _print_below(console, columns, found, lower)


def lines(rows: Iterable[tuple[str, object, str]]) -> None:
    """Name, value and remark in three columns without headings; on a terminal a long value goes on below itself."""
    found = [(f"  {plain(name)}", plain(value), plain(remark)) for name, value, remark in rows]
    if not sys.stdout.isatty():
        _wide(found)
        return
    shown = Table.grid(padding=(0, GAP, 0, 0), expand=True)
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold", ratio=1)
    shown.add_column(no_wrap=True)
    for name, value, remark in found:
        shown.add_row(Text(name), Text(value), Text(remark, "dim"))
    terminal(sys.stdout).print(shown)


def item(head: str, text: str) -> None:
    """A short head and what is said after it; on a terminal long words go on below themselves, not below the head."""
    if not sys.stdout.isatty():
        sys.stdout.write(f"{plain(head)}{plain(text)}\n")
        return
    shown = Table.grid()
    shown.add_column(no_wrap=True)
    shown.add_column(overflow="fold")
    shown.add_row(Text(plain(head)), Text(plain(text)))
    terminal(sys.stdout).print(shown)


def _wide(rows: Sequence[Sequence[str]]) -> None:
    """Each row on one line, the columns as wide as they need to be."""
    widths = _needed(rows)
    for row in rows:
        cells = (cell + " " * (width - cell_len(cell) + GAP) for cell, width in zip(row, widths, strict=True))
        sys.stdout.write("".join(cells).rstrip() + "\n")


def _needed(rows: Sequence[Sequence[str]]) -> list[int]:
    return [max(map(cell_len, cells)) for cells in zip(*rows, strict=True)]


def _is_roomy(rows: Sequence[Sequence[str]], lower: Collection[int], room: int) -> bool:
    """Whether what is read has room beside the other columns, which stay in one piece."""
    widths = [min(width, READING_COLUMNS) if n in lower else width for n, width in enumerate(_needed(rows))]
    return sum(widths) + GAP * (len(widths) - 1) <= room


def _print(
    console: Console, columns: Sequence[str], rows: Iterable[Sequence[str]], widths: Sequence[int], *, head: bool = True
) -> None:
    shown = Table(box=None, pad_edge=False, header_style="bold", show_header=head)
    for column, width in zip(columns, widths, strict=True):
        shown.add_column(column, overflow="fold", width=width)
    for row in rows:
        shown.add_row(*map(Text, row))
    console.print(shown)


def _print_below(console: Console, columns: Sequence[str], rows: Sequence[Sequence[str]], lower: Sequence[int]) -> None:
    """Each row on a line, and what is read on lines of its own below; nothing is said of what is not there."""
    upper = [number for number in range(len(columns)) if number not in lower]
    head, *found = [[row[number] for number in upper] for row in (columns, *rows)]
    widths = _widths([head, *found], (), console.width)
    _print(console, head, (), widths)
    for row, short in zip(rows, found, strict=True):
        _print(console, head, [short], widths, head=False)
        for number in lower:
            if row[number] != plain(None):
                console.print(Padding.indent(Text(f"{columns[number]}: {row[number]}"), INDENT))


def _widths(rows: Sequence[Sequence[str]], reading: Collection[int], room: int) -> list[int]:
    """How wide the columns of a table are: what they need, or their least and a share of the room that is left."""
    needed = _needed(rows)
    least = [NAME_COLUMNS] + [READING_COLUMNS if n in reading else SHORT_COLUMNS for n in range(1, len(needed))]
    widths = [min(pair) for pair in zip(needed, least, strict=True)]
    left = room - GAP * (len(widths) - 1) - sum(widths)
    # Names first, then the narrowest; what goes on below itself can do with what remains.
    for number in sorted(range(len(widths)), key=lambda n: (n in reading, n > 0, needed[n])):
        more = max(min(needed[number] - widths[number], left), 0)
        widths[number] += more
        left -= more
    return widths
