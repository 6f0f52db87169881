"""The header block: fields by name, encoded words decoded (RFC 2047), Message-IDs picked out."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from collections.abc import Iterable
from email.message import Message
from email.policy import compat32

from helpdesk.mail import charsets, text

MESSAGE_ID_CHARACTERS = 998  # a line of a mail holds no more (RFC 5322 2.1.1)

# Fields that say how a mail is built; nothing else is needed to find its parts.
_STRUCTURAL = re.compile(rb"content-", re.IGNORECASE)
_NEXT_FIELD = re.compile(rb"\n(?![ \t])")
_FOLD = re.compile(r"\r?\n(?=[ \t])|[\r\n]+")
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,60})?\?([bBqQ])\?([^?]*)\?=")
_BETWEEN = re.compile(r"[ \t\r\n]*")
_MESSAGE_ID = re.compile(r"<([^<>\x00-\x20\x7f]{1,996})>")
_FOLDED_ID = re.compile(r"<([^<>]{1,2000})>")
_NOT_IN_ID = re.compile(r"[<>\s,;]+")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


class Fields:
    """The fields of one header block, by name without regard to case, in the order in which they stand."""

    def __init__(self, message: Message) -> None:
        self.items: list[tuple[str, str]] = [(name.lower(), str(value)) for name, value in message.raw_items()]
        self._values: dict[str, list[str]] = {}
        for name, value in self.items:
            self._values.setdefault(name, []).append(value)
        self.hint: str | None = None
        """The character set of the body: what raw eight-bit header text is likeliest in."""

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def names(self) -> Iterable[str]:
        """The names that are there, lower case, each once."""
        return self._values.keys()

    def raw(self, name: str) -> list[str]:
        """Every value of the field as it came: folded, encoded, eight-bit bytes as surrogate escapes."""
        return self._values.get(name, [])

    def all(self, name: str) -> list[str]:
        """Every value, unfolded, clean, with encoded words as they are."""
        return [plain(value, self.hint) for value in self.raw(name)]

    def first(self, name: str) -> str:
        """The first value that says anything, unfolded and clean; "" without one."""
        return next((value for value in self.all(name) if value), "")

    def decoded(self, name: str) -> str:
        """The first value that says anything, encoded words decoded, on one line."""
        return next((line for value in self.raw(name) if (line := decode(value, self.hint))), "")


def split(block: bytes) -> list[bytes]:
    """The fields of a header block, each with its folded lines and without its last line end."""
    return _NEXT_FIELD.split(block.rstrip(b"\n"))


def structural(block: bytes) -> bytes:
    """The part of a header block that says how the mail is built."""
    return b"".join(field + b"\n" for field in split(block) if _STRUCTURAL.match(field))


def replace(message: Message, block: bytes) -> None:
    """Give a parsed mail this header block, each field as the parser would have read it."""
    for name in set(message.keys()):
        del message[name]
    for field in split(block):
        if field:
            message.set_raw(*compat32.header_source_parse([field.decode("ascii", "surrogateescape")]))


def unfold(value: str) -> str:
    """The field on one line."""
    return (_FOLD.sub("", value) if "\n" in value or "\r" in value else value).strip()


def octets(value: str) -> bytes:
    """The bytes that a value of a parsed header stands for."""
    return value.encode("utf-8", "surrogateescape")


def eight_bit(value: str, hint: str | None) -> str:
    """A header value with its raw eight-bit bytes, or its ISO-2022 escapes, made readable."""
    if value.isascii() and "\x1b" not in value:
        return value
    data = octets(value)
    return charsets.decode(data, "iso-2022-jp" if b"\x1b$" in data else None, hint)


def plain(value: str, hint: str | None = None) -> str:
    """An unfolded, clean value with encoded words left as they are."""
    return text.one_line(eight_bit(unfold(value), hint))


def decode(value: str, hint: str | None = None) -> str:
    """A clean line with encoded words decoded; neighbours are joined before decoding, since mailers cut characters."""
    return text.one_line(decode_words(eight_bit(unfold(value), hint)))


def decode_words(value: str) -> str:
    """RFC 2047 for real mail: words inside quotes or glued to text are decoded too; what is broken stays as it is."""
    if "=?" not in value:
        return value
    out: list[str] = []
    pending: tuple[str, bytes] | None = None
    position = 0
    for match in _WORD.finditer(value):
        between = value[position : match.start()]
        data = _word_bytes(match[2], match[3])
        if pending and _BETWEEN.fullmatch(between) and pending[0] == match[1].lower():
            pending = (pending[0], pending[1] + data)
        else:
            if pending:
                out.append(charsets.decode(pending[1], pending[0]))
            out.append("" if pending and _BETWEEN.fullmatch(between) else between)
            pending = (match[1].lower(), data)
        position = match.end()
    if pending:
        out.append(charsets.decode(pending[1], pending[0]))
    return "".join([*out, value[position:]])


def _word_bytes(encoding: str, content: str) -> bytes:
    data = content.encode("utf-8", "replace")
    if encoding in "qQ":
        return quopri.decodestring(data.replace(b" ", b"_"), header=True)
    return lenient_base64(data)


def lenient_base64(data: bytes) -> bytes:
    """Base64 with whatever padding; characters that do not belong are passed over, a lone last one is dropped."""
    digits = _NOT_BASE64.sub(b"", data)
    if len(digits) % 4 == 1:
        digits = digits[:-1]
    try:
        return base64.b64decode(digits + b"=" * (-len(digits) % 4))
    except binascii.Error:
        return data


def message_id(values: Iterable[str]) -> str | None:
    """The first usable Message-ID, with angle brackets; None when there is none (RFC 5322 3.6.4)."""
    for value in values:
        if found := message_ids(value):
            return found[0]
        line = text.one_line(unfold(value)).strip("<> ")
        if line and len(line) <= MESSAGE_ID_CHARACTERS - 2 and " " not in line:
            return f"<{line}>"
    return None


def message_ids(value: str) -> list[str]:
    """All Message-IDs in a field, each once; folds inside one are taken out, phrases and comments are passed over."""
    line = text.one_line(_FOLD.sub("", value)) if len(value) < 2_000 else text.clean(_FOLD.sub("", value))
    found = [f"<{match[1]}>" for match in _MESSAGE_ID.finditer(line)]
    if not found:
        squeezed = (re.sub(r"\s", "", match[1]) for match in _FOLDED_ID.finditer(line))
        found = [f"<{item}>" for item in squeezed if "@" in item and len(item) <= MESSAGE_ID_CHARACTERS - 2]
    if not found:
        found = [
            f"<{word}>"
            for word in _NOT_IN_ID.split(line)
            if 0 < word.find("@") < len(word) - 1 < MESSAGE_ID_CHARACTERS - 2
        ]
    return list(dict.fromkeys(found))
