"""From a notice to finished bytes: who it is from, what it says, and the headers that thread and mark it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from helpdesk.compose import attached, mime, text, threads
from helpdesk.compose.case import Case
from helpdesk.compose.render import Templates
from helpdesk.compose.values import Values
from helpdesk.config import Config
from helpdesk.desk import people
from helpdesk.desk.changes import Notice, NoticeKind
from helpdesk.desk.ticket import TicketView
from helpdesk.desk.tokens import Keys
from helpdesk.mail.marker import MARKER
from helpdesk.mail.message import Address, Mail
from helpdesk.mail.text import one_line
from helpdesk.store.letters import Letter

ANSWER_DAYS = 5  # as long as mail servers themselves try (RFC 5321 4.5.4.1)
STAFF_DAYS = 30  # a customer behind it is still waiting, however long we could not send
ACKNOWLEDGEMENT_DAYS = 2  # a confirmation that comes later than this confuses
ALERT_HOURS = 12  # by then whoever looks at the system knows
PEOPLE = 200  # fields with one person that are remembered: our own address stands in every letter, colleagues' in many
WORDS_SHOWN = 50_000  # characters of a mail in a letter to staff; the whole is kept

_ACKNOWLEDGEMENTS = (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT)
_ABOUT_A_CUSTOMER = (NoticeKind.NEW_TICKET, NoticeKind.CUSTOMER_REPLY)


def write(
    notice: Notice,
    *,
    ticket: TicketView | None,
    config: Config,
    templates: Templates,
    keys: Keys,
    mail: Mail | None,
    raw: bytes | None,
    now: datetime,
    unique: str,
) -> Letter:
    """The finished letter. ``mail`` and ``raw`` are the mail that caused it; ``unique`` is 4 to 40 of [a-z0-9].

    Raises:
        TemplateError: its template cannot be rendered.
        MailError: an attachment cannot be read, or holds a staff member's proof and is to be passed on to customers.
    """
    case = Case(
        notice=notice,
        ticket=ticket,
        config=config,
        templates=templates,
        keys=keys,
        mail=mail,
        raw=raw,
        now=now,
        unique=unique,
    )
    return _letter(case)


def _letter(case: Case) -> Letter:
    notice, mailbox = case.notice, case.mailbox.address
    rendered = case.templates.render(notice.kind.value, case.language, **vars(_values(case)))
    place = _place(case)
    fields = [
        *_people(case),
        mime.header("Subject", rendered.subject),
        *_thread_fields(place, case),
        *_marks(notice.kind, case.config.instance),
    ]
    null_path = notice.kind.automatic and case.config.smtp.automatic_envelope == "null"
    acknowledged = case.mail if notice.kind in _ACKNOWLEDGEMENTS else None
    return Letter(
        key=notice.key,
        kind=notice.kind.value,
        automatic=notice.kind.automatic,
        outside=not people.is_ours(notice.recipient.address, case.config),
        recipient=notice.recipient.address,
        envelope_from="" if null_path else mailbox,
        message_id=place.message_id,
        subject=rendered.subject,
        raw=mime.letter(fields, rendered.text, rendered.html, attached.parts(case), case.unique),
        expires=case.now + _patience(notice.kind),
        ticket=case.ticket.number if case.ticket is not None else notice.ticket,
        staff=notice.author or notice.staff,
        held=notice.guarded,
        about=acknowledged.subject if acknowledged is not None else None,
    )


def _values(case: Case) -> Values:
    notice, ticket = case.notice, case.ticket
    return Values(
        company=case.config.company.name,
        url=case.config.company.url or "",
        signature=text.paragraphs(case.config.company.signature or ""),
        department=case.department,
        ref=case.ref,
        subject=_subject(case),
        greeting_name=_greeting_name(case),
        agent=case.name_of(notice.author if notice.kind.to_customer else notice.staff),
        author=_written(notice.incoming_author),
        words=_words(case),
        last_words=text.shortened(text.paragraphs(notice.last_words), WORDS_SHOWN),
        last_answer=text.shortened(text.paragraphs(notice.last_answer), WORDS_SHOWN),
        lines=tuple(case.templates.phrase(one_line(line), case.language) for line in notice.lines),
        attachments=attached.named(case),
        status=case.templates.phrase(f"status.{ticket.status.value}", case.language) if ticket is not None else "",
        owner=case.name_of(ticket.owner) if ticket is not None else "",
        closing=notice.closing,
        cut=notice.history_cut,
        answerable=case.answerable,
        may_go=case.may_go,
        runs_it=case.runs_it,
        reopen_days=case.config.tickets.reopen_days,
        marker=MARKER,
    )


def _subject(case: Case) -> str:
    """The first subject of the ticket: the same in every letter, so that conversations stay together."""
    if case.ticket is None:
        return ""
    line = text.bare_subject(case.ticket.subject, case.config.tickets.prefix)
    if case.kind.to_customer:
        line = text.without_links(line)
    return text.shortened(line) or case.templates.phrase("no_subject", case.language)


def _greeting_name(case: Case) -> str:
    """Nobody is greeted by a name that an unauthenticated mail chose (docs/architecture.md, trust)."""
    if case.ticket is None or case.kind is not NoticeKind.ACKNOWLEDGEMENT or not case.home.authserv_id:
        return ""
    return text.greeted(case.ticket.contact.name)


def _written(person: Address | None) -> str:
    if person is None:
        return ""
    name = text.display_name(person.name)
    return f"{name} <{one_line(person.address)}>" if name else one_line(person.address)


def _words(case: Case) -> str:
    words = text.paragraphs(case.notice.text)
    if case.kind.to_customer:
        ours = case.mailbox.address
        return text.without_addresses(text.without_tokens(words, ours), _author_addresses(case), ours)
    return text.shortened(words, WORDS_SHOWN)


def _author_addresses(case: Case) -> tuple[str, ...]:
    """The answer's author is reached by the ticket's address; his own is nobody's business outside."""
    author = case.config.staff.get(case.notice.author or "")
    return author.addresses if author is not None else ()


def _people(case: Case) -> list[str]:
    """From, To, Cc and Reply-To; an automatic letter to a customer repeats no name that a mail chose."""
    notice, sender = case.notice, _from_name(case)
    everybody = (notice.recipient, *notice.copies)
    contact = case.ticket.contact.key if case.ticket is not None else ""
    to = next((person for person in everybody if person.key == contact), notice.recipient)
    copies = [person for person in everybody if person.key != to.key]
    nameless = notice.kind.to_customer and notice.kind.automatic
    fields = [
        _person("From", sender, case.mailbox.address),
        _person("To", "" if nameless else text.display_name(to.name), to.address),
    ]
    if copies:
        fields.append(mime.field("Cc", _listed(copies)))
    if (reply_to := case.reply_address) is not None:
        fields.append(mime.field("Reply-To", [mime.mailbox(sender, reply_to)]))
    return fields


@lru_cache(PEOPLE)
def _person(field: str, name: str, address: str) -> str:
    return mime.field(field, [mime.mailbox(name, address)])


def _listed(addresses: Sequence[Address]) -> list[str]:
    written = [mime.mailbox(text.display_name(person.name), person.address) for person in addresses]
    return [f"{one}," for one in written[:-1]] + written[-1:]


def _from_name(case: Case) -> str:
    """Who is seen in the reader's list of mails; the address is always our own."""
    company = case.config.company.name
    if case.kind is NoticeKind.ANSWER and (agent := case.name_of(case.notice.author)):
        return f"{agent} ({company})"
    if case.kind in _ABOUT_A_CUSTOMER and (person := case.notice.incoming_author) is not None:
        return f"{text.display_name(person.name) or one_line(person.address)} via {case.ref or company}"
    return f"{company} {case.department}".rstrip()


def _place(case: Case) -> threads.Thread:
    domain = mime.ascii_domain(case.mailbox.address).rpartition("@")[2]
    # A held letter that has no reply address names no id that could stand in for one.
    ticket = case.ticket if case.kind is not NoticeKind.GUARD_HELD or case.answerable else None
    return threads.thread(
        case.notice, ticket, case.mail, agent=case.agent, unique=case.unique, domain=domain, keys=case.keys
    )


def _thread_fields(place: threads.Thread, case: Case) -> list[str]:
    date = _date(case.now.replace(microsecond=0), case.config.company.timezone)
    fields = [date, mime.field("Message-ID", [place.message_id])]
    if place.parent:
        fields.append(mime.field("In-Reply-To", [place.parent]))
    if place.references:
        fields.append(mime.field("References", place.references))
    return fields


@lru_cache(1)
def _date(second: datetime, timezone: str) -> str:
    """Many letters are written in one second."""
    return mime.field("Date", [format_datetime(second.astimezone(ZoneInfo(timezone)))])


@cache
def _marks(kind: NoticeKind, instance: str) -> tuple[str, ...]:
    """What tells other machines that a machine wrote this (RFC 3834 5); never on the words of a person."""
    if not kind.automatic:
        return ()
    return (
        mime.field("Auto-Submitted", ["auto-replied" if kind in _ACKNOWLEDGEMENTS else "auto-generated"]),
        mime.field("X-Auto-Response-Suppress", ["All"]),
        mime.field("X-Loop", [instance]),
    )


def _patience(kind: NoticeKind) -> timedelta:
    if kind is NoticeKind.ADMIN_ALERT:
        return timedelta(hours=ALERT_HOURS)
    if not kind.to_customer:
        return timedelta(days=STAFF_DAYS)
    return timedelta(days=ACKNOWLEDGEMENT_DAYS if kind.automatic else ANSWER_DAYS)
