"""Reads a site: files and environment become one `Config`, or an error with every mistake at once."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from helpdesk.config import keys, mistakes, overrides, rules, sources
from helpdesk.config.keys import MAIN
from helpdesk.config.mistakes import Mistake
from helpdesk.config.models import Config
from helpdesk.config.sources import Sources
from helpdesk.errors import ConfigError

__all__ = ["MAIN", "STAND_INS", "load"]

ROUNDS = 8  # tables are at most four deep; each round mends one level
# What takes the place of a required value that is missing or wrong, so that all others can still be compared.
STAND_INS: Mapping[str, Any] = {
    "name": "-",
    "host": "-",
    "user": "-",
    "address": "-@-",
    "department": "-",
    "addresses": ("-@-",),
}
NAMED = {
    "mailboxes": "name",
    "departments": "key",
    "staff": "key",
}  # sections of words of one's own, and what we call them


def load(site: Path, environ: Mapping[str, str], besides: Mapping[str, bytes] | None = None) -> Config:
    """The configuration of a site folder. Raises ConfigError with every mistake of every file.

    ``besides``: files, by their names within the folder, that count where it has none of that name.
    """
    found = sources.read(site, besides)
    overrides.apply(found, environ)
    config, wrong = _validated(found, environ)
    for mistake in rules.problems(config):
        if not _spoilt(mistake, wrong, found):
            found.complain(mistake.key, mistake.message, mistake.mend)
    if found.problems:
        raise ConfigError(tuple(sorted(found.problems, key=lambda p: (str(p.file or "~"), p.line or 0, p.key))))
    return config


def _validated(found: Sources, environ: Mapping[str, str]) -> tuple[Config, set[str]]:
    """The configuration, and the keys at which a stand-in had to be put to make one at all."""
    values = {name: _tuples(table) for name, table in found.tables.items()}
    outside = {"site": found.folder, "origins": dict(found.origins), "environ": dict(environ)}
    for name in sorted(set(values) & set(outside)):
        found.complain(name, "is not a section.", keys.nearest(name, keys.fields(Config)))
    wrong: set[str] = set()
    numbers = itertools.count(9999, -1)
    for attempt in range(ROUNDS):
        try:
            return Config.model_validate({**_named(values, found), **outside}), wrong
        except ValidationError as error:
            # A wrong word of one's own goes last: what stands under it is taken away with it.
            for detail in sorted(error.errors(include_url=False), key=lambda detail: "[key]" in detail["loc"]):
                path = [str(part) for part in detail["loc"]]
                if attempt == 0 and not (detail["type"] == "missing" and path[0] in found.unreadable):
                    mistake = mistakes.explain(detail)
                    found.complain(mistake.key, mistake.message, mistake.mend)
                wrong.add(_put_right(values, path, numbers, found))
    raise ConfigError(tuple(found.problems))


def _named(values: Mapping[str, Any], found: Sources) -> dict[str, Any]:
    """A mailbox, department and staff member knows the word that it stands under."""
    result = dict(values)
    for section, name in NAMED.items():
        tables = values.get(section)
        if not isinstance(tables, dict):
            continue
        for key, table in tables.items():
            if isinstance(table, dict) and name in table:
                found.complain(f"{section}.{key}.{name}", "is not a key.", f"It is the word in [{section}.{key}].")
        result[section] = {k: {**t, name: k} if isinstance(t, dict) else t for k, t in tables.items()}
    return result


def _put_right(values: dict[str, Any], path: list[str], numbers: itertools.count[int], found: Sources) -> str:
    """Take a wrong value away, put a stand-in where there must be one; gives the key."""
    if path[-1] == "[key]":
        found.unreadable.add(path[0])
        values[path[0]].pop(path[1], None)
        return ".".join(path[:2])
    field, _, used = keys.find(path)
    *above, last = path if field is None else path[:used]
    table = values
    for part in above:
        table = table.setdefault(part, {})
    table.pop(last, None)
    if field is not None and field.is_required():
        table[last] = next(numbers) if last == "id" else STAND_INS.get(last, {})
    elif field is None and len(path) == 2 and path[0] in NAMED:
        table[last] = {}
    return ".".join([*above, last])


def _tuples(value: Any) -> Any:
    """Lists of TOML are lists, and our values are tuples; everything else is taken strictly."""
    if isinstance(value, list):
        return tuple(_tuples(item) for item in value)
    if isinstance(value, dict):
        return {key: _tuples(item) for key, item in value.items()}
    return value


def _spoilt(mistake: Mistake, wrong: set[str], found: Sources) -> bool:
    """Whether a contradiction only comes from a value that is wrong or could not be read."""
    above = mistake.key.split(".")
    prefixes = {".".join(above[:length]) for length in range(1, len(above) + 1)}
    return bool(prefixes & wrong) or mistake.about in found.unreadable
