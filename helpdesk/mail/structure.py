"""The parts of a mail: one walk that finds the body and every attachment, and never opens an attached mail."""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from email.message import Message
from itertools import islice
from typing import TypeAlias

from helpdesk.mail import charsets, flowed, headers, parameters, text, uuencoded
from helpdesk.mail.limits import Limits
from helpdesk.mail.message import Attachment

Node: TypeAlias = "Message[str, str]"

READABLE = ("text/plain", "text/html", "text/enriched", "text/x-amp-html")
MAILS = ("message/rfc822", "message/global")
INSIDE = 10_000  # positions of files that stand in the text of a part; no mail has so many parts
ENDING_CHARACTERS = 20  # of an invented name; the longest registered subtype that is used has 18
NAMES = {"text/calendar": "calendar.ics", "application/ms-tnef": "winmail.dat", "text/html": "part.html"}

_DATA = re.compile(rb"data:[a-z]{1,20}/[^\"'<>\s]{200,}", re.IGNORECASE)
_DAMAGED = (ValueError, LookupError, TypeError, AttributeError, binascii.Error, UnicodeError, RecursionError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """One leaf of the mail; ``position`` is its number in the walk, ``data`` its decoded bytes.

    ``alternative`` numbers the multipart/alternative that it stands in; of those one part is read, not all.
    ``characters`` is how many of its text can be shown.
    """

    position: int
    message: Node
    type: str
    disposition: str
    name: str
    data: bytes
    characters: int
    alternative: int | None = None

    @property
    def words(self) -> str:
        """The text of a text part as far as it can be shown, in whatever character set it really is.

        Cut before it is decoded and cleaned: for a mail of many megabytes that would take several times its size.
        """
        data = without_data(self.data) if self.type == "text/html" else self.data
        read = charsets.decode(charsets.cut(data, self.characters), parameter(self.message, "charset"))
        words = text.clean(read)[: self.characters]
        if self.type == "text/plain" and (parameter(self.message, "format") or "").lower() == "flowed":
            return flowed.joined(words, delete_space=(parameter(self.message, "delsp") or "").lower() == "yes")
        return words

    @property
    def is_body(self) -> bool:
        """Whether it is to be read, not to be opened."""
        readable = self.type in READABLE and self.disposition != "attachment"
        return readable and not (self.name and self.disposition == "inline")


def parts(message: Node, limits: Limits, positions: Collection[int] | None = None) -> list[Part]:
    """All leaves in order, as many as the limits allow; with ``positions`` only these of them are decoded."""
    found: list[Part] = []
    holding = None if positions is None else {each if each < INSIDE else each // INSIDE - 1 for each in positions}
    for number, (leaf, alternative) in enumerate(islice(_leaves(message, limits.depth), limits.parts)):
        if holding is None or number in holding:
            found += _with_files(_part(leaf, number, alternative, limits), limits)
    return [part for part in found if positions is None or part.position in positions]


def _with_files(part: Part, limits: Limits) -> Iterator[Part]:
    """The part, and the files that an old program wrote between its words, each with a position of its own."""
    if part.type != "text/plain" or not uuencoded.may_hold(part.data):
        yield part
        return
    rest, files = uuencoded.apart(part.data)
    yield replace(part, data=rest)
    for number, file in enumerate(files):
        yield _part(uuencoded.part(*file), (part.position + 1) * INSIDE + number, None, limits)


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


def without_data(markup: bytes) -> bytes:
    """The HTML without pictures that are written into it, which take most of the room and none of the sense."""
    return _DATA.sub(b"", markup) if b"data:" in markup.lower() else markup


def inside(message: Node) -> list[Node]:
    """The parts or the attached mail that the parser found in a part; empty for a leaf."""
    inner = message.get_payload() if message.is_multipart() else None
    return [each for each in inner if isinstance(each, Message)] if isinstance(inner, list) else []


def payload(message: Node) -> bytes:
    """The bytes of a part with its transfer encoding undone as far as possible."""
    if inner := inside(message):
        return _serialised(message, inner)
    try:
        if _is_encoded(message) and isinstance(written := message.get_payload(), str) and written.isascii():
            return _from_base64(written)
        data = message.get_payload(decode=True)
    except _DAMAGED:
        data = None
    return data if isinstance(data, bytes) else b""


def _from_base64(written: str) -> bytes:
    """As the library decodes it, which makes an object of each line first: of short lines ten times their size."""
    for padding in ("", "=="):
        try:
            return binascii.a2b_base64(written + padding)
        except binascii.Error:
            continue
    return written.encode()


def parameter(message: Node, name: str) -> str | None:
    """A parameter of Content-Type, RFC 2231 or not; None when it is missing or empty."""
    return parameters.read(_field(message, "content-type")).get(name) or None


def _field(message: Node, name: str) -> str:
    """The first field of the name as it came; asked in the ordinary way the library loses its eight-bit letters."""
    return next((str(value) for key, value in message.raw_items() if key.lower() == name), "")


def _serialised(message: Node, inner: Sequence[Node]) -> bytes:
    """An attached mail as bytes; some programs encode it, although that is forbidden (RFC 2046 5.2.1)."""
    if message.get_content_type() in MAILS and len(inner) == 1 and _is_encoded(message) and not inner[0].items():
        return headers.lenient_base64(payload(inner[0]))
    return b"\n".join(_flat(each) for each in inner)


def _is_encoded(message: Node) -> bool:
    return _field(message, "content-transfer-encoding").strip().lower() == "base64"


def _flat(message: Node) -> bytes:
    """As it came, but for line ends; the library's own generator folds headers in quadratic time."""
    head = b"".join(headers.octets(f"{name}: {value}") + b"\n" for name, value in message.raw_items()) + b"\n"
    if not message.is_multipart():
        return head + _written(message)
    parts = [_flat(each) for each in inside(message)]
    if message.get_content_maintype() != "multipart":
        return head + b"\n".join(parts)
    line = b"--" + headers.octets(parameter(message, "boundary") or "")
    return head + b"".join(line + b"\n" + part + b"\n" for part in parts) + line + b"--\n"


def _written(message: Node) -> bytes:
    """The body as it came, still in its transfer encoding; what raises for the sake of a character set is decoded."""
    try:
        body = message.get_payload()
    except _DAMAGED:
        return payload(message)
    return headers.octets(body) if isinstance(body, str) else b""


def _leaves(message: Node, depth: int) -> Iterator[tuple[Node, int | None]]:
    """Every part that holds no parts, with the number of the outermost multipart/alternative around it."""
    waiting: list[tuple[Node, int, int | None]] = [(message, 0, None)]
    alternatives = 0
    while waiting:
        current, level, alternative = waiting.pop()
        inner = inside(current)
        if current.get_content_maintype() == "multipart" and inner and level < depth:
            if alternative is None and current.get_content_subtype() == "alternative":
                alternatives, alternative = alternatives + 1, alternatives
            waiting += [(each, level + 1, alternative) for each in reversed(inner)]
        else:
            yield current, alternative


def _part(message: Node, position: int, alternative: int | None, limits: Limits) -> Part:
    kind = message.get_content_type()
    if kind.startswith("multipart/"):
        # Its boundary is missing or wrong: what is in it can only be read as it stands.
        kind = "text/plain"
    disposition = _field(message, "content-disposition")
    return Part(
        position=position,
        message=message,
        type=text.one_line(kind),
        disposition=disposition.partition(";")[0].strip().lower(),
        name=_name(message, disposition),
        data=payload(message),
        alternative=alternative,
        characters=limits.html_characters if kind == "text/html" else limits.text_characters,
    )


def _name(message: Node, disposition: str) -> str:
    for written in (parameters.read(disposition).get("filename"), parameter(message, "name")):
        if written and (name := text.file_name(written)):
            return name
    return ""


def _invented(part: Part) -> str:
    """A name for a part without one: an attached mail has its subject."""
    if part.type in MAILS:
        attached = inside(part.message)[:1]
        subject = text.file_name(headers.decode(_field(attached[0], "subject"))) if attached else ""
        return f"{subject or 'message'}.eml"
    ending = text.file_name(part.type.rpartition("/")[2][:ENDING_CHARACTERS])
    return NAMES.get(part.type, f"part-{part.position + 1}.{ending or 'bin'}")
