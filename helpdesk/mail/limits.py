"""What a mail may cost: limits that are checked, and kept by cutting, before any parser sees the bytes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import chain

from helpdesk.errors import MailError

_UTF16_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_UTF8_MARK = b"\xef\xbb\xbf"
BLANK_FIRST = "blank line before the header"

_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")
_BARE_CR = re.compile(rb"\r(?!\n)")
# Fields that show that a header block goes on behind a line that is none.
_KNOWN_FIELD = re.compile(
    rb"\n(?:from|to|cc|subject|date|received|return-path|reply-to|sender|message-id|in-reply-to|references"
    rb"|mime-version|content-[a-z-]+|x-[a-z0-9-]+|list-[a-z-]+|dkim-signature|auto-submitted|precedence)[ \t]*:",
    re.IGNORECASE,
)
_BOUNDARY = re.compile(rb"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))""", re.IGNORECASE)
# The parser looks for a mail inside everything that calls itself message/..., and takes a bare CR for a line end.
_STRUCTURE = re.compile(
    rb"""boundary\s*=\s*(?:"([^"\r\n]{1,200})"|([^\s;"]{1,200}))"""
    rb"""|(?:^|\r)(content-type[ \t]*:\s*message/)|^--([^\r\n]{1,210})""",
    re.IGNORECASE | re.MULTILINE,
)


# The fields of a part that parsers take apart, each with its folded lines.
_BLANK_LINE = re.compile(rb"\n\r?(?=\n)")
_PART_FIELD = rb"(content-(?:type|disposition)[ \t]*:[^\n]*(?:\n[ \t][^\n]*)*)"
# Two patterns instead of one with ``^``: what begins with a line end is looked for at line ends only.
_FIRST_PART_FIELD = re.compile(_PART_FIELD, re.IGNORECASE)
_NEXT_PART_FIELD = re.compile(rb"\n" + _PART_FIELD, re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """How much of a mail is read; what is over a limit is kept in the raw mail and left out of the parsed one."""

    mail_bytes: int = 40_000_000
    """Above this only the header block is read; the mailbox's own ``maximum_mb`` refuses such mail much earlier."""
    header_bytes: int = 262_144
    field_bytes: int = 32_768
    fields: int = 1_000
    part_field_bytes: int = 4_096
    """Of Content-Type and Content-Disposition inside the body; the standard library reads them in quadratic time."""
    part_fields_cost: int = 1_000_000_000
    """Squares of the lengths of all such fields; half a second. A mail with more was made to hurt, and is read flat."""
    depth: int = 30
    """Levels of multipart and message/rfc822 inside each other."""
    parts: int = 500
    lines: int = 2_000_000
    """The standard library's parser spends half a microsecond on each; with more lines a mail takes too long."""
    report_blank_lines: int = 50_000
    """In a mail with a delivery report; the standard library makes a mail of each group of fields in it."""
    addresses: int = 200
    references: int = 100
    """The first, and as many of the last as fit (RFC 5322 3.6.4 lets a program cut the middle)."""
    text_characters: int = 200_000
    html_characters: int = 300_000
    """Some HTML costs its cleaner quadratic time: half a second at this length, several at a million."""


STANDARD = Limits()


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """Bytes that are safe to parse: the header block within its limits, and the body as it came."""

    header: bytes
    body: bytes
    flat: bool = False
    """The structure of the body is beyond the limits: it is to be read as plain text."""
    tampered: bool = False
    defects: tuple[str, ...] = ()

    @property
    def data(self) -> bytes:
        """The whole mail."""
        return self.header + b"\n" + self.body


def prepare(raw: bytes, limits: Limits) -> Prepared:
    """Cut a mail to its limits; MailError when there is nothing in it."""
    data, defects = _readable(raw)
    if not data.strip(b"\r\n\t \0"):
        message = "The mail is empty."
        raise MailError(message)
    block, body = _split(data)
    tampered = _tampered(block)
    header, rest, found = _header(block, limits)
    body = rest + b"\n" + body if rest else body
    flat = _too_much(header, body, limits)
    if not flat:
        body, cost = _short_part_fields(body, limits)
        flat = ("body not read: part headers too long",) if cost > limits.part_fields_cost else ()
    return Prepared(header=header, body=body, flat=bool(flat), tampered=tampered, defects=(*defects, *found, *flat))


def _short_part_fields(body: bytes, limits: Limits) -> tuple[bytes, int]:
    """The body with overlong fields of its parts cut, and what it will cost to read all of them."""
    kept: list[bytes] = []
    position = cost = 0
    first = _FIRST_PART_FIELD.match(body)
    for match in chain(filter(None, (first,)), _NEXT_PART_FIELD.finditer(body)):
        length = min(match.end() - match.start(1), limits.part_field_bytes)
        cost += length * length
        if match.start(1) + length < match.end():
            kept.append(body[position : match.start(1) + length])
            position = match.end()
    return (b"".join([*kept, body[position:]]) if kept else body), cost


def _readable(raw: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The mail without what programs put before it when they save it to a file."""
    defects: list[str] = []
    data = raw
    if (encoding := _UTF16_MARKS.get(raw[:2])) is not None:
        data = raw[2:].decode(encoding, "replace").encode()
    data = data.removeprefix(_UTF8_MARK)
    if b"\n" not in data:
        data = data.replace(b"\r", b"\n")
    stripped = data.lstrip(b"\r\n")
    if stripped and stripped != data:
        defects.append(BLANK_FIRST)
    while stripped.startswith((b"From ", b">From ")) and not _FIELD.match(stripped):
        stripped = stripped.partition(b"\n")[2]
    return stripped, tuple(defects)


def _split(data: bytes) -> tuple[bytes, bytes]:
    """Header block (with its last line end, without the empty line) and body; all of it where there is no such line."""
    wire = data.find(b"\n\r\n")
    bare = data.find(b"\n\n", 0, wire + 1 if wire >= 0 else None)
    end = bare if bare >= 0 else wire
    if end < 0:
        return data, b""
    return data[:end].removesuffix(b"\r") + b"\n", data[end + (2 if bare >= 0 else 3) :]


def _tampered(block: bytes) -> bool:
    """Whether programs could disagree about where lines end: a bare CR, NUL, or bare LF where the first line has CRLF.

    Files mostly have bare LF throughout, so the first line, which the last server wrote, says what is normal here.
    """
    wire_ends = block.count(b"\r\n")
    if b"\0" in block or block.count(b"\r") > wire_ends:
        return True
    wire = block.partition(b"\n")[0].endswith(b"\r")
    # The last line end is our own.
    return wire and block.count(b"\n", 0, -1) > block.count(b"\r\n", 0, -1)


def _header(block: bytes, limits: Limits) -> tuple[bytes, bytes, tuple[str, ...]]:
    """The fields within the limits, what turned out to be body, and what was wrong."""
    lines = _BARE_CR.sub(b" ", block).replace(b"\0", b"").split(b"\n")
    fields: list[bytes] = []
    defects: dict[str, None] = {}
    total = 0
    for number, line in enumerate(lines):
        line = line.rstrip(b"\r")
        if line[:1] in (b" ", b"\t"):
            if fields and line.strip():
                fields[-1] += b"\n" + line if len(fields[-1]) < limits.field_bytes else b""
            continue
        if not line:
            continue
        match = _FIELD.match(line)
        if match is None:
            rest = b"\n".join(lines[number:])
            if not fields or not _KNOWN_FIELD.search(b"\n" + rest):
                defects["no header" if not fields else "no empty line behind the header"] = None
                return _join(fields, limits), rest, tuple(defects)
            defects["a line in the header is no field"] = None
            continue
        if len(fields) >= limits.fields or total > limits.header_bytes:
            defects["header cut: too much"] = None
            break
        total += len(line)
        fields.append(match[1] + b":" + line[match.end() :])
    return _join(fields, limits), b"", tuple(defects)


def _join(fields: list[bytes], limits: Limits) -> bytes:
    """The fields, each and all within their limits."""
    kept, total = [], 0
    for field in fields:
        cut = field[: limits.field_bytes]
        total += len(cut)
        if total > limits.header_bytes:
            break
        kept.append(cut.rstrip())
    return b"".join(field + b"\n" for field in kept)


def _too_much(header: bytes, body: bytes, limits: Limits) -> tuple[str, ...]:
    """Why the structure of the body is not to be read; empty when it is."""
    if len(body) > limits.mail_bytes:
        return ("body not read: too big",)
    if body.count(b"\n") > limits.lines:
        return ("body not read: too many lines",)
    declared = header.lower()
    if b"multipart/" not in declared and b"message/" not in declared:
        return ()
    lowered = body.lower()
    if b"/delivery-status" in declared + lowered and len(_BLANK_LINE.findall(body)) > limits.report_blank_lines:
        return ("body not read: too many blank lines in a delivery report",)
    marks = lowered.count(b"boundary") + lowered.count(b"message/")
    if marks >= limits.depth and _depth(header + b"\n" + body, stop=limits.depth) > limits.depth:
        return ("body not read: nested too deep",)
    return ()


def _depth(data: bytes, *, stop: int) -> int:
    """How deep parts stand inside each other, in one pass; the count ends soon above ``stop``.

    A line with an open boundary closes all that was opened inside it, as the parser does.
    """
    opened: list[bytes | None] = []
    deepest = 0
    for match in _STRUCTURE.finditer(data):
        quoted, bare, message, line = match.groups()
        if line is not None:
            _close(opened, line.rstrip())
            continue
        opened.append(None if message else quoted or bare)
        deepest = max(deepest, len(opened))
        if deepest > stop:
            break
    return deepest


def _close(opened: list[bytes | None], line: bytes) -> None:
    """Forget what stands inside the part whose boundary this line is."""
    for boundary, keep in ((line, True), (line.removesuffix(b"--"), False)):
        if boundary in opened:
            at = len(opened) - 1 - opened[::-1].index(boundary)
            del opened[at + 1 if keep else at :]
            return
