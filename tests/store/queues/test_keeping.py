"""A mail is kept byte for byte, once for each place on the server, before anything else happens to it."""

from __future__ import annotations

import threading
import zlib
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import col, select

from helpdesk.store import queues
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming, IncomingState, RawMail
from tests.builders import NOW
from tests.store.queries import counted
from tests.store.rows import all_of, fetched, keep, one

ODD = b"\x00\xff\r\n\x80 no mail at all \x1a"


def to_be_filed(store: Store, *, generation: int = 1, limit: int = 10) -> list[int]:
    """The UIDs that may be moved."""
    with store.reading() as session:
        return [mail.uid for mail in queues.to_be_filed(session, "support", generation, limit)]


def test_the_bytes_are_kept_as_they_came(store: Store) -> None:
    """Whatever they are; an empty mail too."""
    for raw in (ODD, b""):
        (number,) = keep(store, fetched(uid=None, raw=raw))
        kept = one(store, RawMail, one(store, Incoming, number).raw_id)
        assert (zlib.decompress(kept.data), kept.size) == (raw, len(raw))


def test_a_kept_mail_waits(store: Store) -> None:
    """With the server's time of arrival and whether it may be answered."""
    arrived = NOW - timedelta(days=3)
    (number,) = keep(store, fetched(5, received=arrived, acknowledge=False))
    row = one(store, Incoming, number)
    assert (row.state, row.attempts, row.received, row.kept_at) == (IncomingState.WAITING, 0, arrived, NOW)
    assert (row.mailbox, row.uidvalidity, row.uid, row.acknowledge, row.filed) == ("support", 7, 5, False, False)


def test_a_batch_gets_its_numbers_in_order(store: Store) -> None:
    """Each mail its own number, the earlier ones the lower."""
    mails = [fetched(uid) for uid in (3, 1, 2)]
    numbers = keep(store, *mails)
    assert numbers == sorted(numbers)
    assert [one(store, Incoming, number).uid for number in numbers] == [3, 1, 2]


def test_a_place_that_is_known_keeps_its_number(store: Store) -> None:
    """After a crash the same mails are fetched again; only the new one becomes a row."""
    before = keep(store, fetched(1), fetched(2))
    after = keep(store, fetched(2), fetched(3), fetched(1))
    assert (after[0], after[2]) == (before[1], before[0])
    assert len(all_of(store, Incoming)) == 3


def test_the_same_place_twice_in_a_batch_is_one_mail(store: Store) -> None:
    """A server may name a UID twice."""
    first, other, second = keep(store, fetched(1, b"a"), fetched(2, b"b"), fetched(1, b"a"))
    assert first == second != other
    assert len(all_of(store, Incoming)) == 2


def test_equal_bytes_at_two_places_are_two_mails(store: Store) -> None:
    """Each ends in an outcome of its own; the bytes are stored once."""
    numbers = keep(store, fetched(1, b"same"), fetched(2, b"same"))
    numbers += keep(store, fetched(3, b"same", mailbox="sales"))
    assert len(set(numbers)) == 3
    assert len(all_of(store, RawMail)) == 1


def test_the_same_place_of_two_generations_in_a_batch_is_two_mails(store: Store) -> None:
    """And each is known again under its own number."""
    mails = fetched(1, b"a"), fetched(1, b"b", generation=2)
    first, second = keep(store, *mails)
    assert first != second
    assert keep(store, *reversed(mails)) == [second, first]


def test_what_a_later_generation_kept_is_not_for_an_earlier_one(store: Store) -> None:
    """Earlier ones are named, so that they can be noted as done; a process that lags behind leaves later ones alone."""
    keep(store, fetched(1), fetched(2, generation=2), fetched(3, generation=3))
    assert to_be_filed(store, generation=2) == [1, 2]


@pytest.mark.parametrize("other", [{"mailbox": "sales"}, {"uidvalidity": 8}, {"generation": 2}])
def test_a_uid_counts_only_within_its_mailbox_generation_and_uidvalidity(store: Store, other: dict[str, Any]) -> None:
    """The same number elsewhere is another mail."""
    (first,) = keep(store, fetched(1))
    (second,) = keep(store, fetched(1, **other))
    assert first != second


def test_files_have_no_place_and_are_all_kept(store: Store) -> None:
    """The same file given twice is two rows; the second ends as a duplicate, not as nothing."""
    numbers = keep(store, fetched(None, b"same", filed=True), fetched(None, b"same", filed=True))
    assert len(set(numbers)) == 2
    assert to_be_filed(store) == []


def test_nothing_is_filed_before_it_is_committed(store: Store) -> None:
    """Who looks what may be moved does not see a mail that a power cut could still take back."""
    with store.writing() as session:
        queues.keep(session, [fetched(1)], NOW)
        assert to_be_filed(store) == []
    assert to_be_filed(store) == [1]


def test_an_error_keeps_nothing_and_files_nothing(store: Store) -> None:
    """The mails stay on the server as they are."""

    def cut_off() -> None:
        with store.writing() as session:
            queues.keep(session, [fetched(1)], NOW)
            raise ConnectionError

    with pytest.raises(ConnectionError):
        cut_off()
    assert (all_of(store, Incoming), all_of(store, RawMail)) == ([], [])


def test_what_is_filed_is_not_filed_again(store: Store) -> None:
    """By UID, of one mailbox, in batches; whatever became of the mail meanwhile."""
    keep(store, fetched(1, mailbox="sales"))
    numbers = keep(store, *(fetched(uid) for uid in (3, 1, 2)))
    assert to_be_filed(store, limit=2) == [1, 2]
    with store.writing() as session:
        queues.filed(session, numbers[1:])
    assert to_be_filed(store) == [3]


def test_a_large_batch_is_few_statements(store: Store) -> None:
    """As many for two hundred mails as for one; each has its own bytes."""
    numbers = keep(store, *(fetched(uid, b"%d" % uid) for uid in range(1, 201)))
    with store.reading() as session:
        query = select(Incoming.uid, RawMail.data).join(RawMail).order_by(col(Incoming.id))
        found = session.exec(query).all()
    assert len(set(numbers)) == 200
    assert all(zlib.decompress(data) == str(uid).encode() for uid, data in found)


@pytest.mark.postgresql
def test_bytes_are_stored_in_one_order_for_everybody(postgresql: Store) -> None:
    """Two mailboxes that store the same mails in different orders would wait for each other for ever."""
    with counted() as sent:
        keep(postgresql, *(fetched(uid, b"%d" % uid) for uid in range(1, 10)))
    (rows,) = [each.parameters for each in sent if each.statement.startswith("INSERT INTO raw_mails")]
    hashes = [row["sha256"] for row in rows]
    assert len(hashes) == 9
    assert hashes == sorted(hashes)


def test_two_mailboxes_that_keep_the_same_mails_do_not_block_each_other(store: Store) -> None:
    """In opposite order, at the same time, many times: no deadlock, nothing lost."""
    batches = [[b"%d-%d" % (turn, number) for number in range(20)] for turn in range(10)]

    def watch(mailbox: str, step: int) -> None:
        for turn, raws in enumerate(batches):
            keep(store, *(fetched(turn * 100 + i, raw, mailbox=mailbox) for i, raw in enumerate(raws[::step], 1)))

    threads = [threading.Thread(target=watch, args=each) for each in (("support", 1), ("sales", -1))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(all_of(store, Incoming)), len(all_of(store, RawMail))) == (400, 200)
