"""Reads the files of a site and remembers where each key stands, so that a mistake can be pointed at."""

from __future__ import annotations

import io
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from helpdesk.config import keys
from helpdesk.config.keys import MAIN, PARTS
from helpdesk.config.lines import lines
from helpdesk.config.models import Config
from helpdesk.errors import ConfigError, Problem

INSTEAD_OF_TABS = 'Mend that line: text stands in "quotes", a list is ["one", "two"], a comment begins with #.'
EMPTY_KEY = '""'  # as TOML writes a key without a letter


@dataclass(kw_only=True)
class Sources:
    """What was read: the merged tables, where each key stands, and all mistakes so far."""

    folder: Path
    besides: Mapping[str, bytes] = field(default_factory=dict)
    """Files that count where the folder has none of that name, such as ``config/staff.toml``."""
    tables: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    """``helpdesk.toml:12`` or the name of a variable, by key."""
    places: dict[str, tuple[Path, int]] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    """Sections whose file could not be read: nothing can be said about what is missing in them."""
    problems: list[Problem] = field(default_factory=list)

    def complain(self, key: str, message: str, mend: str) -> None:
        """Note a mistake at a key, or at the nearest table above it that stands in a file."""
        variable = self.variable(key)
        if variable is not None:
            self.add(None, key, None, f"(set by {variable}) {message}", mend)
            return
        near = key
        while near and near not in self.places:
            near = near.rpartition(".")[0]
        file, line = self.places.get(near, (self.folder / keys.home(key), None))
        self.add(file, key, line, message, mend)

    def add(self, file: Path | None, key: str, line: int | None, message: str, mend: str) -> None:
        """Note a mistake at a place that is known; the same one twice counts once."""
        problem = Problem(file=file, key=key or EMPTY_KEY, line=line, message=message, mend=mend)
        if problem not in self.problems:
            self.problems.append(problem)

    def variable(self, key: str) -> str | None:
        """The environment variable that set a key."""
        origin = self.origins.get(key, "")
        return origin if origin and ":" not in origin else None


def read(folder: Path, besides: Mapping[str, bytes] | None = None) -> Sources:
    """All files of a site folder, and ``besides``. Raises ConfigError when there is no helpdesk.toml in it."""
    sources = Sources(folder=folder, besides=besides or {})
    if not (folder / MAIN).is_file() and MAIN not in sources.besides:
        message = f"there is no {MAIN} in {folder.absolute()}."
        sources.add(folder, MAIN, None, message, "Type `helpdesk init DIR`, or name the folder: helpdesk --site DIR.")
        raise ConfigError(tuple(sources.problems))
    _read(sources, MAIN, frozenset(keys.fields(Config)) - set(PARTS.values()))
    added = {folder / name for name in sources.besides if PurePosixPath(name).match("config/*.toml")}
    for path in sorted({*(folder / "config").glob("*.toml"), *added}):
        if path.name in PARTS:
            _read(sources, f"config/{path.name}", frozenset({PARTS[path.name]}))
        else:
            name = f"config/{path.name}"
            sources.add(path, name, None, "is not a file that helpdesk knows.", keys.nearest(path.name, PARTS))
    return sources


def _read(sources: Sources, name: str, sections: frozenset[str]) -> None:
    tables = _parsed(sources, name, sections)
    for key in _leaves(tables):
        sources.origins[key] = f"{name}:{_line(sources, key)}"
    for section, table in tables.items():
        home = keys.home(section)
        if section in sections or home == name:
            sources.tables[section] = table
        elif section in keys.fields(Config):
            sources.complain(section, f"does not belong into {name}.", f"Move it to {home}.")
            sources.tables.setdefault(section, table)
        elif name == MAIN:
            sources.tables[section] = table  # the models refuse it, with advice
        else:
            sources.complain(section, f"does not belong into {name}.", f"It holds [{min(sections)}.KEY] only.")


def _parsed(sources: Sources, name: str, sections: frozenset[str]) -> dict[str, Any]:
    path = sources.folder / name
    try:
        data = path.read_bytes() if path.exists() or name not in sources.besides else sources.besides[name]
        text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8-sig").read()
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r" \(at line (\d+), column (\d+)\)", str(error))
        reason = str(error).replace(place[0], f" at column {place[2]}") if place else str(error)
        sources.add(path, "TOML", int(place[1]) if place else None, f"{reason}.", INSTEAD_OF_TABS)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        sources.add(path, "TOML", line, "a letter is not written in UTF-8.", "Save the file as UTF-8.")
    except OSError as error:
        sources.add(path, name, None, f"cannot be read: {error.strerror}.", "Let the user of helpdesk read it.")
    else:
        for key, number in lines(text).items():
            sources.places.setdefault(key, (path, number))
        return tables
    sources.unreadable |= sections
    return {}


def _line(sources: Sources, key: str) -> int:
    """The line of a key, else of the nearest table above it; the first for a key that nothing is known of."""
    while key and key not in sources.places:
        key = key.rpartition(".")[0]
    return sources.places[key][1] if key else 1


def _leaves(tables: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in tables.items():
        key = f"{above}.{name}" if above else name
        yield from _leaves(value, key) if isinstance(value, dict) else (key,)
