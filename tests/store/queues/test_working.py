"""A mail is worked on by one at a time; it ends in one outcome, or after some tries in quarantine, never nowhere."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest

from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import StoreError
from helpdesk.store import contacts, queues
from helpdesk.store.queues import working
from helpdesk.store.queues.working import TRIES, TRIES_ALONE
from helpdesk.store.session import Store
from helpdesk.store.tables import Contact, Incoming, IncomingState
from tests.builders import EVA, NOW
from tests.store.rows import END, OWNER, all_of, claim, fetched, finish, keep, one

MINUTE = timedelta(seconds=60)


def fail(store: Store, number: int, *, owner: str = OWNER) -> bool:
    """Note that the mail could not be handled."""
    with store.writing() as session:
        return queues.fail(session, number, owner=owner, now=NOW, reason="no sense")


def die(store: Store, times: int, start: datetime = NOW) -> datetime:
    """Claim and never come back, some times; the instant after that."""
    for _ in range(times):
        claim(store, now=start)
        start += MINUTE * 2
    return start


def test_the_oldest_are_taken_first_and_once(store: Store) -> None:
    """With their bytes; what is claimed is not claimed again while its worker lives."""
    numbers = keep(store, fetched(1, b"one"), fetched(2, b"two"), fetched(3, b"three"))
    assert [(mail.id, mail.raw, mail.attempts) for mail in claim(store, limit=2)] == [
        (numbers[0], b"one", 1),
        (numbers[1], b"two", 1),
    ]
    assert [mail.id for mail in claim(store, owner="host:2", now=NOW + MINUTE)] == [numbers[2]]
    assert claim(store) == []


def test_many_workers_take_every_mail_once(store: Store) -> None:
    """Four at once, in small batches."""
    numbers = keep(store, *(fetched(uid) for uid in range(1, 61)))
    taken: list[int] = []

    def work(owner: str) -> None:
        while batch := claim(store, owner=owner, limit=3):
            taken.extend(mail.id for mail in batch)

    threads = [threading.Thread(target=work, args=(f"host:{number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(taken) == numbers


@pytest.mark.postgresql
def test_a_busy_row_is_passed_over(postgresql: Store) -> None:
    """On PostgreSQL nobody waits for another's claim to be committed."""
    numbers = keep(postgresql, fetched(1), fetched(2))
    with postgresql.writing() as session:
        queues.claim(session, owner="host:1", now=NOW, limit=1, lease_seconds=60)
        assert [mail.id for mail in claim(postgresql, owner="host:2")] == numbers[1:]


def test_a_claim_that_ran_out_is_taken_over(store: Store) -> None:
    """Its worker has not been heard of; the attempt counts."""
    (number,) = keep(store, fetched(1))
    claim(store)
    assert claim(store, owner="host:2", now=NOW + MINUTE) == []
    (mail,) = claim(store, owner="host:2", now=NOW + MINUTE * 1.1)
    assert (mail.id, mail.attempts) == (number, 2)


def test_it_is_known_whether_anything_can_be_claimed(store: Store) -> None:
    """What waits, or whose claim ran out; nothing is claimed by asking."""

    def claimable(now: datetime = NOW) -> bool:
        with store.reading() as session:
            return queues.claimable(session, now)

    assert not claimable()
    (number,) = keep(store, fetched(1))
    assert claimable() and one(store, Incoming, number).attempts == 0
    claim(store)
    assert not claimable() and claimable(NOW + MINUTE * 1.1)


def test_what_is_left_out_is_not_taken(store: Store) -> None:
    """Neither what waits nor what was claimed too long ago: whoever asks holds it himself, or has put it aside."""
    held, aside, free = keep(store, fetched(1), fetched(2), fetched(3))
    claim(store, limit=1)
    taken = claim(store, now=NOW + MINUTE * 2, besides={held, aside})
    assert [mail.id for mail in taken] == [free]
    assert one(store, Incoming, held).attempts == 1


def test_a_mail_ends_with_all_that_is_known(store: Store) -> None:
    """Outcome, reason, kind, findings and what duplicates are found by; nobody has it any more."""
    (number,) = keep(store, fetched(1))
    claim(store)
    found = [{"filter": "blocked", "outcome": "drop", "reason": "on the list"}]
    facts = ("<a@x>", "hash", "eva@customer.test", "Printer")
    finish(store, number, outcome=LedgerOutcome.BLOCKED, findings=found, mail_facts=facts)
    row = one(store, Incoming, number)
    assert (row.state, row.outcome, row.findings, row.handled_at) == (
        IncomingState.DONE,
        LedgerOutcome.BLOCKED,
        found,
        NOW,
    )
    assert (row.message_id, row.content_hash, row.sender, row.subject) == facts
    assert (row.claimed_by, row.claimed_until) == (None, None)


def test_a_held_mail_is_in_quarantine(store: Store) -> None:
    """A state of its row."""
    (number,) = keep(store, fetched(1))
    claim(store)
    finish(store, number, outcome=LedgerOutcome.QUARANTINE, reason="forged")
    assert one(store, Incoming, number).state is IncomingState.QUARANTINE


def test_whoever_lost_his_claim_writes_nothing(store: Store) -> None:
    """Another has the mail now: all that the sleeper wanted to write with it is undone, so nothing happens twice."""
    (number,) = keep(store, fetched(1))
    claim(store)
    claim(store, owner="host:2", now=NOW + MINUTE * 2)

    def wake_up() -> None:
        with store.writing() as session:
            contacts.contact(session, EVA, NOW)
            queues.finish(session, number, **END)

    with pytest.raises(StoreError, match="somebody else"):
        wake_up()
    assert all_of(store, Contact) == []
    assert one(store, Incoming, number).claimed_by == "host:2"


def test_a_mail_ends_once(store: Store) -> None:
    """The same worker cannot end it a second time with another outcome."""
    (number,) = keep(store, fetched(1))
    claim(store)
    finish(store, number)
    with pytest.raises(StoreError):
        finish(store, number, outcome=LedgerOutcome.BLOCKED)
    assert one(store, Incoming, number).outcome is LedgerOutcome.TICKET


def test_after_three_tries_a_person_looks(store: Store) -> None:
    """Twice it waits for the next try, then it is in quarantine with the reason; it stops nobody."""
    number, _ = keep(store, fetched(1), fetched(2))
    for _ in range(TRIES - 1):
        assert [mail.id for mail in claim(store, limit=1)] == [number]
        assert not fail(store, number)
    claim(store, limit=1)
    assert fail(store, number)
    row = one(store, Incoming, number)
    assert (row.state, row.outcome) == (IncomingState.QUARANTINE, LedgerOutcome.QUARANTINE)
    assert row.reason == "no sense (after 3 attempts)"
    assert len(claim(store)) == 1


def test_whoever_lost_his_claim_cannot_fail_the_mail(store: Store) -> None:
    """The other is still at it."""
    (number,) = keep(store, fetched(1))
    claim(store)
    claim(store, owner="host:2", now=NOW + MINUTE * 2)
    assert not fail(store, number)
    assert one(store, Incoming, number).state is IncomingState.WORKING


def test_a_mail_that_kills_the_process_is_tried_alone(store: Store) -> None:
    """After three deaths each of the batch is handed out by itself: one of them is poison, the others innocent."""
    numbers = keep(store, fetched(1), fetched(2), fetched(3))
    now = die(store, TRIES)
    assert [mail.id for mail in claim(store, now=now)] == numbers[:1]


def test_innocent_neighbours_get_through(store: Store) -> None:
    """The poison dies again and again and ends in quarantine unread; the rest is handled."""
    poison, *innocent = keep(store, fetched(1), fetched(2), fetched(3))
    now, handled = die(store, TRIES), []
    for _ in range(20):
        for mail in claim(store, now=now):
            if mail.id != poison:
                finish(store, mail.id)
                handled.append(mail.id)
        now += MINUTE * 2
    row = one(store, Incoming, poison)
    assert sorted(handled) == innocent
    assert (row.state, row.attempts) == (IncomingState.QUARANTINE, TRIES + TRIES_ALONE)
    assert row.reason == "helpdesk died 6 times while it worked on this mail"


def test_a_graceful_stop_costs_no_attempt(store: Store) -> None:
    """What was handed back is taken again at once; what another has is left alone."""
    ours, others = keep(store, fetched(1), fetched(2))
    claim(store, limit=1)
    claim(store, owner="host:2")
    with store.writing() as session:
        queues.hand_back(session, owner=OWNER)
    assert one(store, Incoming, others).claimed_by == "host:2"
    (mail,) = claim(store)
    assert (mail.id, mail.attempts) == (ours, 1)


def test_long_ids_are_cut_where_they_are_looked_up(store: Store) -> None:
    """PostgreSQL refuses an index entry above 2,700 bytes; a mail of that kind must not be lost for it."""
    (number,) = keep(store, fetched(1))
    claim(store)
    finish(store, number, mail_facts=("<" + "ő" * 5000, None, "ő" * 5000, "ő" * 5000))
    row = one(store, Incoming, number)
    assert (len(row.message_id or ""), len(row.sender or ""), len(row.subject or "")) == (499, 499, 5000)


def test_large_mails_are_claimed_few_at_a_time(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """All that are claimed together are held in memory; one always is."""
    monkeypatch.setattr(working, "BATCH_BYTES", 10)
    keep(store, fetched(1, b"seven b"), fetched(2, b"two"), fetched(3, b"three"), fetched(4, b"more than ten"))
    taken = [[mail.raw for mail in claim(store, limit=9)] for _ in range(4)]
    assert taken == [[b"seven b", b"two"], [b"three"], [b"more than ten"], []]


def test_what_a_crash_left_is_handed_out_without_fresh_mails(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each next batch would be larger than the one over which the process died."""
    monkeypatch.setattr(working, "BATCH_BYTES", 10)
    keep(store, fetched(1, b"seven b"), fetched(2, b"two"), fetched(3, b"three"))
    again = die(store, 1)
    assert [mail.raw for mail in claim(store, now=again)] == [b"seven b", b"two"]
    assert [mail.raw for mail in claim(store, now=again)] == [b"three"]
