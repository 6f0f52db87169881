"""Says in plain words what the models refuse, and how to mend it."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from pydantic_core import ErrorDetails

from helpdesk.config import keys
from helpdesk.config.values import PATTERNS, VARIABLE

REFERENCES = ("password_env", "password_file")
ALIKE = 0.85  # a slip in one of these two is no password; "password" alone is less alike


class Mistake(NamedTuple):
    """What is wrong at a key and how to mend it; ``about`` names the section that it was compared with."""

    key: str
    message: str
    mend: str
    about: str | None = None


def explain(error: ErrorDetails) -> Mistake:
    """One refusal of the models in our own words; values that may be passwords are not repeated."""
    path = [str(part) for part in error["loc"]]
    kind = error["type"]
    if kind == "extra_forbidden":
        return _unknown(path)
    if kind == "missing":
        return _missing(path)
    field, _, used = keys.find(path)
    key = ".".join(path[:used])
    if kind == "string_pattern_mismatch":
        return _pattern(key, error)
    if kind in ("greater_than_equal", "less_than_equal"):
        least = "at least" if kind == "greater_than_equal" else "at most"
        context = error.get("ctx", {})
        return Mistake(key, f"must be {least} {context.get('ge', context.get('le'))}.", _now(error["input"]))
    if kind == "too_short":
        return Mistake(key, "must not be empty.", 'Write it as ["one", "two"].')
    words = keys.words(field.annotation) if field is not None else "table"
    if words.startswith("list") and len(path) > used:
        message = f"must be a {words}, and {_quoted(error['input'])} is none."
        return Mistake(key, message, 'Write it as ["one", "two"].')
    return Mistake(key, f"must be {_a(words)}.", _how(words, path, error["input"]))


def _unknown(path: Sequence[str]) -> Mistake:
    key, word = ".".join(path), path[-1]
    _, within, _ = keys.find(path)
    siblings = keys.fields(within) if within is not None else ()
    secret = any(part in word.lower() for part in ("password", "passwd", "secret")) or word.lower() == "pass"
    if secret and not difflib.get_close_matches(word.lower(), REFERENCES, cutoff=ALIKE):
        return password(key)
    return Mistake(key, "is not a key that helpdesk knows.", keys.nearest(word, siblings))


def password(key: str) -> Mistake:
    """A password stands where everybody reads it."""
    return Mistake(
        key,
        "a password must not stand in a file that is shown and copied.",
        'Write password_env = "NAME_OF_A_VARIABLE" or password_file = "FILE" instead, and change the password.',
    )


def _missing(path: Sequence[str]) -> Mistake:
    key = ".".join(path)
    field, _, _ = keys.find(path)
    if field is not None and keys.table(field.annotation)[0] is not None:
        inline = path[-1] == "imap"
        return Mistake(key, "is missing.", "Add it: imap = { host = ..., user = ... }" if inline else f"Add [{key}].")
    return Mistake(key, "is missing.", f'Add the line "{path[-1]} = ..." to [{".".join(path[:-1])}].')


def _pattern(key: str, error: ErrorDetails) -> Mistake:
    pattern = error.get("ctx", {}).get("pattern", "")
    message, mend = PATTERNS[pattern]
    # What stands where the name of a variable belongs may be the password itself.
    return Mistake(key, message if pattern == VARIABLE else f"{_quoted(error['input'])} {message}", mend)


def _how(words: str, path: Sequence[str], value: Any) -> str:
    if words == "table":
        return f"Write [{'.'.join(path)}] on a line of its own and its keys below."
    if words.startswith("list"):
        return 'Write it in brackets: ["one", "two"].'
    if words.endswith("a date"):
        return f"Write a date without quotes, as in 2026-01-31. {_now(value)}"
    if words.startswith('"'):
        return _now(value)
    how = {"text": 'Write it in "quotes".', "whole number": "Write digits without quotes."}
    return f"{how.get(words, 'Write it without quotes.')} {_now(value)}"


def _now(value: Any) -> str:
    return f"It is {_quoted(value)} now."


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)


def _a(words: str) -> str:
    return f"a {words}" if words.partition(" ")[0] in ("list", "table", "whole") else words
