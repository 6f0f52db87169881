"""Delivery reports: RFC 3464, and the many servers that write their own prose."""

from __future__ import annotations

import email
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from flufl.bounce import _scan, all_failures

from helpdesk.mail import away, bounce_words, delivery_status, headers, returned_mail
from helpdesk.mail.delivery_status import ADDRESS
from helpdesk.mail.headers import Fields
from helpdesk.mail.message import Address, Bounce, FailedRecipient
from helpdesk.mail.phrases import bounces as phrases
from helpdesk.mail.phrases.separators import ANSWER_SUBJECT, FORWARD_SUBJECT
from helpdesk.mail.returned_mail import Returned
from helpdesk.mail.structure import Part

HEADER = 8_000  # bytes of an attached mail in which it says that it is a report
RECIPIENTS = 50  # of one report; more are of no use to anybody
OWN = ("from", "to", "reply-to", "sender", "delivered-to", "errors-to")
SERVERS = ("from", "reply-to", "sender")
# Mail programs of people write these; a server's report has none of them.
PERSONAL = ("user-agent", "thread-index", "x-originating-ip", "x-google-smtp-source")

_REPORT = re.compile(rb"^content-type:\s*multipart/report", re.IGNORECASE | re.MULTILINE)
_NULL = re.compile(r"<?\s*(?:#@\[\]|mailer-daemon(?:@[^>\s]*)?)?\s*>?", re.IGNORECASE)
# What servers write to their own people and about other things than one mail.
_OTHER_REPORTS = re.compile(
    r"quarant|karantén|kwarantann|карантин|digest|spam (?:report|summary|notification)|report domain:|dmarc",
    re.IGNORECASE,
)
_REFUSED = re.compile(
    r"reject|refus|quota|elutasít|zurückgewiesen|abgelehnt|odrzuc|отклон|rechaz|rifiut|rejeit", re.IGNORECASE
)
_FOREIGN = (ValueError, LookupError, TypeError, AttributeError, UnicodeError, AssertionError, RecursionError)

# It writes what it stumbles over to its log; no words of a mail may stand in a log.
_scan.log.disabled = True


@dataclass(frozen=True, kw_only=True, slots=True)
class _Mail:
    """What is looked at to tell a report from other mail."""

    fields: Fields
    parts: Sequence[Part]
    full: str
    from_: tuple[Address, ...]
    subject: str


def read(fields: Fields, parts: Sequence[Part], full: str, from_: tuple[Address, ...], subject: str) -> Bounce | None:
    """The report with each failed recipient, None for any other mail."""
    mail = _Mail(fields=fields, parts=parts, full=full, from_=from_, subject=subject)
    reported = list(delivery_status.recipients(parts)) or _wrapped(mail)
    if reported and _may_report(mail):
        failed = [person for action, person in reported if action not in delivery_status.DELIVERED]
        return _bounce(failed, mail) if failed else None
    if refused := _refusal(mail):
        return _bounce(refused, mail, certain=True)
    return _bounce(None, mail) if _in_prose(mail) else None


def _is_certain(mail: _Mail) -> bool:
    """Whether something shows that a server wrote it: its form, its sender, or the mail that it returns."""
    if "x-failed-recipients" in mail.fields or _is_report(mail.fields) or _by_null(mail.fields):
        return True
    if any(part.type in delivery_status.REPORTS for part in mail.parts) or _by_mailer_daemon(mail):
        return True
    # Whoever asks for help attaches or pastes what came back to him.
    return _shows_a_mail(mail) and not bounce_words.asks_as_a_person(mail.full)


def _by_mailer_daemon(mail: _Mail) -> bool:
    """No person has this address; all others from which servers write are read and used by people, too."""
    if any(phrases.MAILER_DAEMON.match(person.local) for person in mail.from_):
        return True
    return not mail.from_ and "mailer-daemon" in mail.fields.decoded("from").lower()


def _wrapped(mail: _Mail) -> list[tuple[str, FailedRecipient]]:
    """What a whole report says that a server has attached to words of its own."""
    attached = [part for part in mail.parts if part.type == "message/rfc822" and _REPORT.search(part.data[:HEADER])]
    if not attached or not (_by_a_daemon(mail) or _by_null(mail.fields)):
        return []
    return list(delivery_status.of_attached(attached[0]))


def _may_report(mail: _Mail) -> bool:
    """A person may pass the parts of a report on; then the whole neither is one nor comes from a server."""
    return _is_report(mail.fields) or _by_a_daemon(mail) or _by_null(mail.fields) or _says_so(mail)


def _is_report(fields: Fields) -> bool:
    kind = fields.first("content-type").lower()
    return kind.startswith("multipart/report") and not _is_receipt(fields)


def _is_receipt(fields: Fields) -> bool:
    kind = fields.first("content-type").lower()
    return kind.startswith("multipart/report") and ("disposition" in kind or "feedback" in kind)


def _by_a_daemon(mail: _Mail) -> bool:
    if any(phrases.DAEMON.match(person.local) for person in mail.from_) or _by_mailer_daemon(mail):
        return True
    named = [person.name or "" for person in mail.from_] or [mail.fields.decoded("from").partition("<")[0]]
    if any(map(phrases.names_a_server, named)):
        return True
    signed = any(phrases.ADMINISTRATOR.match(person.local) for person in mail.from_)
    return (signed or any(map(phrases.names_an_administrator, named))) and _is_certain(mail)


def _by_null(fields: Fields) -> bool:
    """The null path; qmail and some others write their own names for it."""
    return "return-path" in fields and _NULL.fullmatch(fields.first("return-path").replace(" ", "")) is not None


def _in_prose(mail: _Mail) -> bool:
    """Whether a server reports in its own words; one sign alone is never enough."""
    if "x-failed-recipients" in mail.fields:
        return True
    if any(part.type in delivery_status.REPORTS for part in mail.parts) and _is_report(mail.fields):
        return True
    daemon, null = _by_a_daemon(mail), _by_null(mail.fields)
    if not daemon and not null:
        return _says_so(mail)
    if _by_a_person(mail):
        return False
    if _OTHER_REPORTS.search(mail.subject) or away.prefix(mail.subject) is not None or _is_receipt(mail.fields):
        return False
    says = phrases.SUBJECT.search(mail.subject) is not None
    opens = bounce_words.opens(mail.full)
    if ANSWER_SUBJECT.match(mail.subject):
        return opens and (says or daemon) and _names_somebody(mail)
    if not daemon:
        refused = opens or _has_returned(mail) or bounce_words.is_refused(mail.full)
        return (says and refused) or (opens and _has_attached(mail) and _names_somebody(mail))
    if not null and bounce_words.speaks_of_parcels(mail.full) and not _has_returned(mail):
        return False
    return (null, says, opens).count(True) > 1 or ((null or says or opens) and _names_somebody(mail, SERVERS))


def _says_so(mail: _Mail) -> bool:
    """Subject and first words are a server's, and nothing is a person's."""
    fields = mail.fields
    if not bounce_words.may_say(mail.subject) or FORWARD_SUBJECT.match(mail.subject):
        return False
    answers = ANSWER_SUBJECT.match(mail.subject) is not None and ("in-reply-to" in fields or "references" in fields)
    if answers or any(name in fields for name in PERSONAL) or phrases.SUBJECT.search(mail.subject) is None:
        return False
    if not bounce_words.opens(mail.full, alone=True) or bounce_words.speaks_as_a_person(mail.full):
        return False
    return not _by_a_person(mail) and _names_somebody(mail)


def _by_a_person(mail: _Mail) -> bool:
    """Whether somebody greets or asks, and nothing shows a server: not even a mail that he may have got back."""
    asks = bounce_words.asks_as_a_person(mail.full)
    return asks and not _is_certain(mail) and not _shows_a_mail(mail)


def _names_somebody(mail: _Mail, others: Sequence[str] = OWN) -> bool:
    """Whether it returns a mail, or an address stands in its prose where servers write it."""
    return _has_returned(mail) or bounce_words.surely(bounce_words.above(mail.full), _own(mail.fields, others))


def _has_attached(mail: _Mail) -> bool:
    return any(part.type in returned_mail.TYPES for part in mail.parts)


def _shows_a_mail(mail: _Mail) -> bool:
    return _has_attached(mail) or bounce_words.shows_a_header(mail.full)


def _has_returned(mail: _Mail) -> bool:
    return _has_attached(mail) or len(bounce_words.above(mail.full)) < len(mail.full[: bounce_words.READ])


def _refusal(mail: _Mail) -> list[FailedRecipient]:
    """A receipt of a mailbox that took nothing in (RFC 5429): the mail was deleted by its rules, and nobody has it."""
    receipt = next((part for part in mail.parts if part.type == returned_mail.RECEIPT), None)
    if receipt is None or _REFUSED.search(f"{mail.subject}\n{mail.full[: bounce_words.HEAD]}") is None:
        return []
    return list(delivery_status.refused(receipt))


def _own(fields: Fields, names: Sequence[str] = OWN) -> set[str]:
    """The addresses of the server and of the reader."""
    return {each.lower() for name in names for value in fields.all(name) for each in ADDRESS.findall(value)}


def _returned(mail: _Mail, *, certain: bool) -> Returned:
    below = mail.full[len(bounce_words.above(mail.full)) :]
    return returned_mail.read(mail.parts, below, mail.full, mail.fields, certain=certain)


def _in_words(mail: _Mail, returned: Returned) -> list[FailedRecipient]:
    """The prose above the returned mail, flufl.bounce, which knows many servers, and last whom that mail went to."""
    prose = bounce_words.above(mail.full)
    own = (_own(mail.fields) | returned.authors | {each.strip("<>").lower() for each in returned.ids}) - {""}
    found = [each.strip(" <>") for value in mail.fields.all("x-failed-recipients") for each in value.split(",")]
    sure, mentioned = bounce_words.named(prose, own)
    found = found or sure or _by_flufl(mail, own) or list(returned.only_recipient) or mentioned
    # Who writes to himself is sender and recipient in one.
    found = found or bounce_words.named(prose, _own(mail.fields, SERVERS))[0]
    unique = {each.lower(): each for each in reversed(found) if "@" in each}
    return bounce_words.described(list(reversed(unique.values()))[:RECIPIENTS], prose, mail.subject)


def _by_flufl(mail: _Mail, own: Collection[str]) -> list[str]:
    """What flufl.bounce makes of the prose; it gets nothing but plain text, so its parsers see no foreign structure."""
    named = ((name, " ".join(headers.plain(value).split())) for name, value in mail.fields.items)
    head = "\n".join(f"{name}: {value}" for name, value in named if name in ("from", "subject", "to"))
    message = email.message_from_string(head.encode("ascii", "replace").decode())
    message.set_payload(mail.full[: bounce_words.READ].encode("ascii", "replace").decode())
    try:
        temporary, permanent = all_failures(message)
    except _FOREIGN:
        return []
    found = [
        each.decode("ascii", "replace") if isinstance(each, bytes) else str(each) for each in (*permanent, *temporary)
    ]
    return sorted(each for each in found if ADDRESS.fullmatch(each) and each.lower() not in own)


def _bounce(people: Sequence[FailedRecipient] | None, mail: _Mail, *, certain: bool = False) -> Bounce:
    """Each recipient once, where none are given those of the prose: a failure for good counts more than a delay."""
    certain = certain or _is_certain(mail)
    returned = _returned(mail, certain=certain)
    unique: dict[str, FailedRecipient] = {}
    for person in _in_words(mail, returned) if people is None else people:
        known = unique.get(person.address.lower())
        if known is None or (person.permanent and not known.permanent):
            unique[person.address.lower()] = person
    return Bounce(recipients=tuple(unique.values())[:RECIPIENTS], message_ids=returned.ids, certain=certain)
