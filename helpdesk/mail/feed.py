"""The standard library's parser, fed in pieces: a mail given at once is copied, with four bytes for a character."""

from __future__ import annotations

import email
from email.message import Message
from email.parser import BytesFeedParser
from typing import Any

from helpdesk.mail import parameters
from helpdesk.mail.structure import Node

PIECE_BYTES = 65_536  # given to the parser at once; it copies each piece several times


class _Part(Message):
    """A part with a boundary, whatever its other parameters are: the library cannot sort ``a*0*=x; a*=y``."""

    def get_boundary(self, failobj: Any = None) -> Any:
        """As the library finds it, or as we do where it raises."""
        try:
            return super().get_boundary(failobj)
        except TypeError:
            return parameters.read(str(self.get("content-type", ""))).get("boundary") or failobj


def message(header: bytes, body: bytes) -> Node:
    """The parsed structure of a mail; ``header`` ends with a line end, the empty line is not part of either."""
    head: Node = email.message_from_bytes(header, _Part)
    if head.get_content_maintype() not in ("multipart", "message"):
        # There is nothing to find in such a body, and the parser would make an object of each of its lines.
        head.set_payload(body.decode("ascii", "surrogateescape"))
        return head
    parser: BytesFeedParser[Node] = BytesFeedParser(_Part)
    parser.feed(header + b"\n")
    for start in range(0, len(body), PIECE_BYTES):
        parser.feed(body[start : start + PIECE_BYTES])
    return parser.close()
