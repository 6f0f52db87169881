"""A multipart mail whose boundary is not stated, or stated wrongly: the boundary that its body shows is used."""

from __future__ import annotations

import re

from helpdesk.mail import feed, headers
from helpdesk.mail.limits import Prepared
from helpdesk.mail.structure import Node

LOOKED_AT = 100_000  # bytes of the body in which the first boundary stands, if there is one

_BOUNDARY = re.compile(
    rb"^--([^\s\"][^\r\n\"]{0,69})[ \t]{0,9}\r?\n(?=content-[a-z-]{2,30}:)", re.IGNORECASE | re.MULTILINE
)


def with_boundary(message: Node, prepared: Prepared) -> Node:
    """The same mail, parsed again with the boundary found; the mail as it was where none is needed or found."""
    if message.get_content_maintype() != "multipart" or message.is_multipart():
        return message
    found = _BOUNDARY.search(prepared.body[:LOOKED_AT])
    if found is None:
        return message
    head = [field for field in headers.split(prepared.header) if not field.lower().startswith(b"content-type:")]
    kind = message.get_content_type().encode("ascii", "replace")
    head.append(b"Content-Type: " + kind + b'; boundary="' + found[1].rstrip() + b'"')
    return feed.message(b"\n".join(head) + b"\n", prepared.body)
