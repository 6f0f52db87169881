"""Finds on which line of a TOML text each key stands; the values themselves come from the standard library."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # strings over several lines may end in quotes of their own
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|\#[^\n]*|\n|[\[\]{}=.,]"
    r"|[^\s\[\]{}=.,\#\"']+",
    re.DOTALL,
)


def lines(text: str) -> Mapping[str, int]:
    """The line (from 1) of each table and key by its dotted name; the text must be valid TOML."""
    scanner = _Scanner()
    for token, line in _tokens(text):
        if scanner.expects_key:
            scanner.key(token, line)
        else:
            scanner.value(token)
    return scanner.found


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    line = 1
    end = 0
    for match in _TOKEN.finditer(text):
        line += text.count("\n", end, match.start())
        end = match.start()
        if not match[0].startswith("#"):
            yield match[0], line


def _word(token: str) -> str:
    """A word of a key without its quotes; ``"\\u0061"`` is written for ``a``."""
    return next(iter(tomllib.loads(f"{token} = 0"))) if token.startswith('"') else token.strip("'")


class _Scanner:
    """Walks over the tokens; knows whether a key or a value comes next."""

    def __init__(self) -> None:
        self.found: dict[str, int] = {}
        self.expects_key = True
        self._table: tuple[str, ...] = ()
        self._parts: list[str] = []
        self._in_header = False
        self._current: tuple[str, ...] = ()
        # What is open around a value: the path of an inline table, or None for a list.
        self._open: list[tuple[str, ...] | None] = []

    def key(self, token: str, line: int) -> None:
        if token == "[":
            self._in_header = True
        elif token == "]":
            self._close_header(line)
        elif token == "=":
            self._current = (*self._above(), *self._parts)
            self._note(self._current, line)
            self.expects_key = False
        elif token == "}":
            self._open.pop()
            self.expects_key = False
        elif token not in (".", ",", "\n"):
            self._parts.append(_word(token))

    def value(self, token: str) -> None:
        if token == "{":
            self._open.append(self._current)
            self.expects_key = True
        elif token == "[":
            self._open.append(None)
        elif token in ("]", "}"):
            self._open.pop()
        elif token == ",":
            self.expects_key = bool(self._open) and self._open[-1] is not None
        elif token == "\n" and not self._open:
            self.expects_key = True

    def _close_header(self, line: int) -> None:
        if self._in_header:  # an array of tables closes twice
            self._table = tuple(self._parts)
            for length in range(1, len(self._table) + 1):
                self._note(self._table[:length], line)
        self._in_header = False

    def _above(self) -> tuple[str, ...]:
        inline = self._open[-1] if self._open else None
        return self._table if inline is None else inline

    def _note(self, path: tuple[str, ...], line: int) -> None:
        self.found.setdefault(".".join(path), line)
        self._parts = []
