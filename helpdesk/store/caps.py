"""How much automatic mail may leave: counted at the one door to `outgoing`, whatever the headers say.

Two helpdesks that answer each other end here, and so does a storm. Only letters that no person wrote are counted and
stopped; an answer of a staff member always goes. Windows slide on our clock.
"""

from __future__ import annotations

import statistics
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from helpdesk.desk.changes import NoticeKind
from helpdesk.store.direct import Direct
from helpdesk.store.letters import BREAKER, Letter, Ruling
from helpdesk.store.statements import insert_into
from helpdesk.store.tables import Contact, LetterHour, Outgoing, OutgoingState
from helpdesk.store.tables.base import key_text, table

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MEDIAN_HOURS = 7 * 24  # a week has its quiet nights and its Mondays
SUSPENDED_DAYS = 60  # then a bounced address may have been mended (RFC 3463 5.1.x is not for ever)

ACKNOWLEDGEMENTS = (NoticeKind.ACKNOWLEDGEMENT, NoticeKind.NEUTRAL_ACKNOWLEDGEMENT)

LETTERS = table(Outgoing)
CONTACTS = table(Contact)
HOURS = table(LetterHour)


class Limits(Protocol):
    """What ``[limits]`` in helpdesk.toml says."""

    @property
    def per_address_hour(self) -> int: ...
    @property
    def per_address_day(self) -> int: ...
    @property
    def per_subject_day(self) -> int: ...
    @property
    def per_domain_hour(self) -> int: ...
    @property
    def free_mail_domains(self) -> Collection[str]: ...
    @property
    def staff_notice_hour(self) -> int: ...
    @property
    def breaker_hour(self) -> int: ...
    @property
    def breaker_factor(self) -> float: ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Counts:
    """What has been sent, or will be, when a letter comes to the door."""

    hour: int
    day: int
    subject: int
    """Acknowledgements to this address about the same subject within a day."""
    ticket: int
    """Acknowledgements of this ticket."""
    suspended: bool
    everything: int
    """An upper bound of all letters of the last hour, nearly free to ask for."""


def judge(session: Session, letter: Letter, *, limits: Limits, now: datetime, own_addresses: Collection[str]) -> Ruling:
    """Whether a letter may go: queued, cancelled by a limit, or held by the breaker or its guard."""
    if letter.automatic and _is_own(letter.recipient, own_addresses):
        return _cancelled(f"{letter.recipient} is an address of our own")
    if letter.automatic and letter.outside:
        ruling = _outside(session, letter, limits, now)
    else:
        ruling = _inside(session, letter, limits, now)
    if ruling.state is OutgoingState.QUEUED and letter.held is not None:
        return Ruling(state=OutgoingState.HELD, reason=letter.held)
    return ruling


def uses_limit(letter: Letter) -> bool:
    """Whether a letter counts against the letters after it."""
    return letter.automatic and (letter.outside or letter.kind == NoticeKind.UNPROVEN)


def over(letter: Letter, counts: Counts, limits: Limits) -> str | None:
    """The limit of its address, subject or ticket that a letter would break, in words."""
    acknowledgement = letter.kind in ACKNOWLEDGEMENTS
    checks = (
        (counts.suspended, f"mail to {letter.recipient} bounces"),
        (acknowledgement and counts.ticket > 0, f"ticket {letter.ticket} has been acknowledged"),
        (
            acknowledgement and counts.subject >= limits.per_subject_day,
            f"limit: {limits.per_subject_day} a day to {letter.recipient} about one subject",
        ),
        (
            counts.hour >= limits.per_address_hour,
            f"limit: {limits.per_address_hour} automatic letters an hour to {letter.recipient}",
        ),
        (
            counts.day >= limits.per_address_day,
            f"limit: {limits.per_address_day} automatic letters a day to {letter.recipient}",
        ),
    )
    return next((reason for broken, reason in checks if broken), None)


def threshold(hourly: Iterable[int], limits: Limits) -> int:
    """How many automatic letters an hour are still usual: hours without any say nothing."""
    busy = [letters for letters in hourly if letters > 0]
    usual = statistics.median(busy) if busy else 0
    return max(limits.breaker_hour, int(limits.breaker_factor * usual))


def _outside(session: Session, letter: Letter, limits: Limits, now: datetime) -> Ruling:
    counts = _count(session, letter, now)
    if reason := over(letter, counts, limits) or _domain(session, letter, counts, limits, now):
        return _cancelled(reason)
    if reason := _breaker(session, counts, limits, now):
        return Ruling(state=OutgoingState.HELD, reason=reason)
    return Ruling()


def _inside(session: Session, letter: Letter, limits: Limits, now: datetime) -> Ruling:
    if letter.kind != NoticeKind.UNPROVEN:
        return Ruling()
    where = (LETTERS.c.recipient == _address(letter), LETTERS.c.created > now - HOUR)
    if _at_most(session, limits.staff_notice_hour, *where) < limits.staff_notice_hour:
        return Ruling()
    return _cancelled(f"limit: {limits.staff_notice_hour} notice an hour to {letter.recipient} about unproven mail")


def _cancelled(reason: str) -> Ruling:
    return Ruling(state=OutgoingState.CANCELLED, reason=reason)


def _is_own(recipient: str, own_addresses: Collection[str]) -> bool:
    """Also with a plus part, which is a reply address of ours."""
    local, _, domain = recipient.lower().rpartition("@")
    return f"{local}@{domain}" in own_addresses or f"{local.partition('+')[0]}@{domain}" in own_addresses


def _address(letter: Letter) -> str:
    return key_text(letter.recipient.lower())


def _count(session: Session, letter: Letter, now: datetime) -> Counts:
    parameters = {
        "recipient": _address(letter),
        "day": now - DAY,
        "hour": now - HOUR,
        "subject": letter.subject_key,
        "ticket": letter.ticket,
        "suspended": now - timedelta(days=SUSPENDED_DAYS),
    }
    row = _COUNT.row(session, parameters)
    assert row is not None, "counting always gives a row"
    first, last = row.first, row.last
    return Counts(
        hour=row.hour or 0,
        day=row.day,
        subject=row.subject or 0,
        ticket=row.ticket,
        suspended=row.suspended > 0,
        everything=0 if first is None else last - first + 1,
    )


def _domain(session: Session, letter: Letter, counts: Counts, limits: Limits, now: datetime) -> str | None:
    most = limits.per_domain_hour
    if counts.everything < most or letter.domain in limits.free_mail_domains:
        return None
    where = (LETTERS.c.recipient_domain == key_text(letter.domain), LETTERS.c.created > now - HOUR)
    if _at_most(session, most, *where) < most:
        return None
    return f"limit: {most} automatic letters an hour to {letter.domain}"


def _breaker(session: Session, counts: Counts, limits: Limits, now: datetime) -> str | None:
    """Three looks, each dearer than the one before and only taken when that one did not settle it."""
    if counts.everything < limits.breaker_hour:
        return None
    where = (LETTERS.c.outside.is_(True), LETTERS.c.created > now - HOUR)
    if _at_most(session, limits.breaker_hour, *where) < limits.breaker_hour:
        return None
    most = threshold(_hourly(session, now), limits)
    if _at_most(session, most, *where) < most:
        return None
    return f"{BREAKER}: more than {most} automatic letters within an hour"


def _at_most(session: Session, limit: int, *where: sa.ColumnElement[bool]) -> int:
    """How many counted letters there are, but no further than to the limit: in a storm every letter asks."""
    some = sa.select(sa.literal(1)).where(LETTERS.c.counted.is_(True), *where).limit(limit).subquery()
    return session.connection().scalar(sa.select(sa.func.count()).select_from(some)) or 0


def _hourly(session: Session, now: datetime) -> list[int]:
    """The letters of each finished hour of a week; an hour is counted once and remembered."""
    this = now.replace(minute=0, second=0, microsecond=0)
    hours = [this - step * HOUR for step in range(1, MEDIAN_HOURS + 1)]
    query = sa.select(HOURS.c.hour, HOURS.c.letters).where(HOURS.c.hour >= hours[-1], HOURS.c.hour < this)
    known = {row.hour: row.letters for row in session.connection().execute(query)}
    missing = {hour: _count_hour(session, hour) for hour in hours if hour not in known}
    if missing:
        _remember(session, missing)
    return [*known.values(), *missing.values()]


def _count_hour(session: Session, hour: datetime) -> int:
    """What the breaker held does not count: a long storm must not become the usual."""
    c = LETTERS.c
    gone = c.state != OutgoingState.HELD
    where = (c.counted.is_(True), c.outside.is_(True), c.created >= hour, c.created < hour + HOUR, gone)
    return session.connection().scalar(sa.select(sa.func.count()).select_from(LETTERS).where(*where)) or 0


def _remember(session: Session, hours: dict[datetime, int]) -> None:
    connection = session.connection()
    rows = [{"hour": hour, "letters": letters} for hour, letters in hours.items()]
    connection.execute(insert_into(session, HOURS).on_conflict_do_nothing(), rows)


def _count_statement() -> sa.Select[Any]:
    """All that is asked for every automatic letter, in one statement; each part uses an index."""
    c, parameter = LETTERS.c, sa.bindparam
    instant = c.created.type
    hour = parameter("hour", type_=instant)
    acknowledges = c.kind.in_(ACKNOWLEDGEMENTS)
    of_ticket = sa.select(sa.func.count()).where(c.ticket == parameter("ticket"), acknowledges, c.counted.is_(True))
    bounces = sa.select(sa.func.count()).where(
        CONTACTS.c.address == parameter("recipient"), CONTACTS.c.suspended > parameter("suspended", type_=instant)
    )
    recent = sa.select(c.id).where(c.counted.is_(True), c.outside.is_(True), c.created > hour)
    return sa.select(
        sa.func.count().label("day"),
        sa.func.sum(_one_if(c.created > hour)).label("hour"),
        sa.func.sum(_one_if(acknowledges & (c.subject_key == parameter("subject")))).label("subject"),
        of_ticket.scalar_subquery().label("ticket"),
        bounces.scalar_subquery().label("suspended"),
        recent.order_by(c.created, c.id).limit(1).scalar_subquery().label("first"),
        sa.select(sa.func.max(c.id)).scalar_subquery().label("last"),
    ).where(
        c.recipient == parameter("recipient"),
        c.counted.is_(True),
        c.created > parameter("day", type_=instant),
    )


def _one_if(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.case((condition, 1), else_=0)


_COUNT = Direct(_count_statement())
