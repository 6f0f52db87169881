"""A terminal as rich sees it."""

from __future__ import annotations

from typing import TextIO

from rich.console import Console

WIDTH = 80  # columns where there is no terminal that says otherwise


def terminal(stream: TextIO) -> Console:
    """A console of rich that writes to the stream."""
    # Made anew for each use: tests and pipes exchange the streams, and the terminal may have been resized.
    # Without emoji: ":smile:" in a mail stays what it is.
    return Console(file=stream, width=None if stream.isatty() else WIDTH, legacy_windows=False, emoji=False)
