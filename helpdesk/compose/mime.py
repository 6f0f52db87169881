"""The bytes of a letter, written by hand: short lines, CRLF only, ASCII headers (RFC 5322, RFC 2045)."""

from __future__ import annotations

import binascii
import re
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from helpdesk.mail.text import clean, file_name, one_line

LINE = 76  # characters of a header line; RFC 5322 2.1.1 wants at most 78
PLAIN_LINE = 200  # longer lines of text are encoded, so that no server on the way breaks them
WORD_BYTES = 42  # bytes in one encoded word: 56 characters of base64 and 12 around them stay below 75 (RFC 2047 2)
NAME_PIECE = 60  # characters of one piece of a long file name (RFC 2231 3)
PHRASES = (
    200  # display names that are remembered as they are written: our own stand in every letter, most in two fields
)
SAFE_TYPE = "application/octet-stream"

# What a mail program would run or open inside itself, and what cannot be sent in base64 (RFC 2046 5.2.1).
_ACTIVE = re.compile(r"text/html|application/xhtml|image/svg|text/xml|application/xml|.*script|message/|multipart/")
_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
_NOT_IN_ADDRESS = re.compile(r"[\s<>\x00-\x1f\x7f]")
_ASCII = bytes(range(128))
_MANGLED = (b"From ", b"--=_")
_LINES = re.compile(b".{1,%d}" % LINE)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~ -]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """An attachment on its way out."""

    name: str
    type: str
    data: bytes


def header(name: str, value: str) -> str:
    """One unstructured field, folded and encoded (RFC 2047); whatever is in the value, it stays one field."""
    return _folded(name, encoded(value))


def field(name: str, pieces: Sequence[str]) -> str:
    """One structured field of ready pieces (addresses with commas, Message-IDs), folded between them."""
    return _folded(name, " ".join(map(one_line, pieces)))


def mailbox(name: str, address: str) -> str:
    """``"Kovács Anna" <anna@minta.example>`` for From, To, Cc and Reply-To."""
    spec = _NOT_IN_ADDRESS.sub("", ascii_domain(address))
    return f"{phrase} <{spec}>" if (phrase := _phrase(name)) else f"<{spec}>"


@lru_cache(PHRASES)
def _phrase(name: str) -> str:
    """A display name as it stands before an address (RFC 5322 3.2.5); "" when nothing of it can be seen."""
    line = one_line(name)
    if any(map(_needs_encoding, line.split(" "))):
        return _words(line)
    return line if _ATOMS.fullmatch(line) else '"{}"'.format(line.replace("\\", "\\\\").replace('"', '\\"'))


def ascii_domain(address: str) -> str:
    """The address with its domain as the DNS knows it (RFC 3490); as it is where that cannot be said."""
    local, at, domain = address.rpartition("@")
    if domain.isascii():
        return address
    try:
        return local + at + domain.encode("idna").decode()
    except UnicodeError:
        return address


def encoded(value: str) -> str:
    """An unstructured value; from the first to the last word that needs it in encoded words, the rest readable."""
    words = one_line(value).split()
    needing = [number for number, word in enumerate(words) if _needs_encoding(word)]
    if not needing:
        return " ".join(words)
    first, last = needing[0], needing[-1] + 1
    return " ".join([*words[:first], _words(" ".join(words[first:last])), *words[last:]])


def _needs_encoding(word: str) -> bool:
    return not word.isascii() or "=?" in word or len(word) > LINE - 10


def _words(text: str) -> str:
    """Encoded words, none of which cuts a character."""
    data, words = text.encode("utf-8", "replace"), []
    while data:
        end = WORD_BYTES
        # The bytes of a character behind its first one are 10xxxxxx.
        while end < len(data) and data[end] & 0b1100_0000 == 0b1000_0000:
            end -= 1
        words.append(f"=?utf-8?B?{b64encode(data[:end]).decode()}?=")
        data = data[end:]
    return " ".join(words)


def _folded(name: str, value: str) -> str:
    """The field on as many lines as it takes, folded where a space is."""
    if len(whole := f"{name}: {value}") <= LINE:
        return whole
    lines, line = [], f"{name}:"
    for piece in value.split(" "):
        if len(line) + 1 + len(piece) > LINE and not line.endswith(":"):
            lines.append(line)
            line = ""
        line += f" {piece}"
    return "\r\n".join([*lines, line])


def letter(fields: Sequence[str], text: str, html: str, attachments: Sequence[Part], boundary: str) -> bytes:
    """The whole mail; ``boundary`` is [a-z0-9] and different in every letter."""
    inside = _multipart("alternative", f"=_a_{boundary}", [_text("plain", text), _text("html", html)])
    if attachments:
        inside = _multipart("mixed", f"=_m_{boundary}", [inside, *map(_attached, attachments)])
    head = "\r\n".join([*fields, "MIME-Version: 1.0", ""])
    return head.encode() + inside


def _multipart(kind: str, boundary: str, parts: Sequence[bytes]) -> bytes:
    # "=_" stands in no base64 and no quoted-printable, so that no part can contain the boundary (RFC 2045 6.7).
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"\r\n\r\n'.encode()
    between = f"--{boundary}\r\n".encode()
    return head + b"".join(between + part + b"\r\n" for part in parts) + f"--{boundary}--\r\n".encode()


def _text(subtype: str, words: str) -> bytes:
    data = clean(words).rstrip("\n").replace("\n", "\r\n").encode("utf-8", "replace") + b"\r\n"
    encoding, body = _transfer(data)
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode() + body
    )


def _transfer(data: bytes) -> tuple[str, bytes]:
    """As it is when it is plain, else whichever way is shorter."""
    if data.isascii() and _is_plain(data):
        return "7bit", data
    based = _base64_length(data)
    if _quoted_at_least(data) > based:
        # Where there are many accents, to try the other way would be in vain.
        return "base64", _base64(data)
    quoted = binascii.b2a_qp(data, istext=True).replace(b"\r\nFrom ", b"\r\n=46rom ")
    if quoted.startswith(b"From "):
        quoted = b"=46rom " + quoted[5:]
    return ("base64", _base64(data)) if based < len(quoted) else ("quoted-printable", quoted)


def _is_plain(data: bytes) -> bool:
    """No line is long, or begins as servers change it: ``From `` begins a mail in an mbox, ``--=_`` our boundary."""
    if data.startswith(_MANGLED) or any(b"\r\n" + mangled in data for mangled in _MANGLED):
        return False
    return max(map(len, data.split(b"\r\n"))) <= PLAIN_LINE


def _base64(data: bytes) -> bytes:
    """In lines; encoded as a whole and cut then, which takes a tenth of the time of line by line."""
    return b"\r\n".join(_LINES.findall(binascii.b2a_base64(data, newline=False)))


def _quoted_at_least(data: bytes) -> int:
    """How many bytes quoted-printable takes at the least: three for an eight-bit byte, three for breaking a line."""
    written = len(data) + 2 * len(data.translate(None, _ASCII))
    return written + 3 * max(0, written // LINE - data.count(b"\n") - 1)


def _base64_length(data: bytes) -> int:
    """How many bytes `_base64` makes: four of three, and a line end between two lines."""
    written = (len(data) + 2) // 3 * 4
    return written + max(0, (written - 1) // LINE) * 2


def _attached(part: Part) -> bytes:
    kind = part.type.lower() if _TYPE.fullmatch(part.type.lower()) else SAFE_TYPE
    if _ACTIVE.match(kind):
        kind = SAFE_TYPE
    head = f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\nContent-Disposition: attachment;\r\n "
    return (head + _filename(part.name) + "\r\n\r\n").encode() + _base64(part.data)


def _filename(name: str) -> str:
    """``filename`` for what is ASCII, else RFC 2231, in pieces when it is long."""
    name = file_name(name) or "attachment"
    if name.isascii() and len(name) <= NAME_PIECE:
        return 'filename="{}"'.format(name.replace("\\", "_").replace('"', "_"))
    written = quote(name, safe="", encoding="utf-8", errors="replace")
    if len(written) <= NAME_PIECE:
        return f"filename*=utf-8''{written}"
    pieces = re.findall(rf"(?:%..|[^%]){{1,{NAME_PIECE // 3}}}", written)
    pieces[0] = f"utf-8''{pieces[0]}"
    return ";\r\n ".join(f"filename*{number}*={piece}" for number, piece in enumerate(pieces))
