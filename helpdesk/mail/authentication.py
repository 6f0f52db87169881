"""The DMARC result that our own server wrote (RFC 8601), read with a tokenizer that comments and quotes cannot fool."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

Result = Literal["pass", "none", "fail"]
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[();=]|[^\s"();=]+')
_ORDER: tuple[Result, ...] = ("pass", "none", "fail")


def dmarc(fields: Sequence[str], zone: int, authserv_id: str, from_domain: str, *, tampered: bool) -> Result:
    """The worst DMARC verdict of our server for the domain in From; "none" when there is none to be trusted.

    ``fields`` are all Authentication-Results, topmost first, ``zone`` is how many of them only our servers can have
    written. A field in our name below that is a forgery: nothing is believed then.
    """
    mine = [list(_statements(field)) for field in fields if _server(field) == authserv_id.lower()]
    trusted = [list(_statements(field)) for field in fields[:zone] if _server(field) == authserv_id.lower()]
    if tampered or len(mine) != len(trusted):
        return "fail"
    verdicts = [_verdict(statement, from_domain) for field in trusted for statement in field if statement[:1] == ["dmarc"]]
    return max(verdicts, key=_ORDER.index, default="none")


def _server(field: str) -> str:
    """The authserv-id: the first token outside comments."""
    tokens = list(_outside_comments(field))
    return tokens[0].strip('"').lower() if tokens else ""


def _statements(field: str) -> Iterator[list[str]]:
    """The parts between semicolons behind the server's name, as tokens without ``=``."""
    current: list[str] = []
    for token in _outside_comments(field):
        if token == ";":
            yield current
            current = []
        elif token != "=":
            current.append(token.strip('"').lower())
    yield current


def _outside_comments(field: str) -> Iterator[str]:
    depth = 0
    for match in _TOKEN.finditer(field):
        token = match[0]
        if token in "()":
            depth = max(0, depth + (1 if token == "(" else -1))
        elif depth == 0:
            yield token


def _verdict(statement: list[str], from_domain: str) -> Result:
    """A pass counts only for the very domain that stands in From."""
    said = statement[1] if len(statement) > 1 else "none"
    pairs = dict(zip(statement[2:], statement[3:], strict=False))
    domain = pairs.get("header.from", "").rstrip(".")
    if said == "pass":
        return "pass" if domain and domain == _ascii(from_domain) else "fail"
    return "fail" if said in ("fail", "permerror", "temperror", "reject", "quarantine") else "none"


def _ascii(domain: str) -> str:
    try:
        return domain.lower().rstrip(".").encode("idna").decode()
    except UnicodeError:
        return domain.lower().rstrip(".")
