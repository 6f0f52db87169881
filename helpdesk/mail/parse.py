"""From bytes to a `Mail`; the only door to mail-parser. There is a Mail or a MailError, whatever the bytes are."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

import mailparser
from mailparser.exceptions import MailParserError

from helpdesk.mail import (
    addresses,
    authentication,
    blocks,
    bodies,
    bounces,
    closings,
    dates,
    feed,
    forwards,
    headers,
    html,
    language,
    limits,
    marks,
    repair,
    returning,
    structure,
    text,
)
from helpdesk.mail.bodies import Body
from helpdesk.mail.headers import Fields
from helpdesk.mail.limits import STANDARD, Limits, Prepared
from helpdesk.mail.message import Absence, Address, Forwarded, Mail, Marks
from helpdesk.mail.phrases.separators import ANSWER_SUBJECT
from helpdesk.mail.structure import Node, Part

DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-forwarded-to")
DELIVERED_VALUES = 10  # of each of these fields; a mail that is passed on gathers some
ANSWERED = 10  # Message-IDs of In-Reply-To; there should be one
# mail-parser decodes every attachment only for us to decode it again, and keeps copies; a larger mail is left to the
# parser below it.
LARGE_BYTES = 262_144
WITH_PARTS = (b"multipart/", b"message/")  # the types of mails and parts in which the parser finds others
# Each of these is raised by some parser for some mail of the kind that should not exist.
_FOREIGN = (MailParserError, ValueError, LookupError, TypeError, AttributeError, RecursionError, UnicodeError)
# mail-parser writes what it stumbles over to its log; no words of a mail may stand in a log.
for _module in (mailparser.core, mailparser.utils):
    _module.log.disabled = True


def parse(raw: bytes, limit: Limits = STANDARD, *, with_html: bool = False, with_language: bool = True) -> Mail:
    """Everything that can be known of a mail. Raises MailError for what is no mail at all.

    Only ``with_html`` its HTML and the parts of its text: to make HTML harmless takes as long as to find all our
    fields, and hardly anybody wants to see it. The language, which takes as long again, is known unless it is unwanted.
    """
    prepared = limits.prepare(raw, limit)
    message = _message(prepared)
    fields = Fields(message)
    parts = [] if prepared.flat else structure.parts(message, limit)
    fields.hint = next((structure.parameter(part.message, "charset") for part in parts if part.is_body), None)
    body = _flat_body(prepared, limit) if prepared.flat else bodies.read(parts, limit, with_html=with_html)
    from_ = addresses.read(fields.raw("from"), limit.addresses, fields.hint)
    subject = fields.decoded("subject")
    bounce = bounces.read(fields, parts, body.full, from_, subject)
    # What may be a person's is read as a person's: whoever lets it in wants to see his words.
    returned = bounce is not None and bounce.certain
    forwarded = None if returned else forwards.read(subject, body.full, parts)
    new, closing = _new_words(body, fields, from_, subject, whole=returned or forwarded is not None)
    date, marked = dates.read(fields.first("date")), marks.read(fields, subject, parts)
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
        date=date,
        message_id=headers.message_id(fields.raw("message-id")),
        in_reply_to=_answered(fields),
        references=_references(fields, limit),
        language=language.detect(_telling(new, closing, forwarded)) if with_language else None,
        text=new,
        closing=closing,
        full_text=body.full,
        segments=body.segments(new, closing) if with_html else (),
        html=(html.sanitised(body.markup) or None) if with_html and body.markup else None,
        attachments=tuple(structure.described(part) for part in _attached(parts, body)),
        marks=marked,
        bounce=bounce,
        absence=_absence(marked, f"{subject}\n{new}", date) if bounce is None else None,
        forwarded=forwarded,
        content_hash=_content_hash(fields, parts, prepared),
        authentication=tuple(text.clean(headers.unfold(value)) for value in fields.raw("authentication-results")),
        authentication_zone=authentication.zone(fields.items),
        tampered=prepared.tampered,
        defects=prepared.defects,
    )


def _message(prepared: Prepared) -> Node:
    """The parsed structure; by the standard library alone where mail-parser stumbles, or would work in vain."""
    message = blocks.parsed(prepared.header, b"" if prepared.flat else prepared.body, _of)
    return message if prepared.flat else repair.with_boundary(message, prepared)


def _of(header: bytes, body: bytes) -> Node:
    message = _by_mail_parser(header, body) if len(body) <= LARGE_BYTES else None
    return message if message is not None else feed.message(header, body)


def _by_mail_parser(header: bytes, body: bytes) -> Node | None:
    """The structure; what says nothing about it passes mail-parser by.

    It takes each field of the header apart, addresses and Received letter by letter, which takes longer than all else,
    and nobody asks. The body of a mail without parts it would cut into lines, decode, and decode again.
    """
    head = headers.structural(header)
    alone = not any(kind in head.lower() for kind in WITH_PARTS)
    try:
        parsed: Node | None = mailparser.parse_from_bytes(head + b"\n" + (b"" if alone else body)).message
    except _FOREIGN:
        return None
    if parsed is not None:
        headers.replace(parsed, header)
        if alone:
            parsed.set_payload(body.decode("ascii", "surrogateescape"))
    return parsed


def _flat_body(prepared: Prepared, limit: Limits) -> Body:
    """Of a mail beyond the limits the raw body as text."""
    return Body(full=text.clean(prepared.body[: limit.text_characters].decode("utf-8", "replace")))


def _attached(parts: Sequence[Part], body: Body) -> list[Part]:
    """All parts that are no words; a mail that is nothing but a file of text is shown, and the file listed."""
    unnamed = len(parts) == 1 and bool(body.full or body.markup) and not parts[0].name
    return [part for part in parts if not part.is_body and not (unnamed and part.type == "text/plain")]


def _new_words(body: Body, fields: Fields, from_: Sequence[Address], subject: str, *, whole: bool) -> tuple[str, str]:
    """The new words and their closing; a forwarded or returned mail is kept whole: it is what is to be read."""
    if whole:
        return body.full.strip(), ""
    answers = "in-reply-to" in fields or "references" in fields or ANSWER_SUBJECT.match(subject) is not None
    return closings.apart(body.new_words(answers=answers), from_[0] if len(from_) == 1 else None)


def _telling(new: str, closing: str, forwarded: Forwarded | None) -> str:
    """The words that tell in which language somebody writes; those of a forwarded mail without its header."""
    return "\n".join((forwarded.comment, forwarded.text)) if forwarded else f"{new}\n{closing}"


def _absence(marked: Marks, words: str, date: datetime | None) -> Absence | None:
    """Looked for only where something says that a program may have answered."""
    spoken = marked.away_prefix or marked.away_subject or marked.responder or marked.rule_loop
    if not spoken and marked.auto_submitted in (None, "no") and marked.precedence is None and marked.return_path != "":
        return None
    return returning.read(words, date.date() if date else None)


def _answered(fields: Fields) -> tuple[str, ...]:
    found = (each for value in fields.raw("in-reply-to")[:1] for each in headers.message_ids(value))
    return tuple(found)[:ANSWERED]


def _references(fields: Fields, limit: Limits) -> tuple[str, ...]:
    found = [value for raw in fields.raw("references")[:1] for value in headers.message_ids(raw)]
    return tuple(found if len(found) <= limit.references else (found[0], *found[1 - limit.references :]))


def _delivered(fields: Fields) -> tuple[str, ...]:
    found = (addresses.one(value) for name in DELIVERED for value in fields.raw(name)[:DELIVERED_VALUES])
    return tuple(dict.fromkeys(address for address in found if address))


def _content_hash(fields: Fields, parts: Sequence[Part], prepared: Prepared) -> str:
    """Equal for two copies of one mail, whichever way they came: files often end their lines with LF alone."""
    digest = hashlib.sha256()
    for name in ("from", "date", "subject"):
        digest.update(f"{name}:{fields.first(name)}\n".encode("utf-8", "replace"))
    if prepared.flat:
        digest.update(_with_bare_ends(prepared.body))
    for part in parts:
        digest.update(b"\0" + part.type.encode("utf-8", "replace") + b"\0")
        digest.update(_with_bare_ends(part.data))
    return digest.hexdigest()


def _with_bare_ends(data: bytes) -> bytes:
    return data.replace(b"\r\n", b"\n")
