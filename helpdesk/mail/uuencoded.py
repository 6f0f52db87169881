"""Files that old programs write between the words: ``begin 644 name``, lines of signs, ``end`` (POSIX uuencode)."""

from __future__ import annotations

import base64
import binascii
import re
from email.message import Message

from helpdesk.mail import text

FILES = 50  # in one part; the search for more would only cost time
_FILE = re.compile(
    rb"^begin [0-7]{3,4} (?P<name>[^\r\n]{1,255})\r?\n(?P<lines>(?:[\x20-\x60]{1,62}\r?\n)+)"
    rb"(?:`?\r?\n)?end[ \t]*(?:\r?\n|$)",
    re.MULTILINE,
)


def may_hold(data: bytes) -> bool:
    """A cheap look at the text of a part, which hardly ever holds such a file."""
    return b"begin " in data and b"\nend" in data


def apart(data: bytes) -> tuple[bytes, list[tuple[str, bytes]]]:
    """The words without the files, and name and bytes of each file; what cannot be decoded stays where it is."""
    files: list[tuple[str, bytes]] = []

    def taken(match: re.Match[bytes]) -> bytes:
        content = _decoded(match["lines"])
        if content is None or len(files) >= FILES:
            return match[0]
        files.append((text.file_name(match["name"].decode("utf-8", "replace").strip()), content))
        return b""

    rest = _FILE.sub(taken, data)
    return rest, files


def part(name: str, content: bytes) -> Message[str, str]:
    """The file as the part that it would be in a mail of today."""
    made: Message[str, str] = Message()
    made["Content-Type"] = "application/octet-stream"
    made.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name or "file"))
    made["Content-Transfer-Encoding"] = "base64"
    made.set_payload(base64.b64encode(content).decode("ascii"))
    return made


def _decoded(lines: bytes) -> bytes | None:
    found = bytearray()
    for line in lines.splitlines():
        if line.strip() in (b"", b"`"):
            continue
        try:
            found += binascii.a2b_uu(line)
        except binascii.Error:
            return None
    return bytes(found)
