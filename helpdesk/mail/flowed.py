"""Text that its writer's program has broken into short lines for the way, joined again (RFC 3676)."""

from __future__ import annotations

from collections.abc import Iterator

SIGNATURE = "-- "


def joined(words: str, *, delete_space: bool) -> str:
    """The paragraphs as they were written, quote marks kept; ``delete_space`` for DelSp=yes (RFC 3676 4.2)."""
    found: list[list[str]] = []  # the pieces of each paragraph
    goes_on, depth = False, 0
    for marks, line in _lines(words):
        if goes_on and marks == depth and line.strip() and line != SIGNATURE:
            found[-1].append(line)
        else:
            found.append([_quoted(marks, line)])
        depth = marks
        goes_on = line.endswith(" ") and line != SIGNATURE and bool(line.strip())
        if goes_on and delete_space:
            found[-1][-1] = found[-1][-1][:-1]
    return "\n".join(map("".join, found))


def _quoted(marks: int, line: str) -> str:
    return ">" * marks + (" " if marks and line else "") + line


def _lines(words: str) -> Iterator[tuple[int, str]]:
    """How many quote marks stand before each line, and the line without them and without a stuffed space."""
    for line in words.split("\n"):
        rest = line.lstrip(">")
        yield len(line) - len(rest), rest[1:] if rest.startswith(" ") else rest
