"""One contact an address, made by whoever comes first, and reachable again when he writes."""

from __future__ import annotations

import threading

from helpdesk.store.session import Store
from helpdesk.store.tables import Contact
from tests.builders import EVA, NOW
from tests.store.rows import all_of, ticket


def test_whoever_writes_again_is_reachable_again(store: Store) -> None:
    """And is named as he names himself now."""
    with store.writing() as session:
        session.add(Contact(address=EVA.key, written=EVA.address, first_seen=NOW, last_seen=NOW, suspended=NOW))
    ticket(store)
    (person,) = all_of(store, Contact)
    assert (person.suspended, person.name) == (None, EVA.name)


def test_two_mails_of_a_new_customer_at_once(store: Store) -> None:
    """Two processes that meet the same new address end with one contact and two tickets."""
    numbers: list[int] = []
    barrier = threading.Barrier(4)

    def open_one() -> None:
        barrier.wait()
        numbers.append(ticket(store))

    threads = [threading.Thread(target=open_one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 4
    assert len(all_of(store, Contact)) == 1
