"""The last net before a column: NUL and lone surrogates, which no database takes, become U+FFFD.

Mails are cleaned when they are parsed; what a server answers, what an exception says and how a file is named is not.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

_REFUSED = re.compile("[\x00\ud800-\udfff]")
_REFUSED_IN_JSON = re.compile(r"\\u0000|[\ud800-\udfff]")
_json = json.JSONEncoder(ensure_ascii=False).encode
_PLAIN = frozenset({int, float, bool, bytes, type(None), datetime})


def guard(engine: Engine) -> None:
    """Clean the parameters of every statement of an engine."""
    event.listen(engine, "before_cursor_execute", _cleaned, retval=True)


def storable(value: Any) -> Any:
    """The same value with clean text, also inside lists and objects."""
    if isinstance(value, str):
        return _REFUSED.sub("\ufffd", value) if _REFUSED.search(value) else value
    if isinstance(value, Mapping):
        return {storable(key): storable(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return type(value)(storable(inner) for inner in value)
    return value


def dumps(value: Any) -> str:
    """JSON for a column; escaped, such characters would pass the net above and still be refused by PostgreSQL."""
    text = _json(value)
    # As good as always it is clean, and nothing inside has to be looked at.
    return _json(storable(value)) if _REFUSED_IN_JSON.search(text) else text


def _cleaned(
    _connection: object, _cursor: object, statement: str, parameters: Any, _context: object, _many: bool
) -> tuple[str, Any]:
    # Many rows are a list, unless SQLAlchemy has put them into one statement.
    if isinstance(parameters, list):
        return statement, [_row(row) for row in parameters]
    return statement, _row(parameters)


def _row(row: Any) -> Any:
    """One set of parameters; nearly always it is clean and stays what it is."""
    values = row.values() if isinstance(row, dict) else row
    # Every parameter of every statement comes by here.
    for value in values:
        kind = type(value)
        if _REFUSED.search(value) if kind is str else kind not in _PLAIN and storable(value) != value:
            return storable(row)
    return row
