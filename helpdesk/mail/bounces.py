"""Delivery reports: RFC 3464, and the many servers that write their own prose."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator, Sequence

from flufl.bounce import all_failures

from helpdesk.mail import headers
from helpdesk.mail.headers import Fields
from helpdesk.mail.message import Address, Bounce, FailedRecipient
from helpdesk.mail.structure import Part

RECIPIENTS = 50  # of one report; more are of no use to anybody
READ = 60_000  # characters of prose that are looked through

_DAEMON = re.compile(r"^(?:mailer-?daemon|postmaster|mail-?delivery(?:-?system|-?subsystem)?|maildeliverysystem|mdaemon|microsoftexchange[0-9a-f]+|bounces?|delivery-?(?:system|status)|mailsystem|mmdf|no-?reply-?bounce)\b", re.IGNORECASE)
_SUBJECT = re.compile(
    r"undeliver(?:able|ed)|deliver(?:y|ing)\s+(?:status\s+notification|failure|has\s+failed|problem|error|notification|report|incomplete)|(?:mail|message|delivery)\s+(?:delivery\s+)?(?:failed|failure|error)|fail(?:ed|ure)\s+(?:notice|to\s+deliver|delivery)|returned\s+(?:mail|e-?mail|message)|returning\s+message\s+to\s+sender|mail\s+(?:system\s+error|could\s+not|status\s+report)|could\s+not\s+(?:be\s+)?deliver|non[- ]?deliver|unzustellbar|nicht\s+zugestellt|zustellung|rückläufer|kézbesíthetetlen|kézbesítés|nem\s+kézbesíthető|niedostarczalna|nie\s+(?:można|mogła|została)\s+(?:być\s+)?dostarcz|niedostarczon|не\s*(?:удалось|возможно)?\s*достав|недоставленн?|non\s+remis|échec\s+de\s+(?:la\s+)?remise|non\s+distribu|no\s+se\s+(?:puede|pudo)\s+entregar|no\s+entregado|mancato\s+recapito|impossibile\s+recapitare|não\s+(?:foi\s+)?entregue|onbestelbaar|kan\s+niet\s+worden|ej\s+levererat|kunde\s+inte\s+levereras|nedoruč|neisporučen|neuspješn|nemogu|teslim\s+edilem|undelivered|warning:\s+(?:message|could)|delayed\s+mail|postmaster\s+notify|nondeliverable|delivery\s+status",
    re.IGNORECASE,
)
_STATUS = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE = re.compile(r"\b([45]\d\d)[ -](?:[45]\.\d\.\d|\w)")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_RETURNED = re.compile(r"^\s*[-=> ]*(?:original message|(?:below )?this line is a copy of the message|this is a copy of the message|below is a copy|message header|included is a copy|returned message|undelivered message|a message header follows|original message headers|the header of the original|unsent message|message text follows|-- the message|--- ?below|message contents|received:)", re.IGNORECASE | re.MULTILINE)
_ORIGINAL_ID = re.compile(r"^[>\s]*message-id:\s*(<[^<>\s]{3,900}>)", re.IGNORECASE | re.MULTILINE)
_TEMPORARY = re.compile(r"delayed|will (?:be )?re?try|has not yet been delivered|temporar|still being tried|do not need to resend|zurückgestellt|verzögert", re.IGNORECASE)
_PERMANENT = re.compile(r"permanent|fatal|does(?: not|n't) exist|unknown user|user unknown|no such (?:user|recipient|address)|not found|giving up|given up|failed|rejected|disabled|invalid", re.IGNORECASE)
_PERMANENT_ACTIONS = ("failed",)


def read(fields: Fields, parts: Sequence[Part], full: str, from_: tuple[Address, ...], subject: str) -> Bounce | None:
    """The report with each failed recipient, None for any other mail."""
    report = [part for part in parts if part.type in ("message/delivery-status", "message/global-delivery-status")]
    standard = fields.first("content-type").lower().startswith("multipart/report") and "disposition" not in fields.first("content-type").lower()
    if report and (standard or _by_a_daemon(fields, from_, subject)):
        found = list(_standard(report))
        if all(action in ("delivered", "relayed", "expanded") for action, _ in found) and found:
            return None
        return _bounce([person for _, person in found], parts, full, fields)
    if not _by_a_daemon(fields, from_, subject):
        return None
    return _bounce(_others(parts, full, fields, subject), parts, full, fields)


def _by_a_daemon(fields: Fields, from_: tuple[Address, ...], subject: str) -> bool:
    """A server's own address with a subject that says so, or one of them with the null path."""
    daemon = any(_DAEMON.match(person.local) for person in from_)
    says = bool(_SUBJECT.search(subject))
    null = fields.first("return-path").replace(" ", "") == "<>"
    known = "x-failed-recipients" in fields
    return known or (daemon and (says or null)) or (says and null)


def _standard(report: Sequence[Part]) -> Iterator[tuple[str, FailedRecipient]]:
    """The per-recipient groups (RFC 3464 2.3), also where the server has made one text of them."""
    for part in report:
        for group in re.split(r"\n\s*\n", _status_text(part)):
            values = {name.lower(): value for name, value in re.findall(r"^([A-Za-z-]+):[ \t]*(.*(?:\n[ \t].*)*)", group, re.MULTILINE)}
            who = values.get("original-recipient") or values.get("final-recipient") or ""
            final = values.get("final-recipient") or who
            address = _address(final) or _address(who)
            if not address:
                continue
            action = values.get("action", "failed").split()[0].lower() if values.get("action", "").split() else "failed"
            status = _STATUS.search(values.get("status", "")) or _STATUS.search(values.get("diagnostic-code", ""))
            code = status[1] if status else ""
            yield action, FailedRecipient(address=address, status=code, permanent=_final(action, code))


def _status_text(part: Part) -> str:
    inner = part.message.get_payload()
    if isinstance(inner, list):
        return "\n\n".join(str(each) for each in inner)
    return part.words


def _address(value: str) -> str | None:
    found = _ADDRESS.search(value.rpartition(";")[2])
    return found[0].strip(".") if found else None


def _final(action: str, status: str) -> bool:
    if status.startswith("4") or action == "delayed":
        return False
    return action in _PERMANENT_ACTIONS or status.startswith("5")


def _others(parts: Sequence[Part], full: str, fields: Fields, subject: str) -> list[FailedRecipient]:
    """flufl.bounce knows many servers; the rest is read out of the prose above the returned mail."""
    prose = full[:READ]
    cut = _RETURNED.search(prose, 1)
    above = prose[: cut.start()] if cut and cut.start() > 80 else prose
    found = [each.strip() for value in fields.all("x-failed-recipients") for each in value.split(",")]
    found = found or _by_flufl(fields, parts, prose) or _in_prose(above, fields)
    temporary = bool(_TEMPORARY.search(f"{subject}\n{above}")) and not _PERMANENT.search(f"{subject}\n{above}")
    return [_described(address, above, temporary=temporary) for address in dict.fromkeys(each.lower() for each in found if "@" in each)]


def _by_flufl(fields: Fields, parts: Sequence[Part], prose: str) -> list[str]:
    message = email.message_from_string("\n".join(f"{n}: {' '.join(v.split())}" for n, v in fields.items if n in ("from", "subject", "to")))
    message.set_payload(prose.encode("ascii", "replace").decode())
    try:
        temporary, permanent = all_failures(message)
    except (ValueError, LookupError, TypeError, AttributeError, UnicodeError, AssertionError, RecursionError):
        return []
    return [each.decode("ascii", "replace") if isinstance(each, bytes) else str(each) for each in (*permanent, *temporary)]


def _in_prose(above: str, fields: Fields) -> list[str]:
    own = {each.lower() for name in ("from", "to", "reply-to", "delivered-to") for value in fields.all(name) for each in _ADDRESS.findall(value)}
    found = [each.strip(".") for each in _ADDRESS.findall(above)]
    return [each for each in found if each.lower() not in own and not _DAEMON.match(each)][:RECIPIENTS]


def _described(address: str, prose: str, *, temporary: bool) -> FailedRecipient:
    """The status that stands nearest behind the address."""
    place = prose.lower().find(address)
    near = prose[place : place + 1_000] if place >= 0 else prose
    status = _STATUS.search(near) or _STATUS.search(prose)
    code = status[1] if status else ""
    reply = _CODE.search(near)
    if not code and reply:
        temporary = reply[1].startswith("4")
    return FailedRecipient(address=address, status=code, permanent=not code.startswith("4") and not temporary)


def _bounce(people: Sequence[FailedRecipient], parts: Sequence[Part], full: str, fields: Fields) -> Bounce:
    unique = {person.address.lower(): person for person in reversed(people)}
    ordered = [unique[key] for key in dict.fromkeys(person.address.lower() for person in people)]
    return Bounce(recipients=tuple(ordered[:RECIPIENTS]), message_ids=tuple(dict.fromkeys(_ids(parts, full, fields))))


def _ids(parts: Sequence[Part], full: str, fields: Fields) -> Iterator[str]:
    """Of the returned mail or its headers first, then whatever the report refers to."""
    for part in parts:
        if part.type in ("message/rfc822", "text/rfc822-headers", "message/global", "message/global-headers", "message/rfc822-headers"):
            text = part.data[:READ].decode("utf-8", "replace")
            yield from _ORIGINAL_ID.findall(text)
    yield from _ORIGINAL_ID.findall(full[:READ])
    for name in ("in-reply-to", "references"):
        for value in fields.raw(name)[:1]:
            yield from headers.message_ids(value)
