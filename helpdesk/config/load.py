"""Reads a site: TOML files and environment, with every mistake found, placed and explained."""

from __future__ import annotations

import difflib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from helpdesk.config import rules
from helpdesk.config.models import Config
from helpdesk.errors import ConfigError, Problem

MAIN = "helpdesk.toml"
PARTS = {"departments.toml": "departments", "staff.toml": "staff"}  # files in config/, and the one table each may hold
PREFIX = "HELPDESK_"
NOT_SETTINGS = ("HELPDESK_SITE",)
OUTSIDE = frozenset({"site", "origins", "environ", "staff", "departments"})  # fields that do not stand in helpdesk.toml
ADVICE = {
    "missing": ("is missing.", "Add it."),
    "int_type": ("must be a whole number.", "Write it without quotes."),
    "string_type": ("must be text.", 'Write it in "quotes".'),
    "bool_type": ("must be true or false.", "Write it without quotes."),
    "tuple_type": ("must be a list.", 'Write it as ["one", "two"].'),
    "model_type": ("must be a table.", "Write it as a [section] or { key = value }."),
}


@dataclass(kw_only=True)
class _Site:
    """What was read: the merged tables, and where each key stands."""

    folder: Path
    tables: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    lines: dict[str, tuple[Path, int | None]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def complain(self, key: str, message: str, mend: str) -> None:
        """Note a mistake at a key, or at the nearest table above it that stands in a file."""
        near = key
        while near and near not in self.lines:
            near = near.rpartition(".")[0]
        file: Path | None
        file, line = self.lines.get(near, (self.folder / MAIN, None))
        if (variable := self.origins.get(key, "")).startswith(PREFIX):
            file, line, message = None, None, f"(from {variable}) {message}"
        problem = Problem(file=file, key=key, line=line, message=message, mend=mend)
        if problem not in self.problems:
            self.problems.append(problem)


def load(site: Path, environ: Mapping[str, str]) -> Config:
    """The configuration of a site folder. Raises ConfigError with every mistake of every file."""
    found = _Site(folder=site)
    _read_files(found)
    settings = {k: v for k, v in environ.items() if k.startswith(PREFIX) and k not in NOT_SETTINGS}
    _override(found, settings)
    _name_tables(found)
    config = _validated(found, environ)
    if config is not None:
        wrong = {problem.key for problem in found.problems}
        for key, message, mend in rules.problems(config):
            if key not in wrong:
                found.complain(key, message, mend)
    if found.problems:
        raise ConfigError(tuple(sorted(found.problems, key=lambda p: (str(p.file), p.line or 0, p.key))))
    assert config is not None
    return config


def _read_files(found: _Site) -> None:
    main = found.folder / MAIN
    if not main.is_file():
        found.complain(
            "",
            f"there is no {MAIN} in {found.folder.absolute()}.",
            "Type: helpdesk init DIR, or name the folder with --site DIR.",
        )
        raise ConfigError(tuple(found.problems))
    _read(found, main, None)
    for path in sorted((found.folder / "config").glob("*.toml")):
        if path.name in PARTS:
            _read(found, path, PARTS[path.name])
        else:
            found.lines[path.name] = (path, None)
            found.complain(path.name, "is not a file that helpdesk knows.", _nearest(path.name, PARTS))


def _read(found: _Site, path: Path, only: str | None) -> None:
    shown = str(path.relative_to(found.folder))
    try:
        text = path.read_text(encoding="utf-8-sig")
        tables = tomllib.loads(text)
    except (OSError, UnicodeDecodeError) as error:
        found.problems.append(
            Problem(file=path, key=shown, line=None, message=f"cannot be read: {error}.", mend="Save it as UTF-8 text.")
        )
        return
    except tomllib.TOMLDecodeError as error:
        line = re.search(r"line (\d+)", str(error))
        problem = Problem(
            file=path, key="TOML", line=int(line[1]) if line else None, message=f"{error}.", mend="Mend the line."
        )
        found.problems.append(problem)
        return
    for key, line_number in _lines(text):
        found.lines.setdefault(key, (path, line_number))
    for key in _leaves(tables):
        found.origins[key] = f"{shown}:{_line_of(found, key)}"
    for name, table in tables.items():
        if (only is not None and name != only) or (only is None and name in ("departments", "staff")):
            home = f"config/{name}.toml" if only is None else shown
            found.complain(name, "does not belong into this file.", f"Write it into {home if only is None else MAIN}.")
        else:
            found.tables[name] = table


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """(dotted key, line) of tables and keys; good enough to point at a line, the values come from tomllib."""
    table = ""
    for number, line in enumerate(text.splitlines(), 1):
        if header := re.match(r"\s*\[\[?\s*([^\]#]+?)\s*\]\]?", line):
            table = ".".join(part.strip().strip("\"'") for part in header[1].split("."))
            yield table, number
        elif pair := re.match(r"\s*([\w\".-]+)\s*=\s*(.*)", line):
            key = f"{table}.{pair[1].strip()}".strip(".").replace('"', "")
            yield key, number
            if pair[2].startswith("{"):
                yield from ((f"{key}.{name}", number) for name in re.findall(r"([\w-]+)\s*=", pair[2]))


def _line_of(found: _Site, key: str) -> int | str:
    while key and key not in found.lines:
        key = key.rpartition(".")[0]
    return found.lines[key][1] or "?" if key in found.lines else "?"


def _leaves(tables: Mapping[str, Any], above: str = "") -> Iterator[str]:
    for name, value in tables.items():
        key = f"{above}.{name}" if above else name
        yield from _leaves(value, key) if isinstance(value, dict) else (key,)


def _override(found: _Site, settings: Mapping[str, str]) -> None:
    """HELPDESK_SMTP__HOST=... sets smtp.host; variables that hold a password are left alone."""
    secrets = {value for key in found.origins if key.endswith("password_env") for value in [_get(found.tables, key)]}
    for variable, text in settings.items():
        key = variable.removeprefix(PREFIX).lower().replace("__", ".")
        if variable in secrets or "__" not in variable:
            if variable not in secrets and not variable.endswith("_PASSWORD"):
                found.origins[key] = variable
                found.complain(
                    key,
                    f"the variable {variable} sets nothing.",
                    "Write the table and the key with two underscores between, as in HELPDESK_SMTP__HOST.",
                )
            continue
        found.origins[key] = variable
        _set(found.tables, key.split("."), _typed(text))


def _typed(text: str) -> Any:
    """Numbers, true/false and lists as in TOML or JSON; everything else is text."""
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


def _get(tables: Mapping[str, Any], key: str) -> Any:
    value: Any = tables
    for part in key.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _set(tables: dict[str, Any], path: list[str], value: Any) -> None:
    table: Any = tables
    for part in path[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            return
    table[path[-1]] = value


def _name_tables(found: _Site) -> None:
    """A mailbox, department and staff member knows the key that it stands under."""
    for section, name in (("mailboxes", "name"), ("departments", "key"), ("staff", "key")):
        tables = found.tables.get(section)
        for key, table in tables.items() if isinstance(tables, dict) else ():
            if isinstance(table, dict) and section == "mailboxes" and "name" in table:
                found.complain(
                    f"{section}.{key}.name", "is not a key.", "The name of a mailbox is the word in [mailboxes.NAME]."
                )
            if isinstance(table, dict) and section != "mailboxes" and "key" in table:
                found.complain(f"{section}.{key}.key", "is not a key.", f"The key is the word in [{section}.KEY].")
            if isinstance(table, dict) and isinstance(tables, dict):
                tables[key] = {**table, name: key}


def _validated(found: _Site, environ: Mapping[str, str]) -> Config | None:
    values = {**found.tables, "site": found.folder, "origins": found.origins, "environ": dict(environ)}
    for name in sorted(OUTSIDE & set(found.tables) - {"staff", "departments"}):
        found.complain(name, "is not a section.", "Remove it.")
    # Lists of TOML are lists, and our values are tuples; everything else is taken strictly.
    values = _tuples(values)
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        for mistake in error.errors():
            _explain(found, mistake)
            _prune(values, [str(part) for part in mistake["loc"]])
    try:
        # Once more without the wrong values, so that contradictions between the others are found too.
        return Config.model_validate(values)
    except ValidationError:
        return None


def _prune(values: Any, path: list[str]) -> None:
    for part in path[:-1]:
        values = values.get(part) if isinstance(values, dict) else None
    if isinstance(values, dict):
        values.pop(path[-1], None)


def _tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _explain(found: _Site, mistake: Any) -> None:
    path = [str(part) for part in mistake["loc"]]
    kind, key = mistake["type"], ".".join(path)
    if kind == "extra_forbidden":
        if "password" in path[-1] or path[-1] in ("secret", "pass"):
            found.complain(
                key,
                "a password must not stand in a file that is shown and copied.",
                'Use password_env = "NAME_OF_A_VARIABLE" or password_file = "FILE".',
            )
            return
        found.complain(key, "is not a key that helpdesk knows.", _nearest(path[-1], _siblings(path[:-1])))
        return
    message, mend = ADVICE.get(kind, (f"{mistake['msg'][:1].lower()}{mistake['msg'][1:]}.", ""))
    if kind in (
        "literal_error",
        "string_pattern_mismatch",
        "string_too_short",
        "greater_than_equal",
        "less_than_equal",
    ):
        mend = f"It is {json.dumps(mistake['input'], default=str, ensure_ascii=False)} now."
    found.complain(key, message, mend)


def _siblings(path: list[str]) -> list[str]:
    """The keys that may stand in the table at this path."""
    model: type[BaseModel] = Config
    for part in path:
        annotation = model.model_fields[part].annotation if part in model.model_fields else None
        kinds = [
            kind
            for kind in (annotation, *get_args(annotation))
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        model = kinds[-1] if kinds else model
    return [
        name
        for name in model.model_fields
        if name not in OUTSIDE | {"name" if path[:1] == ["mailboxes"] else "", "key"}
    ]


def _nearest(word: str, known: Any) -> str:
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"Did you mean {near[0]}?" if near else f"Known are: {', '.join(sorted(known))}."
