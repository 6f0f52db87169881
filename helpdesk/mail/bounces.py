"""Delivery reports: RFC 3464, and the many servers that write their own prose."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Sequence

from flufl.bounce import _scan, all_failures

from helpdesk.mail import delivery_status, headers
from helpdesk.mail.delivery_status import ADDRESS, STATUS
from helpdesk.mail.headers import Fields
from helpdesk.mail.message import Address, Bounce, FailedRecipient
from helpdesk.mail.phrases import bounces as phrases
from helpdesk.mail.structure import Part

RECIPIENTS = 50  # of one report; more are of no use to anybody
READ = 60_000  # characters of prose that are looked through
NEAR = 1_000  # characters behind an address in which its own status stands
PROSE = 80  # characters above the returned mail below which there is no prose

_CODE = re.compile(r"(?<![\d.])([45]\d\d)[ -]")
_ORIGINAL_ID = re.compile(
    r"^[>\s]{0,40}message-id:\s{0,5}(<[^<>\s\x00-\x1f\x7f]{3,900}>)", re.IGNORECASE | re.MULTILINE
)
_RETURNED_TYPES = (
    *("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"),
)
_FOREIGN = (ValueError, LookupError, TypeError, AttributeError, UnicodeError, AssertionError, RecursionError)

# It writes what it stumbles over to its log; no words of a mail may stand in a log.
_scan.log.disabled = True


def read(fields: Fields, parts: Sequence[Part], full: str, from_: tuple[Address, ...], subject: str) -> Bounce | None:
    """The report with each failed recipient, None for any other mail."""
    daemon = _by_a_daemon(fields, from_, subject)
    reported = list(delivery_status.recipients(parts))
    if reported and (daemon or _is_report(fields)):
        failed = [person for action, person in reported if action not in delivery_status.DELIVERED]
        return _bounce(failed, parts, full, fields) if failed else None
    if not daemon and not (_is_report(fields) and any(part.type in delivery_status.REPORTS for part in parts)):
        return None
    return _bounce(_in_words(parts, full, fields, subject), parts, full, fields)


def _is_report(fields: Fields) -> bool:
    kind = fields.first("content-type").lower()
    return kind.startswith("multipart/report") and "disposition" not in kind and "feedback" not in kind


def _by_a_daemon(fields: Fields, from_: tuple[Address, ...], subject: str) -> bool:
    """A server's own address with a subject that says so, or one of them with the null path."""
    if "x-failed-recipients" in fields:
        return True
    daemon = any(phrases.DAEMON.match(person.local) for person in from_)
    null = fields.first("return-path").replace(" ", "") == "<>"
    says = (daemon or null) and phrases.SUBJECT.search(subject) is not None
    return (daemon and (says or null)) or (says and null)


def _in_words(parts: Sequence[Part], full: str, fields: Fields, subject: str) -> list[FailedRecipient]:
    """flufl.bounce knows many servers; the rest is read out of the prose above the returned mail."""
    prose = full[:READ]
    cut = phrases.RETURNED_BELOW.search(prose, 1)
    above = prose[: cut.start()] if cut and cut.start() > PROSE else prose
    found = [each.strip(" <>") for value in fields.all("x-failed-recipients") for each in value.split(",")]
    found = found or _by_flufl(fields, prose) or _addresses(above, fields)
    said = f"{subject}\n{above}"
    temporary = bool(phrases.IS_TEMPORARY.search(said)) and not phrases.IS_PERMANENT.search(said)
    unique = dict.fromkeys(each for each in found if "@" in each)
    return [_described(address, above, temporary=temporary) for address in list(unique)[:RECIPIENTS]]


def _by_flufl(fields: Fields, prose: str) -> list[str]:
    """What flufl.bounce makes of the prose; it gets nothing but plain text, so its parsers see no foreign structure."""
    named = ((name, " ".join(headers.plain(value).split())) for name, value in fields.items)
    head = "\n".join(f"{name}: {value}" for name, value in named if name in ("from", "subject", "to"))
    message = email.message_from_string(head.encode("ascii", "replace").decode())
    message.set_payload(prose.encode("ascii", "replace").decode())
    try:
        temporary, permanent = all_failures(message)
    except _FOREIGN:
        return []
    found = [
        each.decode("ascii", "replace") if isinstance(each, bytes) else str(each) for each in (*permanent, *temporary)
    ]
    return sorted(each for each in found if ADDRESS.fullmatch(each))


def _addresses(above: str, fields: Fields) -> list[str]:
    """The addresses in the prose but for the server's and the reader's own."""
    names = ("from", "to", "reply-to", "delivered-to", "x-original-to")
    own = {each.lower() for name in names for value in fields.all(name) for each in ADDRESS.findall(value)}
    found = [each.strip(".'") for each in ADDRESS.findall(above)]
    return [each for each in found if each.lower() not in own and not phrases.DAEMON.match(each) and "." in each]


def _described(address: str, prose: str, *, temporary: bool) -> FailedRecipient:
    """The status that stands nearest behind the address."""
    place = prose.lower().find(address.lower())
    near = prose[place : place + NEAR] if place >= 0 else prose
    status = STATUS.search(near) or STATUS.search(prose)
    code = status[1] if status else ""
    reply = _CODE.search(near)
    if not code and reply:
        temporary = reply[1].startswith("4")
    return FailedRecipient(address=address, status=code, permanent=not code.startswith("4") and not temporary)


def _bounce(people: Sequence[FailedRecipient], parts: Sequence[Part], full: str, fields: Fields) -> Bounce:
    """Each recipient once: a failure for good counts more than a delay."""
    unique: dict[str, FailedRecipient] = {}
    for person in people:
        known = unique.get(person.address.lower())
        if known is None or (person.permanent and not known.permanent):
            unique[person.address.lower()] = person
    recipients = tuple(unique.values())[:RECIPIENTS]
    return Bounce(recipients=recipients, message_ids=tuple(dict.fromkeys(_ids(parts, full, fields))))


def _ids(parts: Sequence[Part], full: str, fields: Fields) -> Iterator[str]:
    """Of the returned mail or its headers first, then whatever the report refers to."""
    for part in parts:
        if part.type in _RETURNED_TYPES:
            yield from _ORIGINAL_ID.findall(part.data[:READ].decode("utf-8", "replace"))
    yield from _ORIGINAL_ID.findall(full[:READ])
    for name in ("in-reply-to", "references"):
        for value in fields.raw(name)[:1]:
            yield from headers.message_ids(value)
