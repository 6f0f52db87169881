"""Words of mails made safe for a terminal, as text and as JSON."""

from __future__ import annotations

import datetime as dt
import json
import re

# Control characters, line separators, bidirectional overrides and halves of letters in the words of a mail could move
# a terminal's cursor, fake a line, lie about the order of words or fail to be printed at all.
_NOT_PRINTED = "\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
_UNSAFE = re.compile(f"[\x00-\x08\x0b-\x1f{_NOT_PRINTED}]")
_UNSAFE_IN_JSON = re.compile(f"[{_NOT_PRINTED}]")


def plain(value: object) -> str:
    """Text that is safe on a terminal: control characters are written out, None is a dash."""
    text = "–" if value is None else f"{value:%Y-%m-%d %H:%M}" if isinstance(value, dt.datetime) else str(value)
    return _UNSAFE.sub(lambda match: f"\\x{ord(match[0]):02x}" if ord(match[0]) < 0x100 else _escaped(match), text)


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def as_json(value: object) -> str:
    """The text of `json_out`; safe on a terminal too, as JSON allows every letter to be written as a number."""
    return _UNSAFE_IN_JSON.sub(_escaped, _JSON.encode(value))


def _jsonable(value: object) -> object:
    return value.isoformat() if isinstance(value, dt.date) else str(value)


_JSON = json.JSONEncoder(ensure_ascii=False, default=_jsonable)
