"""The parts of a mail: one walk that finds the body and every attachment, and never opens an attached mail."""

from __future__ import annotations

import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message

from helpdesk.mail import charsets, headers, text
from helpdesk.mail.limits import Limits
from helpdesk.mail.message import Attachment

_DAMAGED = (ValueError, LookupError, TypeError, AttributeError, binascii.Error, UnicodeError, RecursionError)
NAMES = {"text/calendar": "calendar.ics", "application/ms-tnef": "winmail.dat", "text/html": "part.html"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One leaf of the mail; ``position`` is its number in the walk."""

    position: int
    message: Message
    type: str
    disposition: str
    name: str

    @property
    def data(self) -> bytes:
        """The decoded bytes; of an attached mail the mail itself."""
        return payload(self.message)

    @property
    def words(self) -> str:
        """The text of a text part, in whatever character set it really is."""
        return text.clean(charsets.decode(self.data, parameter(self.message, "charset")))

    @property
    def is_body(self) -> bool:
        """Whether it is to be read, not to be opened."""
        readable = self.type in ("text/plain", "text/html", "text/enriched", "text/x-amp-html")
        return readable and self.disposition != "attachment" and not (self.name and self.disposition == "inline")


def parts(message: Message, limits: Limits) -> list[Part]:
    """All leaves in order, as many as the limits allow."""
    found: list[Part] = []
    for leaf in _leaves(message, limits.depth):
        found.append(_part(leaf, len(found)))
        if len(found) >= limits.parts:
            break
    return found


def described(part: Part) -> Attachment:
    """What a mail program would list."""
    inline = part.disposition == "inline" or (part.disposition != "attachment" and "content-id" in part.message)
    return Attachment(
        name=part.name or _invented(part),
        type=part.type,
        size=len(part.data),
        position=part.position,
        inline=inline and part.type.startswith("image/"),
    )


def payload(message: Message) -> bytes:
    """The bytes of a part with its transfer encoding undone as far as possible."""
    try:
        if message.get_content_maintype() == "message" and message.is_multipart():
            inner = message.get_payload()
            return b"\n".join(each.as_bytes() for each in inner if isinstance(each, Message)) if inner else b""
        data = message.get_payload(decode=True)
    except _DAMAGED:
        data = None
    if isinstance(data, bytes):
        return data
    raw = message.get_payload()
    return headers.octets(raw) if isinstance(raw, str) else b""


def parameter(message: Message, name: str) -> str | None:
    """A parameter of Content-Type, RFC 2231 or not; None when it is missing or broken."""
    try:
        value = message.get_param(name)
    except _DAMAGED:
        return None
    if isinstance(value, tuple):
        value = value[2]
    return value if isinstance(value, str) and value else None


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    waiting: list[tuple[Message, int]] = [(message, 0)]
    while waiting:
        current, level = waiting.pop()
        inner = current.get_payload()
        opened = current.get_content_maintype() == "multipart" and isinstance(inner, list) and level < depth
        if opened and isinstance(inner, list):
            waiting += [(each, level + 1) for each in reversed(inner) if isinstance(each, Message)]
        else:
            yield current


def _part(message: Message, position: int) -> Part:
    kind = message.get_content_type()
    if kind.startswith("multipart/"):
        # Its boundary is missing or wrong: what is in it can only be read as it stands.
        kind = "text/plain"
    try:
        disposition = message.get_content_disposition() or ""
    except _DAMAGED:
        disposition = ""
    return Part(position=position, message=message, type=kind, disposition=disposition, name=_name(message))


def _name(message: Message) -> str:
    try:
        name = message.get_filename()
    except _DAMAGED:
        name = None
    return text.file_name(headers.decode(name)) if name else ""


def _invented(part: Part) -> str:
    """A name for a part without one: an attached mail has its subject."""
    if part.type in ("message/rfc822", "message/global"):
        inner = part.message.get_payload()
        first = inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else None
        subject = text.file_name(headers.decode(str(first["subject"]))) if first and first["subject"] else ""
        return f"{subject or 'message'}.eml"
    return NAMES.get(part.type, f"part-{part.position + 1}.{part.type.rpartition('/')[2][:20]}")
