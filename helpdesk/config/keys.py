"""Every key that may stand in the configuration, read off the models: for the reference, overrides and advice."""

from __future__ import annotations

import datetime as dt
import difflib
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from helpdesk.config.models import Config
from helpdesk.config.values import Section

MAIN = "helpdesk.toml"
PARTS = {"departments.toml": "departments", "staff.toml": "staff"}  # files in config/, and the one table each may hold
NAME = "NAME"  # stands for the word of one's own in [mailboxes.NAME]
CLOSE = 0.6  # how alike two words must be (difflib's ratio) for "did you mean"


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """One key, as the reference describes it."""

    key: str
    """Dotted, with NAME for a word of one's own: ``mailboxes.NAME.imap.host``."""
    file: str
    field: FieldInfo

    @property
    def required(self) -> bool:
        """Whether it must be written."""
        return self.field.is_required()

    @property
    def kind(self) -> str:
        """What it holds, in words."""
        return words(self.field.annotation)

    @property
    def words(self) -> str:
        """What it is for."""
        return self.field.description or ""


def known() -> Iterator[Known]:
    """All keys that hold a value, in the order of the models."""
    for section, field in fields(Config).items():
        for key, leaf in _leaves(section, field):
            yield Known(key=key, file=home(section), field=leaf)


def _leaves(key: str, field: FieldInfo) -> Iterator[tuple[str, FieldInfo]]:
    model, named = table(field.annotation)
    if model is None:
        yield key, field
        return
    for name, inner in fields(model).items():
        yield from _leaves(f"{key}.{NAME}.{name}" if named else f"{key}.{name}", inner)


def home(key: str) -> str:
    """The file that a key belongs into."""
    section = key.partition(".")[0]
    return next((f"config/{file}" for file, only in PARTS.items() if only == section), MAIN)


def fields(model: type[Section]) -> Mapping[str, FieldInfo]:
    """The keys of a table; what we add ourselves is no key."""
    return {name: field for name, field in model.model_fields.items() if not field.exclude}


def table(annotation: Any) -> tuple[type[Section] | None, bool]:
    """The table that a field holds, and whether it is one of many under words of one's own."""
    if isinstance(annotation, type) and issubclass(annotation, Section):
        return annotation, False
    if get_origin(annotation) is Mapping:
        return get_args(annotation)[1], True
    return None, False


def find(path: Sequence[str]) -> tuple[FieldInfo | None, type[Section] | None, int]:
    """The field at a path, the table that it stands in, and how many words of the path lead to it."""
    model: type[Section] | None = Config
    field: FieldInfo | None = None
    within: type[Section] | None = None
    used = 0
    while model is not None and used < len(path):
        field, within = fields(model).get(path[used]), model
        if field is None:
            return None, within, used
        model, named = table(field.annotation)
        used += 1
        if named and used < len(path):
            field = None
            used += 1
    return field, within, used


def words(annotation: Any) -> str:
    """What a field holds: ``text``, ``whole number``, ``"tls", "starttls" or "none"``."""
    origin, inside = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return _either([f'"{value}"' for value in inside])
    if origin is Annotated:
        return words(inside[0])
    if origin in (Union, types.UnionType):
        return _either([words(kind) for kind in inside if kind is not type(None)])
    if origin is tuple:
        return f"list of {words(inside[0])}s"
    plain = {str: "text", int: "whole number", bool: "true or false", dt.date: "a date"}
    return plain.get(annotation, "table")


def nearest(word: str, candidates: Iterable[str]) -> str:
    """Advice for a word that is not known."""
    found = sorted(candidates)
    close = difflib.get_close_matches(word.lower(), found, n=1, cutoff=CLOSE)
    return f"Did you mean {close[0]}?" if close else f"Known are: {', '.join(found) or 'none'}."


def _either(kinds: Sequence[str]) -> str:
    return kinds[0] if len(kinds) == 1 else f"{', '.join(kinds[:-1])} or {kinds[-1]}"
