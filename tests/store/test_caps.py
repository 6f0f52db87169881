"""How much automatic mail may leave. Windows slide on our clock; what a person wrote is never limited."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from helpdesk.config import Limits
from helpdesk.desk.changes import NoticeKind
from helpdesk.mail.message import Address
from helpdesk.store import contacts
from helpdesk.store.caps import threshold
from helpdesk.store.letters import BREAKER
from helpdesk.store.queues import Put
from helpdesk.store.session import Store
from helpdesk.store.tables import LetterHour, Outgoing, OutgoingState
from helpdesk.store.tables.base import table
from tests.builders import EVA, NOW
from tests.store.rows import all_of, answer, letter, put, ticket

SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
QUEUED, CANCELLED, HELD = OutgoingState.QUEUED, OutgoingState.CANCELLED, OutgoingState.HELD


def state(
    store: Store, *, now: datetime = NOW, to: str = "eva@customer.test", **values: object
) -> OutgoingState | None:
    """What becomes of one more automatic letter."""
    return put(store, letter(to, **values), now=now)[0].state


def unproven(store: Store, now: datetime, to: str = "anna@helpdesk.test") -> OutgoingState | None:
    """What becomes of one more warning of forged mail."""
    return put(store, letter(to, kind=NoticeKind.UNPROVEN, outside=False), now=now)[0].state


def states(puts: list[Put]) -> dict[OutgoingState | None, int]:
    """How many of each."""
    found = [done.state for done in puts]
    return {each: found.count(each) for each in found}


def test_three_an_hour_to_one_address(store: Store) -> None:
    """The fourth is cancelled; an hour after the first there is room for one, not for three."""
    for minute in (0, 20, 40):
        assert state(store, now=NOW + minute * MINUTE) is QUEUED
    assert state(store, now=NOW + HOUR - SECOND) is CANCELLED
    assert state(store, now=NOW + HOUR) is QUEUED
    assert state(store, now=NOW + HOUR + SECOND) is CANCELLED


def test_a_full_hour_does_not_begin_anew_with_the_clock(store: Store) -> None:
    """The window slides: letters of 9:50 still count at 10:10, and those of before midnight after it."""
    evening = NOW.replace(hour=23, minute=50)
    assert [state(store, now=evening) for _ in range(3)] == [QUEUED] * 3
    assert state(store, now=evening + 20 * MINUTE) is CANCELLED


def test_ten_a_day_to_one_address(store: Store) -> None:
    """However they are spread; a day after the first there is room for one."""
    assert [state(store, now=NOW + 2 * HOUR * step) for step in range(10)] == [QUEUED] * 10
    assert state(store, now=NOW + DAY - SECOND) is CANCELLED
    assert state(store, now=NOW + DAY) is QUEUED
    assert state(store, now=NOW + DAY + SECOND) is CANCELLED


def test_an_address_is_one_in_any_case(store: Store) -> None:
    """Eva@ and eva@ are the same person."""
    for to in ("eva@customer.test", "EVA@customer.test", "Eva@Customer.Test"):
        assert state(store, to=to) is QUEUED
    assert state(store) is CANCELLED
    assert state(store, to="janos@customer.test") is QUEUED


def test_one_acknowledgement_a_subject_and_day(store: Store) -> None:
    """A machine that answers ours comes back with Re: and a number of its own."""
    assert state(store, subject="Printer") is QUEUED
    assert state(store, now=NOW + 2 * HOUR, subject="AW: Re: [#12] printer") is CANCELLED
    assert state(store, now=NOW + 2 * HOUR, subject="Scanner") is QUEUED
    assert state(store, now=NOW + DAY, subject="printer") is QUEUED


def test_the_limit_on_subjects_is_one_of_acknowledgements(store: Store) -> None:
    """A closing note has the same subject and goes."""
    assert state(store, subject="Printer") is QUEUED
    assert state(store, subject="Printer", kind=NoticeKind.CLOSING) is QUEUED
    assert state(store, subject="Printer", kind=NoticeKind.NEUTRAL_ACKNOWLEDGEMENT) is CANCELLED


def test_one_acknowledgement_a_ticket(store: Store) -> None:
    """Ever; a cancelled one does not count."""
    number = ticket(store)
    (over,) = put(store, letter(ticket=number), per_address_hour=0)
    assert over.state is CANCELLED
    assert state(store, ticket=number) is QUEUED
    later = put(store, letter("janos@customer.test", ticket=number), now=NOW + 30 * DAY)
    assert [done.reason for done in later] == [f"ticket {number} has been acknowledged"]


def test_thirty_an_hour_to_one_domain(store: Store) -> None:
    """Each of another person there; other domains are not touched."""
    puts = put(store, *(letter(f"p{number}@customer.test") for number in range(40)))
    assert states(puts) == {QUEUED: 30, CANCELLED: 10}
    assert puts[-1].reason == "limit: 30 automatic letters an hour to customer.test"
    assert state(store, to="eva@other.test") is QUEUED
    assert state(store, now=NOW + HOUR) is QUEUED


def test_domains_of_many_unrelated_people_are_exempt(store: Store) -> None:
    """Free mail: a neighbour's storm is not mine."""
    puts = put(store, *(letter(f"p{number}@gmail.com") for number in range(40)))
    assert states(puts) == {QUEUED: 40}


def test_one_warning_an_hour_to_a_staff_member(store: Store) -> None:
    """Whoever forges a name a hundred times must not fill a colleague's mailbox."""
    assert unproven(store, NOW) is QUEUED
    assert unproven(store, NOW + HOUR - SECOND) is CANCELLED
    assert unproven(store, NOW + HOUR - SECOND, to="bela@helpdesk.test") is QUEUED
    assert unproven(store, NOW + HOUR) is QUEUED


def test_other_letters_to_staff_are_not_limited(store: Store) -> None:
    """Nobody may miss a ticket because there were many."""
    puts = put(store, *(letter("anna@helpdesk.test", kind=NoticeKind.NEW_TICKET, outside=False) for _ in range(50)))
    assert states(puts) == {QUEUED: 50}


def test_an_answer_by_a_person_is_never_limited(store: Store) -> None:
    """Not by address, subject, domain, a bounce or the breaker; nor does it use up anything."""
    put(store, *(letter() for _ in range(5)), breaker_hour=1)
    with store.writing() as session:
        contacts.suspend(session, EVA, NOW)
    puts = put(store, *(answer(subject="Printer") for _ in range(300)), breaker_hour=1)
    assert states(puts) == {QUEUED: 300}
    assert state(store, to="janos@customer.test") is QUEUED


@pytest.mark.parametrize("to", ["support@helpdesk.test", "SUPPORT@helpdesk.test", "support+t.1042.abc@helpdesk.test"])
def test_no_automatic_letter_to_ourselves(store: Store, to: str) -> None:
    """Nor to one of our reply addresses: that is where loops begin."""
    (done,) = put(store, letter(to))
    assert (done.state, done.reason) == (CANCELLED, f"{to} is an address of our own")


def test_nothing_automatic_to_an_address_that_bounces(store: Store) -> None:
    """For sixty days, or until the person writes again."""
    with store.writing() as session:
        contacts.suspend(session, EVA, NOW)
    (done,) = put(store, letter())
    assert (done.state, done.reason) == (CANCELLED, "mail to eva@customer.test bounces")
    assert state(store, now=NOW + 60 * DAY) is QUEUED
    with store.writing() as session:
        contacts.author(session, EVA, NOW)
    assert state(store, now=NOW + MINUTE) is QUEUED


def test_the_breaker_holds_what_is_more_than_usual(store: Store) -> None:
    """Two hundred an hour on a quiet site; what comes then waits for a person and is not lost."""
    puts = put(store, *(letter(f"eva@p{number}.test") for number in range(203)))
    assert states(puts) == {QUEUED: 200, HELD: 3}
    assert all(done.tripped for done in puts[200:])
    assert (puts[-1].reason or "").startswith(BREAKER)
    assert state(store, now=NOW + HOUR, to="new@p.test") is QUEUED


def test_the_breaker_knows_a_busy_site(store: Store) -> None:
    """Five times the median of the hours of a week that had any letters."""
    for hour in range(1, 4):
        put(store, *(letter(f"eva@p{number}.test") for number in range(10)), now=NOW - hour * HOUR - MINUTE)
    puts = put(store, *(letter(f"eva@q{number}.test") for number in range(55)), breaker_hour=5)
    assert states(puts) == {QUEUED: 50, HELD: 5}


def test_a_storm_does_not_become_the_usual(store: Store) -> None:
    """What the breaker held in an hour does not raise the bar for the next ones."""
    put(store, *(letter(f"eva@p{number}.test") for number in range(60)), now=NOW - HOUR, breaker_hour=5)
    puts = put(store, *(letter(f"eva@q{number}.test") for number in range(60)), now=NOW + HOUR, breaker_hour=5)
    assert states(puts) == {QUEUED: 25, HELD: 35}
    assert max(row.letters for row in all_of(store, LetterHour)) == 5


def test_a_past_hour_is_counted_once(store: Store) -> None:
    """In a storm every letter asks for the usual number."""
    put(store, *(letter(f"eva@p{number}.test") for number in range(5)), breaker_hour=1)
    hours = all_of(store, LetterHour)
    assert len(hours) == 7 * 24
    assert [row.hour for row in hours] == [NOW - step * HOUR for step in range(7 * 24, 0, -1)]
    put(store, letter("late@x.test"), now=NOW + MINUTE, breaker_hour=1)
    assert len(all_of(store, LetterHour)) == 7 * 24


@pytest.mark.parametrize(
    ("hourly", "most"),
    [((), 200), ((0, 0, 0), 200), ((10, 10, 10), 200), ((100, 0, 100), 500), ((10, 100, 1000), 500), ((61,), 305)],
)
def test_the_threshold(hourly: tuple[int, ...], most: int) -> None:
    """max(200, 5 x median); hours without a letter say nothing of the busy ones."""
    assert threshold(hourly, Limits()) == most


def test_what_is_held_by_a_guard_is_judged_too(store: Store) -> None:
    """A limit is stronger: what must not leave need not wait for anybody."""
    put(store, *(letter() for _ in range(3)))
    held, over = put(store, letter("janos@customer.test", held="doubt"), letter(held="doubt"))
    assert (held.state, over.state) == (HELD, CANCELLED)


def test_a_cancelled_letter_uses_up_nothing(store: Store) -> None:
    """Otherwise a robot that writes for ever would keep an address closed for ever."""
    for _ in range(6):
        state(store)
    assert [row.counted for row in all_of(store, Outgoing)] == [True] * 3 + [False] * 3
    assert state(store, now=NOW + HOUR) is QUEUED


def test_several_processes_count_together(store: Store) -> None:
    """Eight that write to one address at the same moment send three letters, not eight."""
    threads = [threading.Thread(target=lambda: put(store, letter())) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = [row.state for row in all_of(store, Outgoing)]
    assert (found.count(QUEUED), found.count(CANCELLED)) == (3, 5)


def test_letters_of_one_instant_are_all_counted(store: Store) -> None:
    """In whatever order the database keeps them: one decision queues many letters at once."""
    put(store, *(letter(f"p{number}@customer.test") for number in range(6)))
    rows = [row.model_dump() | {"id": 200 - (row.id or 0)} for row in all_of(store, Outgoing)]
    with store.writing() as session:
        session.connection().execute(sa.delete(table(Outgoing)))
        for row in rows:
            session.connection().execute(sa.insert(table(Outgoing)), row)
    (done,) = put(store, letter("one.more@customer.test"), per_domain_hour=6)
    assert done.state is CANCELLED


def test_a_stranger_of_that_name_is_another_address(store: Store) -> None:
    """LIKE's signs and quotes in an address are only characters."""
    put(store, *(letter("eva@customer.test") for _ in range(3)))
    odd = Address(name=None, address="%va_@customer.test' OR '1'='1")
    assert state(store, to=odd.address) is QUEUED
