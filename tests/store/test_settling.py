"""After a backup was put back: letters wait, no number gets a second meaning, mailboxes are looked through again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from helpdesk.desk import tokens
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import StoreBusy, UsageError
from helpdesk.store import keys, leases, parts, positions, queues, settling
from helpdesk.store.queues import Ending
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState, Outgoing, OutgoingState, Part
from tests.builders import NOW
from tests.store import rows

LATER = NOW + timedelta(days=1)


def settle(store: Store, **given: Any) -> settling.Settled:
    """A day after the backup."""
    with store.writing() as session:
        return settling.settle(session, backup=NOW, now=LATER, **given)


def send(store: Store, state: OutgoingState, **values: Any) -> None:
    """Claim a letter, and end it so."""
    (done,) = rows.put(store, rows.answer())
    with store.writing() as session:
        queues.claim_letters(session, owner="x", now=NOW, limit=1, lease_seconds=60)
        if state is not OutgoingState.SENDING:
            queues.settle(session, [Ending(id=done.id or 0, state=state, words="so", **values)], owner="x", now=NOW)


def test_letters_that_waited_are_held(store: Store) -> None:
    """They have probably been sent since; what was settled stays so."""
    send(store, OutgoingState.SENDING)
    send(store, OutgoingState.RETRY, next_try=LATER)
    send(store, OutgoingState.UNKNOWN, next_try=LATER)
    send(store, OutgoingState.UNKNOWN)
    send(store, OutgoingState.SENT)
    send(store, OutgoingState.FAILED)
    rows.put(store, rows.answer())
    assert settle(store).letters == 4
    found = rows.all_of(store, Outgoing)
    assert [each.state.value for each in found] == ["held", "held", "held", "unknown", "sent", "failed", "held"]
    assert found[0].reason == "restored from a backup of 2026-03-02 09:00 UTC: it has probably been sent since"
    assert {(each.claimed_by, each.next_try) for each in found if each.state.value != "failed"} == {(None, None)}
    with store.reading() as session:
        assert queues.held_by_restore(session) == [1, 2, 3, 7]


def test_a_failure_that_nobody_had_been_told_of_is_still_told(store: Store) -> None:
    """Perhaps once more, and to colleagues only; one that had been told of when the backup was made is not."""
    send(store, OutgoingState.FAILED)
    send(store, OutgoingState.FAILED)
    with store.writing() as session:
        assert queues.reported(session, 1)
    settle(store)
    with store.reading() as session:
        assert queues.unreported(session, owner="another", now=LATER) == [2]


def test_mails_that_waited_are_handled_again_without_an_acknowledgement(store: Store) -> None:
    """They have been acknowledged since; those that were done stay done."""
    rows.keep(store, *(rows.fetched(uid=None) for _ in range(3)))
    first, *_ = rows.claim(store, limit=2)
    rows.finish(store, first.id)
    assert settle(store).mails == 2
    done, *again = rows.all_of(store, Incoming)
    assert (done.state, done.again) == (IncomingState.DONE, False)
    assert {(each.state, each.again, each.acknowledge) for each in again} == {(IncomingState.WAITING, True, False)}
    assert [mail.again for mail in rows.claim(store)] == [True, True]


def test_it_is_not_done_beside_a_living_daemon(store: Store) -> None:
    """Its letters would be held, and it would go on signing with the old key; one that stopped is none."""
    with store.writing() as session:
        parts.beat(session, "intake", process="host:1", now=NOW)
        with pytest.raises(StoreBusy, match=r"host:1\): stop all of them"):
            settling.require_quiet(session, NOW + timedelta(minutes=1))
        settling.require_quiet(session, NOW + timedelta(minutes=2))
        leases.acquire(session, "canary", owner="host:2", now=LATER, seconds=60)
        with pytest.raises(StoreBusy, match="host:2"):
            settling.require_quiet(session, LATER)
        parts.ended(session, "host:1", now=LATER)
        settling.require_quiet(session, LATER + timedelta(minutes=1, seconds=1))


def test_a_second_time_must_be_said(store: Store) -> None:
    """Nothing in the database tells a mistake from one that was put back again; a rotation of keys is no restore."""
    with store.writing() as session:
        keys.begin(session, NOW)
        keys.rotate(session, NOW)
        settling.require_unsettled(session)
    settle(store)
    with store.writing() as session:
        keys.rotate(session, LATER + timedelta(days=1))
        with pytest.raises(UsageError, match=r"on 2026-03-03 09:00 UTC already.*--once-more"):
            settling.require_unsettled(session)


def let_in(store: Store, number: int, outcome: LedgerOutcome) -> None:
    """As the admin does at the shell."""
    with store.writing() as session:
        if outcome is LedgerOutcome.QUARANTINE:
            queues.release(session, number, by="admin", now=LATER)
        else:
            queues.handle_as_mail(session, number, by="admin")


@pytest.mark.parametrize("outcome", [LedgerOutcome.QUARANTINE, LedgerOutcome.AUTOMATIC, LedgerOutcome.BOUNCE])
def test_a_mail_that_a_person_lets_in_after_the_restore_is_not_acknowledged(
    store: Store, outcome: LedgerOutcome
) -> None:
    """He has probably let it in before, in the lost time, and it was answered then; until he does it stays there."""
    rows.keep(store, rows.fetched(uid=None))
    (mail,) = rows.claim(store)
    rows.finish(store, mail.id, outcome=outcome)
    assert settle(store).mails == 0
    assert rows.one(store, Incoming, mail.id).outcome is outcome
    let_in(store, mail.id, outcome)
    (again,) = rows.claim(store)
    assert (again.again, again.acknowledge) == (True, False)


@pytest.mark.parametrize(("given", "expected"), [({}, 3001), ({"tickets": 1700}, 3001), ({"tickets": 2500}, 4001)])
def test_new_tickets_begin_far_behind_the_last(store: Store, given: dict[str, int], expected: int) -> None:
    """The numbers between were given after the backup, and stand in customers' mails; also if all rows are gone."""
    rows.ticket(store)
    assert settle(store, given=given).next_ticket == expected
    assert rows.ticket(store) == expected
    (letter,) = rows.put(store, rows.answer())
    assert (letter.id or 0) > 2000


def test_a_token_of_the_lost_time_opens_nothing(store: Store) -> None:
    """Even where its number has been given again, to another customer; those of before the backup still work."""
    ticket = rows.ticket(store)
    with store.writing() as session:
        keys.begin(session, NOW)
        old = keys.signing(session)
    lost = tokens.write(tokens.agent(ticket + 1, 3), old), tokens.write(tokens.held(77, 3), old)
    lost_id = tokens.message_id(ticket=ticket + 1, agent=None, unique="abcd", domain="h.test", keys=old)
    kept = tokens.write(tokens.customer(ticket), old)
    settle(store)
    with store.reading() as session:
        now = keys.signing(session)
    assert [tokens.read(each, now) for each in lost] == [None, None]
    assert (tokens.read_message_id(lost_id, now), tokens.is_own_id(lost_id, now)) == (None, True)
    assert tokens.read(kept, now) == tokens.customer(ticket)
    assert tokens.read(tokens.write(tokens.agent(ticket + 1, 3), now), now) == tokens.agent(ticket + 1, 3)


def test_a_restore_does_not_let_older_letters_lose_a_rotation(store: Store) -> None:
    """The keys before it count as one with the new one; a dead one stays dead."""
    with store.writing() as session:
        dead, *_ = keys.begin(session, NOW)
        keys.rotate(session, NOW)
        before = keys.rotate(session, NOW)
    settle(store)
    with store.writing() as session:
        assert keys.live(session)[1:] == before
        assert keys.rotate(session, NOW)[2:] == before
        assert dead not in keys.live(session)
        assert len(keys.rotate(session, NOW)) == 2


def test_every_mailbox_is_looked_through_again(store: Store) -> None:
    """From a month before the last good look; nothing that is there already is acknowledged. Leases are free."""
    began = NOW - timedelta(days=90)
    with store.writing() as session:
        positions.reset(session, "support", account="a", uidvalidity=7, uid=9, acknowledge_from=began, now=began)
        positions.beat(session, "support", now=NOW - timedelta(hours=3))
        positions.moved(session, "support", folder="Done", uidvalidity=3, uidnext=51)
        parts.beat(session, "intake", process="host:1", now=NOW)
        leases.acquire(session, "canary", owner="host:1", now=LATER, seconds=60)
        assert settling.as_of(session) == NOW
    settle(store)
    with store.writing() as session:
        place = positions.get(session, "support")
        assert leases.acquire(session, "canary", owner="host:2", now=LATER, seconds=60) is not None
    assert place is not None
    assert (place.uid, place.restored, place.acknowledge_from) == (9, LATER, LATER)
    assert place.done_again_from == NOW - timedelta(days=30, hours=3)
    assert (place.done_again_folder, place.done_again_uidvalidity, place.done_again_uid) == ("Done", 3, 50)
    assert rows.all_of(store, Part) == []


def test_a_search_that_was_not_at_its_end_goes_on(store: Store) -> None:
    """The backup was made soon after another one had been put back."""
    with store.writing() as session:
        positions.reset(session, "support", account="a", uidvalidity=7, uid=9, acknowledge_from=NOW, now=NOW)
    settle(store)
    with store.writing() as session:
        positions.done_read_to(session, "support", folder="Done", uidvalidity=3, uid=20)
        positions.moved(session, "support", folder="Done", uidvalidity=3, uidnext=51)
    settle(store)
    with store.reading() as session:
        place = positions.get(session, "support")
    assert place is not None and (place.done_again_from, place.done_again_uid) == (NOW, 20)
