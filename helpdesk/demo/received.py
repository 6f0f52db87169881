"""A mail in somebody's inbox, read as plainly as a mail program reads it; only for letters of the demo's own server."""

from __future__ import annotations

import email
from dataclasses import dataclass
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr


@dataclass(frozen=True, kw_only=True)
class Received:
    """One mail; ``number`` is its UID in the inbox."""

    number: int
    raw: bytes
    parsed: Message

    @classmethod
    def read(cls, number: int, raw: bytes) -> Received:
        """Make one of the bytes that the server gave out."""
        return cls(number=number, raw=raw, parsed=email.message_from_bytes(raw))

    def field(self, name: str) -> str:
        """A header field in readable words, on one line; "" when it is not there."""
        return " ".join(str(make_header(decode_header(str(self.parsed.get(name, ""))))).split())

    @property
    def subject(self) -> str:
        """The subject."""
        return self.field("Subject")

    @property
    def sender(self) -> str:
        """The address in From, lower case."""
        return parseaddr(self.field("From"))[1].lower()

    @property
    def sender_name(self) -> str:
        """The display name in From."""
        return parseaddr(self.field("From"))[0]

    @property
    def answer_to(self) -> str:
        """Where a reply goes: Reply-To, else From (RFC 5322 3.6.2)."""
        return parseaddr(self.field("Reply-To") or self.field("From"))[1]

    @property
    def text(self) -> str:
        """The first text/plain part."""
        for part in self.parsed.walk():
            payload = part.get_payload(decode=True)
            if part.get_content_type() == "text/plain" and isinstance(payload, bytes):
                text = payload.decode(part.get_content_charset("utf-8"), "replace")
                return text.replace("\r\n", "\n").strip()
        return ""

    @property
    def readable(self) -> str:
        """The words of every text part, plain and HTML."""
        parts = (part.get_payload(decode=True) for part in self.parsed.walk() if part.get_content_maintype() == "text")
        return "\n".join(part.decode("utf-8", "replace") for part in parts if isinstance(part, bytes))
