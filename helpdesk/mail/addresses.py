"""Mailboxes out of address fields (RFC 5322 3.4) as people and programs really write them, in linear time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from helpdesk.mail import headers, text
from helpdesk.mail.message import Address

ADDRESS_CHARACTERS = 320  # 64 for the local part, 255 for the domain (RFC 5321 4.5.3.1); longer ones cannot be answered

_PLAIN = r"<[^<>]*>|\[[^\[\]]*\]|[(),;:]|[^\"<>(),;:\[\]]+|."
_TOKEN = re.compile(rf'"(?:[^"\\]|\\.)*"|{_PLAIN}', re.DOTALL)
# Behind a quote that is never closed quotes mean nothing; to look for the end of each would take quadratic time.
_TOKEN_UNQUOTED = re.compile(_PLAIN, re.DOTALL)
_PAREN = re.compile(r"\\.|[()]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ATOM = r"[^\s@<>\"(),;:\[\]\\]"
_DOMAIN = rf"(?:\[[0-9A-Za-z:.]{{2,60}}\]|{_ATOM}{{1,255}}+)"
_LOCAL = rf'(?:"(?:[^"\\]|\\.){{1,320}}+"|{_ATOM}{{1,320}}+)'
_ADDRESS = re.compile(rf"(?<!{_ATOM}){_LOCAL}@{_DOMAIN}")
# What needs no closer look, as nearly every address.
_ORDINARY = re.compile(r"[A-Za-z0-9_+=-]+(?:\.[A-Za-z0-9_+=-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_ROUTE = re.compile(r"@[^:<>]*:")
_LOOSE = re.compile(r"[ \t]*([@.])[ \t]*")
_AROUND_AT = re.compile(r"[ \t]{0,5}@[ \t]{0,5}")
_MAILTO = re.compile(r"mailto:", re.IGNORECASE)


@dataclass(slots=True)
class _Item:
    """What stands between two commas."""

    words: list[str] = field(default_factory=list)
    angles: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    at: bool = False
    """Whether an ``@`` stands outside brackets and comments."""


def read(values: Iterable[str], limit: int, hint: str | None = None) -> tuple[Address, ...]:
    """The mailboxes of all fields of one name, at most ``limit``; groups are opened, names without address left out."""
    found: list[Address] = []
    for value in values:
        line = headers.eight_bit(headers.unfold(value), hint)
        mailboxes = _mailboxes(line)
        if not mailboxes and "=?" in line:
            # Some programs encode the whole field, addresses and all.
            mailboxes = _mailboxes(headers.decode_words(line))
        found += mailboxes
        if len(found) >= limit:
            break
    return tuple(found[:limit])


def one(value: str) -> str | None:
    """The only address in a text such as Return-Path, lower case; None when there is none, or more than one."""
    found = {address.key for address in read([value], 2)}
    return found.pop() if len(found) == 1 else None


def _mailboxes(line: str) -> list[Address]:
    if len(line) <= ADDRESS_CHARACTERS and _ORDINARY.fullmatch(line):
        return [Address(name=None, address=line)]
    found: list[Address] = []
    name_so_far: list[str] = []
    for item in _items(line):
        if item.angles:
            item.words[:0] = name_so_far
            name_so_far = []
            found += _with_angles(item)
        elif item.at:
            name_so_far = []
            found += _without_angles(item)
        else:
            # "Doe, John <john@x.example>" without quotes: the comma belongs to the name.
            name_so_far += [*item.words, ", "] if item.words else []
    return found


def _items(line: str) -> list[_Item]:
    items = [_Item()]
    position, pattern = 0, _TOKEN
    while (match := pattern.match(line, position)) is not None:
        token, position = match[0], match.end()
        if token == "(":
            comment, position = _comment(line, position)
            items[-1].comments.append(comment)
        elif token in ",;":
            items.append(_Item())
        elif token == ":" and not items[-1].angles and not items[-1].at:
            items[-1] = _Item()
        elif token[0] == "<" and len(token) > 1:
            items[-1].angles.append(token[1:-1])
        elif token == '"':
            pattern = _TOKEN_UNQUOTED
        elif token not in ("<", ">", ")"):
            items[-1].words.append(token)
            items[-1].at = items[-1].at or ("@" in token and token[0] != '"')
    return items


def _comment(line: str, start: int) -> tuple[str, int]:
    """The text of a comment that may hold comments, and where it ends; without an end it is the rest."""
    depth = 1
    for match in _PAREN.finditer(line, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return line[start : match.start()], match.end()
    return line[start:], len(line)


def _with_angles(item: _Item) -> list[Address]:
    addresses = [address for angle in item.angles if (address := _specification(angle))]
    if not addresses and item.at:
        return _without_angles(item)
    name = _name(item.words, item.comments)
    return [Address(name=name if number == 0 else None, address=found) for number, found in enumerate(addresses)]


def _without_angles(item: _Item) -> list[Address]:
    """``a@x.example (Name)``, ``Name a@x.example``, or two addresses with the comma forgotten."""
    # What is quoted and holds an @ is a name: whoever claims another's address in his name does not get it.
    spoken = "".join(word for word in item.words if not (word[0] == '"' and "@" in word))
    line = _AROUND_AT.sub("@", _MAILTO.sub("", spoken))
    written = [match[0] for match in _ADDRESS.finditer(line) if _alone(line, match)]
    addresses = [found for address in written if (found := _specification(address))]
    rest = _ADDRESS.sub(" ", line) if addresses else ""
    name = _name([rest], []) or _name([], item.comments)
    return [Address(name=name if number == 0 else None, address=found) for number, found in enumerate(addresses)]


def _alone(line: str, match: re.Match[str]) -> bool:
    """Whether the address is whole: ``a@b@c`` could be read as two people, so it is nobody."""
    before, after = line[match.start() - 1 : match.start()], line[match.end() : match.end() + 1]
    return before != "@" and after != "@"


def _specification(content: str) -> str | None:
    """The addr-spec in angle brackets: without route, spaces and ``mailto:``; None when it cannot be one.

    Nothing is taken out of the middle of it: with a space or a hidden character it is not another person's address.
    """
    if len(content) > 2 * ADDRESS_CHARACTERS:
        return None
    if len(content) <= ADDRESS_CHARACTERS and _ORDINARY.fullmatch(content):
        return content
    line = text.one_line(text.unmasked(content)).strip("' ")
    cleaned = _MAILTO.sub("", _ROUTE.sub("", line, count=1)).rstrip(". ")
    if '"' not in cleaned:
        cleaned = _LOOSE.sub(r"\1", cleaned)
    match = _ADDRESS.fullmatch(cleaned)
    return match[0] if match and len(match[0]) <= ADDRESS_CHARACTERS else None


def _name(words: list[str], comments: list[str]) -> str | None:
    """The display name: quotes and encoding taken off, a comment behind it in brackets, or alone without them."""
    phrase = "".join(_unquoted(word) for word in words).strip(" ,")
    name = headers.decode_words(_around_words(phrase))
    if len(name) > 2 and name[0] == name[-1] == "'":
        # Exchange puts quotes around a name that it has from an address.
        name = name[1:-1]
    notes = " ".join(headers.decode_words(_unescaped(comment)) for comment in comments)
    if name.strip() and notes.strip():
        notes = f"({notes})"
    return text.one_line(f"{name} {notes}") or None


def _around_words(phrase: str) -> str:
    return re.sub(r"\s+", " ", phrase)


def _unquoted(word: str) -> str:
    return _unescaped(word[1:-1]) if len(word) > 1 and word[0] == word[-1] == '"' else word


def _unescaped(word: str) -> str:
    return _ESCAPED.sub(r"\1", word)
