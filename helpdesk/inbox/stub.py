"""What stands in for a mail that is not taken in whole: its header and a note, so that a ticket opens all the same."""

from __future__ import annotations

import io
import re

MEGABYTE = 2**20
UTF8_MARK = b"\xef\xbb\xbf"  # some programs put it before what they save

# These describe the body that is missing; believed, they would hide the note.
BODY_FIELDS = re.compile(rb"^(content-[^:\s]*|mime-version)\s*:", re.IGNORECASE)
FIELD = re.compile(rb"^[!-9;-~]+[ \t]*:")
NOTE_FIELDS = b"MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"


def oversize(header: bytes, *, size: int, limit: int, folder: str) -> bytes:
    """A small mail in place of one of ``size`` bytes in a mailbox, more than ``limit``."""
    where = f"Only its header was fetched; the mail itself lies untouched in the folder {folder} of the mailbox."
    return _stub(header, f"{_too_large(size, limit)} {where}")


def oversize_file(header: bytes, *, size: int, limit: int, file: str) -> bytes:
    """The same for a mail in a file."""
    where = f"Only its header was taken; the whole mail stays in the file {file}, untouched."
    return _stub(header, f"{_too_large(size, limit)} {where}")


def oversize_pipe(header: bytes, *, size: int, limit: int) -> bytes:
    """The same for a mail that a mail server passed on; it has no copy any more when this is kept."""
    where = (
        "Our mail server passed it on through a pipe and only its header was kept. "
        "What else it says is not here: ask the sender to write again in a smaller mail."
    )
    return _stub(header, f"{_too_large(size, limit)} {where}")


def unreadable(*, uid: int, folder: str) -> bytes:
    """A small mail in place of one that the server lists but does not hand out."""
    note = (
        f"The mail server lists a mail in the folder {folder} (UID {uid}) but does not hand out its content. "
        "It lies untouched in the mailbox."
    )
    return _stub(b"", note)


def _too_large(size: int, limit: int) -> str:
    return f"This mail has {size / MEGABYTE:.1f} MB, more than the {limit // MEGABYTE} MB that are taken in."


def _stub(header: bytes, note: str) -> bytes:
    kept = b"".join(_without_body_fields(header))
    return kept + NOTE_FIELDS + b"\r\n" + note.encode() + b"\r\n"


def _without_body_fields(header: bytes) -> list[bytes]:
    """The fields that may stay, byte for byte; a line that was cut off by the limit goes, too.

    A bare CR stays inside its line, and no line end is made another: they are what shows that a header was forged.
    """
    kept: list[bytes] = []
    keeping = False
    for line in io.BytesIO(header.removeprefix(UTF8_MARK).lstrip(b"\r\n")):
        if not line.endswith(b"\n") or not line.strip(b"\r\n"):
            break
        if not line.startswith((b" ", b"\t")):
            keeping = bool(FIELD.match(line)) and not BODY_FIELDS.match(line)
        if keeping:
            kept.append(line)
    return kept
