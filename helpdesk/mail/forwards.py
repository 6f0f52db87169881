"""A mail that somebody passed on: who wrote it, when, about what, and what the forwarder says; inline or attached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from email.message import Message

from helpdesk.mail import addresses, charsets, dates, phrases, text
from helpdesk.mail.headers import Fields
from helpdesk.mail.message import Address, Forwarded
from helpdesk.mail.quotes import header_block, new_words
from helpdesk.mail.structure import Part, parameter

HEAD_LINES = 20  # of the forwarded header; more is body
BLANKS = 3  # blank lines that programs leave between the separator and the header


def read(subject: str, full: str, parts: Sequence[Part]) -> Forwarded | None:
    """The forwarded mail, None when nothing was forwarded."""
    lines = full.split("\n")
    start = _separator(lines)
    if start is None and phrases.FORWARD_SUBJECT.match(subject):
        start = next((number for number, line in enumerate(lines) if line.strip() and header_block(lines, number)), None)
    if start is not None and (found := _inline(lines, start)) is not None:
        return found
    return _attached(full, parts) if phrases.FORWARD_SUBJECT.match(subject) or not full.strip() else None


def _separator(lines: list[str]) -> int | None:
    for number, line in enumerate(lines):
        if phrases.FORWARD.match(line) and not line.lstrip().startswith(">"):
            return number
    return None


def _inline(lines: list[str], start: int) -> Forwarded | None:
    number = start + 1 if phrases.FORWARD.match(lines[start]) else start
    while number < len(lines) and not lines[number].strip("> \t") and number - start <= BLANKS:
        number += 1
    fields: dict[str, str] = {}
    last = ""
    for line in lines[number : number + HEAD_LINES]:
        bare = line.lstrip("> \t").rstrip()
        match = phrases.FIELD.match(bare)
        meaning = phrases.field(match["name"]) if match else None
        if meaning is not None and match is not None:
            last = meaning
            fields.setdefault(meaning, match["value"].strip())
        elif not bare:
            if fields:
                break
        elif last:
            fields[last] = f"{fields[last]} {bare}".strip()
        else:
            break
        number += 1
    if not fields:
        return None
    body = [line.removeprefix("> ") if line.startswith("> ") else line for line in lines[number:]]
    return Forwarded(
        sender=_sender(fields),
        date=dates.read(fields.get("date", "")),
        subject=text.one_line(fields.get("subject", "")),
        text="\n".join(body).strip(),
        comment=_comment(lines[:start]),
    )


def _comment(lines: list[str]) -> str:
    above = "\n".join(lines).strip()
    return new_words(above) if above else ""


def _sender(fields: Mapping[str, str]) -> Address | None:
    """The author; where only a name is shown there is no address to be had."""
    value = fields.get("from", "")
    # [mailto:eva@kunde.example] is how Outlook shows an address.
    cleaned = value.replace("[mailto:", "<").replace("]", ">") if "[mailto:" in value else value
    found = addresses.read([cleaned], 1)
    return found[0] if found else None


def _attached(full: str, parts: Sequence[Part]) -> Forwarded | None:
    for part in parts:
        inner = part.message.get_payload() if part.type == "message/rfc822" else None
        if isinstance(inner, list) and inner and isinstance(inner[0], Message):
            return _of_message(inner[0], full)
    return None


def _of_message(message: Message, comment: str) -> Forwarded:
    fields = Fields(message)
    found = addresses.read(fields.raw("from"), 1)
    return Forwarded(
        sender=found[0] if found else None,
        date=dates.read(fields.first("date")),
        subject=fields.decoded("subject"),
        text=_words(message),
        comment=comment.strip(),
    )


def _words(message: Message) -> str:
    for part in message.walk():
        if part.get_content_type() == "text/plain" and not part.is_multipart():
            data = part.get_payload(decode=True)
            if isinstance(data, bytes):
                return text.clean(charsets.decode(data, parameter(part, "charset"))).strip()
    return ""
