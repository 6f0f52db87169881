"""Parameters of Content-Type and Content-Disposition (RFC 2045, RFC 2231), as broken as they come, in linear time."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from helpdesk.mail import charsets, headers

FIELD_CHARACTERS = 8_000  # of one field; long names in RFC 2231 pieces make two thousand
SECTIONS = 200  # pieces of one parameter (RFC 2231 3)

_VALUE = re.compile(
    r'\s{0,99}([^\s=;"]{1,80})\s{0,99}=\s{0,99}(?:"((?:[^"\\]|\\.){0,4000})"?|([^;]{0,4000}))', re.DOTALL
)
_ESCAPED = re.compile(r'\\(["\\])')
_SECTION = re.compile(r"([^*]{1,60})(?:\*([0-9]{1,3}))?(\*)?")


def read(value: str) -> dict[str, str]:
    """Each parameter by name in lower case, the first of one name; pieces are joined and all encodings undone."""
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    found: dict[str, str] = {}
    for name, written in _pairs(value):
        match = _SECTION.fullmatch(name)
        if match is None or (match[2] is None and match[3] is None):
            found.setdefault(name, headers.decode(written))
        elif len(pieces.setdefault(match[1], {})) < SECTIONS:
            pieces[match[1]].setdefault(int(match[2] or 0), (written, match[3] is not None))
    for name, sections in pieces.items():
        found[name] = _joined([sections[number] for number in sorted(sections)]) or found.get(name, "")
    return found


def _pairs(value: str) -> list[tuple[str, str]]:
    """Names (lower case) and values in order; quotes taken off, what stands in no pair passed over."""
    line = headers.unfold(value[:FIELD_CHARACTERS])
    found: list[tuple[str, str]] = []
    position = line.find(";") + 1
    while position > 0 and position < len(line):
        match = _VALUE.match(line, position)
        if match is None:
            position = line.find(";", position) + 1
            continue
        written = _ESCAPED.sub(r"\1", match[2]) if match[2] is not None else match[3].strip().strip("'\"")
        found.append((match[1].lower(), written))
        position = line.find(";", match.end()) + 1
    return found


def _joined(sections: list[tuple[str, bool]]) -> str:
    """RFC 2231 4: ``utf-8'hu'els%C5%91`` first, then pieces that may be encoded, too."""
    charset: str | None = None
    data = b""
    for number, (written, encoded) in enumerate(sections):
        piece = written
        if number == 0 and encoded and piece.count("'") >= 2:
            charset, _, piece = piece.split("'", 2)
        data += unquote_to_bytes(headers.octets(piece)) if encoded else headers.octets(piece)
    return headers.decode(charsets.decode(data, charset))
