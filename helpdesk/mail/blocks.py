"""Attached files pass the parser by: long blocks of base64 are taken out before it, and put back behind it.

The parser makes an object of each line and compares it with every boundary, which for a mail with a picture takes ten
times as long as all else. A block holds nothing that the parser could find, neither a boundary nor a field.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from email.message import Message

LEAST_BYTES = 20_000  # of a body in which blocks are looked for; a smaller one is parsed as fast

NUMBER_DIGITS = 8  # of the number of a block
# Whole lines of base64 right behind the empty line that ends the fields of a part.
_BLOCK = re.compile(rb"\n\r?\n((?:[A-Za-z0-9+/]{60,76}+\r?\n){50,}+)")


class Blocks:
    """A body without its long blocks (``short``), and what is needed to put them back."""

    def __init__(self, body: bytes) -> None:
        # A line of base64 stands for each block, of digits that nobody can know, so that it is in no mail.
        self._mark = secrets.token_hex(16)
        self._blocks: list[str] = []
        kept: list[bytes] = []
        position = 0
        for match in _BLOCK.finditer(body) if len(body) >= LEAST_BYTES else ():
            start, end = match.span(1)
            # The last line end may belong to the boundary below.
            end -= 2 if body[end - 2 : end] == b"\r\n" else 1
            number = f"{len(self._blocks):0{NUMBER_DIGITS}d}"
            kept += [body[position:start], f"{self._mark}{number}".encode()]
            self._blocks.append(body[start:end].decode("ascii"))
            position = end
        self.short = b"".join([*kept, body[position:]]) if kept else body

    def put_back(self, message: Message) -> bool:
        """Give the parts of a parsed mail their blocks; whether all of them were found again, as nearly always.

        Else the mail is to be parsed as it is: a block may stand behind the last part, or in one with eight-bit
        characters, whose text cannot be had as it was.
        """
        left = len(self._blocks)
        for part in message.walk() if left else ():
            above, *behind = _written(part).split(self._mark)
            if behind:
                numbers = [int(piece[:NUMBER_DIGITS]) for piece in behind]
                left -= len(numbers)
                pairs = zip(numbers, behind, strict=True)
                part.set_payload(above + "".join([self._blocks[n] + piece[NUMBER_DIGITS:] for n, piece in pairs]))
        return left == 0


def parsed(header: bytes, body: bytes, read: Callable[[bytes, bytes], Message]) -> Message:
    """What ``read`` makes of a mail's header and body, with the blocks led round it."""
    blocks = Blocks(body)
    message = read(header, blocks.short)
    return message if blocks.put_back(message) else read(header, body)


def _written(part: Message) -> str:
    """The text of a part when it is ASCII, else ""."""
    try:
        payload = part.get_payload()
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return payload if isinstance(payload, str) and payload.isascii() else ""
