"""Mails as they lie in the database: zlib, as fast as it goes."""

from __future__ import annotations

import zlib

from helpdesk.errors import StoreBroken

# A longer mail carries files in base64, packed inside already: a search for what comes again finds nothing there and
# takes most of the time. To give frequent characters fewer bits is enough for the quarter that base64 adds.
SEARCHED_BYTES = 65_536
FASTEST = 1  # zlib's level: on mails it takes a third of the time of level 6 for a few per cent more bytes
WINDOW_BITS = 15  # zlib's format with its largest window; what `zlib.compress` writes
MEMORY = 8  # zlib's default


def press(raw: bytes) -> bytes:
    """The same bytes, shorter; `unpress` gives them back."""
    if len(raw) <= SEARCHED_BYTES:
        return zlib.compress(raw, FASTEST)
    pressing = zlib.compressobj(FASTEST, zlib.DEFLATED, WINDOW_BITS, MEMORY, zlib.Z_HUFFMAN_ONLY)
    return pressing.compress(raw) + pressing.flush()


def unpress(pressed: bytes, what: str) -> bytes:
    """The bytes as they were. Raises StoreBroken when they are damaged, in a sentence about ``what``, as "mail 7".

    A bit that turns over on a disk shows here first: databases do not look into what they keep.
    """
    try:
        return zlib.decompress(pressed)
    except zlib.error as error:
        message = (
            f"The bytes of {what} in the database are damaged ({error}): look at the disk that it lies on, and put "
            "back a backup from before with `helpdesk restore FILE`."
        )
        raise StoreBroken(message) from error
