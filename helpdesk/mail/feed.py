"""The standard library's parser, fed in pieces: a mail given at once is copied, with four bytes for a character."""

from __future__ import annotations

import email
from email.parser import BytesFeedParser

from helpdesk.mail.structure import Node

PIECE_BYTES = 65_536  # given to the parser at once; it copies each piece several times


def message(header: bytes, body: bytes) -> Node:
    """The parsed structure of a mail; ``header`` ends with a line end, the empty line is not part of either."""
    head: Node = email.message_from_bytes(header)
    if head.get_content_maintype() not in ("multipart", "message"):
        # There is nothing to find in such a body, and the parser would make an object of each of its lines.
        head.set_payload(body.decode("ascii", "surrogateescape"))
        return head
    parser: BytesFeedParser[Node] = BytesFeedParser()
    parser.feed(header + b"\n")
    for start in range(0, len(body), PIECE_BYTES):
        parser.feed(body[start : start + PIECE_BYTES])
    return parser.close()
