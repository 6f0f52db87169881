"""Mails as they lie in the database: zlib, as fast as it goes."""

from __future__ import annotations

import zlib

# A longer mail carries files in base64, packed inside already: a search for what comes again finds nothing there and
# takes most of the time. To give frequent characters fewer bits is enough for the quarter that base64 adds.
SEARCHED_BYTES = 65_536
FASTEST = 1  # zlib's level: on mails it takes a third of the time of level 6 for a few per cent more bytes
WINDOW_BITS = 15  # zlib's format with its largest window; what `zlib.compress` writes
MEMORY = 8  # zlib's default


def press(raw: bytes) -> bytes:
    """The same bytes, shorter; `zlib.decompress` gives them back."""
    if len(raw) <= SEARCHED_BYTES:
        return zlib.compress(raw, FASTEST)
    pressing = zlib.compressobj(FASTEST, zlib.DEFLATED, WINDOW_BITS, MEMORY, zlib.Z_HUFFMAN_ONLY)
    return pressing.compress(raw) + pressing.flush()
