"""Lets environment variables override keys: HELPDESK_SMTP__HOST sets smtp.host."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from helpdesk.config import keys
from helpdesk.config.sources import Sources

PREFIX = "HELPDESK_"
BETWEEN = "__"
NOT_KEYS = frozenset({"HELPDESK_SITE"})
OF_A_PASSWORD = "_PASSWORD"  # a variable that holds one, perhaps of another site in the same shell
BOOLEANS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def apply(sources: Sources, environ: Mapping[str, str]) -> None:
    """Set the keys that variables name; a variable that names none is a mistake."""
    ours = {name: text for name, text in environ.items() if name.startswith(PREFIX) and name not in NOT_KEYS}
    for variable, text in ours.items():
        if BETWEEN in variable:
            _set(sources, variable, text)
    secrets = set(_password_variables(sources.tables))
    for variable in ours:
        if BETWEEN not in variable and variable not in secrets and not variable.endswith(OF_A_PASSWORD):
            _unknown(sources, variable)


def _set(sources: Sources, variable: str, text: str) -> None:
    path = _path(sources.tables, variable)
    field, _, used = keys.find(path)
    if field is None or used != len(path) or keys.table(field.annotation)[0] is not None:
        _unknown(sources, variable)
        return
    table: Any = sources.tables
    for part in path[:-1]:
        table = table.setdefault(part, {})
        if not isinstance(table, dict):
            return  # the file has a mistake there, which is told anyhow
    table[path[-1]] = _typed(text, field.annotation)
    sources.origins[".".join(path)] = variable


def _path(tables: Mapping[str, Any], variable: str) -> list[str]:
    """The words of a key; a name of the files is found again, whatever its hyphens became in the variable."""
    path = []
    table: Any = tables
    for part in variable.removeprefix(PREFIX).lower().split(BETWEEN):
        known = table if isinstance(table, dict) else {}
        word = next((name for name in known if name.lower().replace("-", "_") == part), part)
        path.append(word)
        table = known.get(word)
    return path


def _unknown(sources: Sources, variable: str) -> None:
    advice = keys.nearest(variable.removeprefix(PREFIX), _variables(sources.tables))
    if advice.startswith("Did you mean"):
        advice = f"Did you mean {PREFIX}{advice.removeprefix('Did you mean ').upper()}"
    else:
        advice = "A variable is written as HELPDESK_SMTP__HOST: table and key, two underscores between."
    sources.add(None, variable, None, "sets no key that helpdesk knows.", advice)


def _variables(tables: Mapping[str, Any]) -> Iterator[str]:
    """What stands behind the prefix in the variables of all keys, in small letters, with the names of this site."""
    for known in keys.known():
        table = tables.get(known.key.partition(".")[0])
        for name in table if isinstance(table, dict) else (keys.NAME,):
            key = known.key.replace(f".{keys.NAME}.", f".{name}.")
            yield key.replace(".", BETWEEN).replace("-", "_").lower()


def _password_variables(value: Any) -> Iterator[str]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield from _password_variables(inner)
        elif name == "password_env" and isinstance(inner, str):
            yield inner


def _typed(text: str, annotation: Any) -> Any:
    """The value in the type of its key; as text where it does not fit, so that the models refuse it."""
    kinds = (annotation, *get_args(annotation))
    try:
        if int in kinds:
            return int(text)
        if dt.date in kinds:
            return dt.date.fromisoformat(text)
    except ValueError:
        return text
    if bool in kinds:
        return BOOLEANS.get(text.lower(), text)
    return _listed(text) if keys.words(annotation).startswith("list") else text


def _listed(text: str) -> Any:
    """``["one", "two"]``, or simply ``one, two``."""
    if text.lstrip().startswith("["):
        try:
            return json.loads(text)
        except json.JSONDecodeError:
            return text
    return [word.strip() for word in text.split(",") if word.strip()]
