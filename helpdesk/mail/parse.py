"""From bytes to a `Mail`; the only door to mail-parser. Whatever comes, there is a Mail or a MailError, nothing else."""

from __future__ import annotations

import email
import hashlib
import re
from collections.abc import Sequence
from email.message import Message

import mailparser
from mailparser.exceptions import MailParserError

from helpdesk.errors import MailError
from helpdesk.mail import addresses, bounces, dates, forwards, headers, html, language, limits, marks, quotes, structure, text
from helpdesk.mail.headers import Fields
from helpdesk.mail.limits import Limits, Prepared
from helpdesk.mail.message import Attachment, Forwarded, Mail
from helpdesk.mail.structure import Part

DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
RESULTS = re.compile(r"authentication-results", re.IGNORECASE)
_FOREIGN = (MailParserError, ValueError, LookupError, TypeError, AttributeError, RecursionError, UnicodeError)
STANDARD = Limits()


def parse(raw: bytes, limit: Limits = STANDARD) -> Mail:
    """Everything that can be known of a mail. Raises MailError for bytes that are no mail at all."""
    prepared = limits.prepare(raw, limit)
    message = _message(prepared)
    fields = Fields(message)
    parts = [] if prepared.flat else structure.parts(message, limit)
    fields.hint = next((structure.parameter(part.message, "charset") for part in parts if part.is_body), None)
    plain, markup = _bodies(prepared, parts, limit)
    from_ = addresses.read(fields.raw("from"), limit.addresses, fields.hint)
    subject = fields.decoded("subject")
    full = plain if text.visible(plain) else html.to_text(markup)
    seen = marks.read(fields, subject, parts)
    attached = tuple(structure.described(part) for part in _attached(parts, plain, markup))
    bounce = bounces.read(fields, parts, full, from_, subject)
    forwarded = None if bounce else forwards.read(subject, full, parts)
    new = _new_words(plain, markup, full, forwarded)
    references = _references(fields, limit)
    return Mail(
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        from_=from_,
        from_fields=len(fields.raw("from")),
        reply_to=addresses.read(fields.raw("reply-to"), limit.addresses, fields.hint),
        to=addresses.read(fields.raw("to"), limit.addresses, fields.hint),
        cc=addresses.read(fields.raw("cc"), limit.addresses, fields.hint),
        delivered_to=_delivered(fields),
        subject=subject,
        date=dates.read(fields.first("date")),
        message_id=headers.message_id(fields.raw("message-id")),
        in_reply_to=tuple(found for value in fields.raw("in-reply-to")[:1] for found in headers.message_ids(value)[:10]),
        references=references,
        language=language.detect(new),
        text=new,
        full_text=full,
        html=html.sanitised(markup) if markup else None,
        attachments=attached,
        marks=seen,
        bounce=bounce,
        forwarded=forwarded,
        content_hash=_content_hash(fields, parts, prepared),
        authentication=tuple(fields.all("authentication-results")),
        authentication_zone=_zone(fields),
        tampered=prepared.tampered,
        defects=prepared.defects,
    )


def attachment(raw: bytes, position: int) -> tuple[Attachment, bytes]:
    """One attachment with its bytes, by the ``position`` that `parse` gave it. Raises MailError when there is none."""
    prepared = limits.prepare(raw, STANDARD)
    found = [] if prepared.flat else structure.parts(_message(prepared), STANDARD)
    if not 0 <= position < len(found):
        message = f"The mail has no part {position}."
        raise MailError(message)
    return structure.described(found[position]), found[position].data


def _message(prepared: Prepared) -> Message:
    """The parsed structure; the standard library's own where mail-parser stumbles over a header."""
    data = prepared.header if prepared.flat else prepared.data
    try:
        parsed = mailparser.parse_from_bytes(data).message
    except _FOREIGN:
        parsed = None
    return parsed if isinstance(parsed, Message) else email.message_from_bytes(data)


def _bodies(prepared: Prepared, parts: Sequence[Part], limit: Limits) -> tuple[str, str]:
    """The readable text and the HTML; of a mail beyond the limits the raw body as text."""
    if prepared.flat:
        return text.clean(prepared.body[: limit.text_characters].decode("utf-8", "replace")), ""
    body = [part for part in parts if part.is_body] or [part for part in parts[:1] if part.type == "text/plain"]
    plain = "\n\n".join(part.words for part in body if part.type != "text/html" and "amp" not in part.type)
    markup = "\n".join(part.words for part in body if part.type == "text/html")
    return plain[: limit.text_characters].strip("\n"), markup[: limit.html_characters]


def _attached(parts: Sequence[Part], plain: str, markup: str) -> list[Part]:
    alone = len(parts) == 1 and bool(plain or markup)
    return [part for part in parts if not part.is_body and not (alone and part.type == "text/plain")]


def _new_words(plain: str, markup: str, full: str, forwarded: Forwarded | None) -> str:
    """The new words; a forwarded mail is kept whole, because it is what the person wants to be read."""
    if forwarded is not None:
        return full.strip()
    if text.visible(plain):
        return quotes.new_words(plain)
    above = html.to_text(html.without_quotes(markup))
    return quotes.new_words(above if text.visible(above) else full)


def _references(fields: Fields, limit: Limits) -> tuple[str, ...]:
    found = [value for raw in fields.raw("references")[:1] for value in headers.message_ids(raw)]
    return tuple(found if len(found) <= limit.references else (found[0], *found[1 - limit.references :]))


def _delivered(fields: Fields) -> tuple[str, ...]:
    found = (addresses.one(value) for name in DELIVERED for value in fields.raw(name)[:10])
    return tuple(dict.fromkeys(address for address in found if address))


def _zone(fields: Fields) -> int:
    """How many Authentication-Results stand above the second Received field: our border server writes the first."""
    received = count = 0
    for name, _ in fields.items:
        received += name == "received"
        if received > 1:
            break
        count += RESULTS.fullmatch(name) is not None
    return count


def _content_hash(fields: Fields, parts: Sequence[Part], prepared: Prepared) -> str:
    """Equal for two copies of one mail, whichever way they came."""
    digest = hashlib.sha256()
    for name in ("from", "date", "subject"):
        digest.update(f"{name}:{fields.first(name)}\n".encode("utf-8", "replace"))
    if prepared.flat:
        digest.update(prepared.body)
    for part in parts:
        digest.update(b"\0" + part.type.encode("utf-8", "replace") + b"\0" + part.data)
    return digest.hexdigest()
