"""What stands in for a mail that is not taken in whole: its header and a note, so that a ticket opens all the same."""

from __future__ import annotations

import re

MEGABYTE = 2**20

# These describe the body that is missing; believed, they would hide the note.
BODY_FIELDS = re.compile(rb"^(content-[^:\s]*|mime-version)\s*:", re.IGNORECASE)
FIELD = re.compile(rb"^[!-9;-~]+[ \t]*:")
NOTE_FIELDS = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"


def oversize(header: bytes, *, size: int, limit: int, folder: str) -> bytes:
    """A small mail in place of one of ``size`` bytes, more than ``limit``."""
    note = (
        f"This mail has {size / MEGABYTE:.1f} MB, more than the {limit // MEGABYTE} MB that are taken in. "
        f"Only its header was fetched; the mail itself lies untouched in the folder {folder} of the mailbox."
    )
    return _stub(header, note)


def unreadable(*, uid: int, folder: str) -> bytes:
    """A small mail in place of one that the server lists but does not hand out."""
    note = (
        f"The mail server lists a mail in the folder {folder} (UID {uid}) but does not hand out its content. "
        "It lies untouched in the mailbox."
    )
    return _stub(b"", note)


def _stub(header: bytes, note: str) -> bytes:
    kept = b"".join(_without_body_fields(header))
    return kept + NOTE_FIELDS + b"\r\n" + note.encode() + b"\r\n"


def _without_body_fields(header: bytes) -> list[bytes]:
    """The fields that may stay, each line with CRLF; a line that was cut off by the limit goes, too."""
    kept: list[bytes] = []
    keeping = False
    for line in header.splitlines(keepends=True):
        if not line.endswith((b"\r", b"\n")) or not line.strip():
            break
        if not line.startswith((b" ", b"\t")):
            keeping = bool(FIELD.match(line)) and not BODY_FIELDS.match(line)
        if keeping:
            kept.append(line.rstrip(b"\r\n") + b"\r\n")
    return kept
