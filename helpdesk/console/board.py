"""Panes that are redrawn in place, for the demo."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

from rich import box
from rich.console import Group
from rich.live import Live
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from helpdesk.console.safe import plain
from helpdesk.console.terminal import terminal


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
        self._live = Live(console=terminal(sys.stdout), auto_refresh=False, vertical_overflow="crop")

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
