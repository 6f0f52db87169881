"""What thinking needs to know of a mail: found by few queries, whatever the mail names."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk.desk import tokens
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.desk.verdict import Authentication
from helpdesk.mail.message import Address, Bounce, FailedRecipient, Mail
from helpdesk.store import contacts, queues
from helpdesk.store.lookups import COPY_HOURS, SAME_MAILS, TICKETS_ASKED, facts, gather
from helpdesk.store.session import Store
from helpdesk.store.statements import insert_new
from helpdesk.store.tables import IdSource, ThreadId
from tests.builders import ANNA, EVA, KEYS, NOW, config, mail
from tests.store.asking import heavy, kept, known, question
from tests.store.queries import counted
from tests.store.rows import END, answer, claim, fetched, finish, handled, keep, letter, put, ticket


def hashed(content: str, message_id: str | None = "<a@x>") -> Mail:
    """A mail with this content."""
    return mail(content_hash=content, message_id=message_id)


def test_nothing_is_known_of_a_strangers_first_mail(store: Store) -> None:
    """No contact, no ticket, no copy."""
    found = known(store, mail())
    assert (found.contact, found.candidates.tickets, found.candidates.children) == (None, {}, ())
    assert (found.facts.duplicate_of, found.facts.id_taken, found.facts.repeated) == (None, False, False)


@pytest.mark.parametrize(
    ("content", "message_id", "duplicate", "taken", "repeated"),
    [
        ("same", "<a@x>", True, False, False),
        ("other", "<a@x>", False, True, False),
        ("same", "<b@x>", False, False, True),
        ("same", None, False, False, True),
        ("other", "<b@x>", False, False, False),
    ],
)
def test_what_came_before(
    store: Store, content: str, message_id: str | None, duplicate: bool, taken: bool, repeated: bool
) -> None:
    """The same mail again is a duplicate; the same id with other content, or other id with the same, is told apart."""
    before = handled(store, hashed("same"))
    found = known(store, hashed(content, message_id)).facts
    assert found.duplicate_of == (before if duplicate else None)
    assert (found.id_taken, found.repeated) == (taken, repeated)


def test_a_mail_without_an_id_has_duplicates_too(store: Store) -> None:
    """Its content decides (C66)."""
    before = handled(store, hashed("same", None))
    assert known(store, hashed("same", None)).facts.duplicate_of == before
    assert known(store, hashed("other", None)).facts.duplicate_of is None


def test_a_mail_is_no_duplicate_of_itself(store: Store) -> None:
    """When it is tried again."""
    number = handled(store, hashed("same"))
    assert known(store, hashed("same"), incoming=number).facts.duplicate_of is None


def test_a_released_mail_is_no_duplicate_of_its_dropped_copy(store: Store) -> None:
    """The copy was dropped because the original was there; if each were the other's duplicate both would be lost."""
    original = handled(store, hashed("same"), outcome=LedgerOutcome.QUARANTINE)
    copy = handled(store, hashed("same"), outcome=LedgerOutcome.DUPLICATE)
    with store.writing() as session:
        queues.release(session, original, by="anna", now=NOW)
    assert known(store, hashed("same"), incoming=original).facts.duplicate_of is None
    assert known(store, hashed("same"), incoming=copy).facts.duplicate_of == original


RAW = b"Subject: kept by an older version\r\n\r\n"


def of_bytes(**values: Any) -> Mail:
    """The mail of those bytes."""
    return mail(sha256=hashlib.sha256(RAW).hexdigest(), content_hash="new", **values)


def decided(store: Store, message_id: str | None = "<first@customer.test>") -> int:
    """It is in the ledger, with the content hash of an older version."""
    (number,) = keep(store, fetched(uid=None, raw=RAW))
    claim(store)
    finish(store, number, mail_facts=(message_id, "old", None, None))
    return number


def test_a_mail_of_the_same_bytes_is_a_copy_whatever_its_hash(store: Store) -> None:
    """Older versions wrote other hashes: their mails are known all the same."""
    before = decided(store)
    found = known(store, of_bytes()).facts
    assert (found.duplicate_of, found.id_taken, found.repeated) == (before, False, False)
    assert known(store, hashed("new", "<first@customer.test>")).facts.duplicate_of is None


def test_a_mail_that_nobody_has_decided_about_has_no_copies(store: Store) -> None:
    """Of two with the same bytes that wait, the first is the mail and the second its copy."""
    first, second = keep(store, fetched(1, raw=RAW), fetched(2, raw=RAW))
    assert known(store, of_bytes(), incoming=first).facts.duplicate_of is None
    claim(store)
    finish(store, first, mail_facts=("<first@customer.test>", "new", None, None))
    assert known(store, of_bytes(), incoming=second).facts.duplicate_of == first


def test_the_same_bytes_without_id_and_date_are_a_copy_for_a_day_only(store: Store) -> None:
    """As with equal contents."""
    decided(store, None)
    asked = replace(question(of_bytes(message_id=None)), received=NOW + timedelta(hours=COPY_HOURS + 1))
    with store.reading() as session:
        assert gather(session, asked, config(), KEYS).facts.duplicate_of is None


def test_many_equal_mails_with_other_ids_hide_no_copy(store: Store) -> None:
    """Monitoring systems write the same words for years: of so many rows only some are looked at, copies first."""
    for number in range(SAME_MAILS):
        handled(store, hashed("same", f"<{number}@x>"))
    before = handled(store, hashed("same", "<a@x>"))
    assert known(store, hashed("same", "<a@x>")).facts.duplicate_of == before


def test_tickets_are_found_by_every_kind_of_claim(store: Store) -> None:
    """Known ids, the subject's tag, a child that came first: all are loaded, none is believed here."""
    by_id = kept(store, mail(message_id="<known@x>"))
    by_child = kept(store, mail(message_id="<child@x>", in_reply_to=("<own@x>",)))
    by_tag = ticket(store)
    asked = mail(message_id="<own@x>", in_reply_to=("<known@x>",), subject=f"[HD-{by_tag}] [HD-999999999]")
    found = known(store, asked).candidates
    assert set(found.tickets) == {by_id, by_child, by_tag}
    assert (found.by_id, found.children) == ({"<known@x>": (by_id,)}, (by_child,))


def test_very_long_ids_are_found_again(store: Store) -> None:
    """Cut where they are stored, they are named in full to the matching (C68)."""
    long = "<" + "a" * 5000 + "@x>"
    number = kept(store, mail(message_id=long))
    assert known(store, mail(message_id="<b@x>", in_reply_to=(long,))).candidates.by_id == {long: (number,)}


def test_tickets_that_know_an_id_come_in_the_order_in_which_they_learned_it(store: Store) -> None:
    """A mail joins the first of them that it may join."""
    later = ticket(store)
    first = kept(store, mail(message_id="<a@x>"))
    kept(store, mail(message_id="<b@x>", in_reply_to=("<a@x>",)), later)
    assert known(store, mail(message_id="<c@x>", in_reply_to=("<a@x>",))).candidates.by_id == {"<a@x>": (first, later)}


def test_an_id_that_everybody_names_loads_no_more_than_a_bound(store: Store) -> None:
    """Monitoring systems put one id into every mail; the newest tickets count."""
    numbers = [ticket(store) for _ in range(3)]
    with store.writing() as session:
        for number in numbers:
            every = [{"message_id": f"<{i}@x>", "ticket": number, "source": IdSource.REFERENCE} for i in range(100)]
            insert_new(session, ThreadId, every)
    asked = mail(references=tuple(f"<{i}@x>" for i in range(100)))
    found = known(store, asked).candidates
    assert sum(len(tickets) for tickets in found.by_id.values()) == TICKETS_ASKED
    assert set(found.tickets) == set(numbers[1:])


@pytest.mark.parametrize(("hours", "copy"), [(1, True), (25, False)])
def test_equal_mails_that_nothing_tells_apart_are_copies_for_a_day_only(store: Store, hours: int, copy: bool) -> None:
    """No Message-ID and no Date: "Printer down again." next week is another mail."""
    before = handled(store, hashed("same", None))
    asked = replace(question(hashed("same", None)), received=NOW + timedelta(hours=hours))
    with store.reading() as session:
        found = gather(session, asked, config(), KEYS).facts
    assert found.duplicate_of == (before if copy else None)


def test_a_contact_is_found_in_any_case(store: Store) -> None:
    """With whether mail to it bounces."""
    with store.writing() as session:
        contacts.suspend(session, EVA, NOW)
    found = known(store, mail(Address(name=None, address="EVA@Customer.Test"))).contact
    assert found is not None
    assert (found.address, found.name, found.suspended) == (EVA.address, EVA.name, True)


def test_a_bounce_finds_our_letters_by_their_ids(store: Store) -> None:
    """To customers and to colleagues, the ones to the failed recipient first; no others (C22)."""
    number = ticket(store)
    put(
        store,
        letter("other@x.test", message_id="<one@x>", ticket=number),
        letter("eva@customer.test", message_id="<two@x>", ticket=number),
        letter("anna@helpdesk.test", message_id="<three@x>", ticket=number, outside=False),
    )
    report = Bounce(
        recipients=(FailedRecipient(address="EVA@customer.test", status="5.1.1", permanent=True),),
        message_ids=("<one@x>", "<two@x>", "<three@x>", "<nobody@x>"),
    )
    found = known(store, mail(bounce=report)).bounced
    assert [(each.recipient, each.ticket and each.ticket.number) for each in found] == [
        ("eva@customer.test", number),
        ("other@x.test", number),
        ("anna@helpdesk.test", number),
    ]


def test_a_doubtful_bounce_finds_no_letter(store: Store) -> None:
    """A person may have written it: whom we wrote to is not called unreachable for it."""
    put(store, letter("eva@customer.test", message_id="<one@x>", ticket=ticket(store)))
    assert known(store, mail(bounce=Bounce(message_ids=("<one@x>",), certain=False))).bounced == ()


def test_a_held_letter_is_found_by_its_token(store: Store) -> None:
    """With its author, its ticket, and whether it still waits."""
    number = ticket(store)
    (done,) = put(store, answer(held="empty", ticket=number))
    to = f"support+{tokens.write(tokens.held(done.id or 0, 1), KEYS)}@helpdesk.test"
    about = mail(ANNA, to=(Address(name=None, address=to),))
    found = known(store, about).held
    assert found is not None
    assert (found.number, found.staff, found.waiting) == (done.id, "anna", True)
    assert found.ticket is not None
    assert found.ticket.number == number


def test_without_a_store_other_mails_are_unknown() -> None:
    """Explaining works without a site."""
    found = facts(question(mail()), config(), KEYS)
    assert (found.duplicate_of, found.authentication) == (None, Authentication.UNKNOWN)


def test_our_own_id_is_known_by_its_signature() -> None:
    """Not by looking it up: a copy of the database restored from yesterday does not hold it."""
    own = tokens.message_id(ticket=1042, agent=None, unique="abcd", domain="helpdesk.test", keys=KEYS)
    assert facts(question(mail(message_id=own)), config(), KEYS).own_message_id
    assert not facts(question(mail()), config(), KEYS).own_message_id


def test_the_number_of_queries_does_not_grow(store: Store) -> None:
    """One id or a hundred, one ticket or twenty: the same few."""
    for number in range(20):
        kept(store, mail(message_id=f"<t{number}@x>"))
    sizes = []
    for names in (1, 20, 100):
        with counted() as sent:
            known(store, heavy(names))
        sizes.append(len(sent))
    assert len(set(sizes)) == 1
    assert sizes[0] <= 10


@pytest.mark.postgresql
def test_two_copies_at_once_are_seen_by_one_another(postgresql: Store) -> None:
    """Two processes with a copy each: the second looks only when the first has written, so one is the duplicate."""
    numbers = keep(postgresql, fetched(1), fetched(2))
    claim(postgresql)
    found: list[int | None] = []

    def decide(number: int) -> None:
        with postgresql.writing() as session:
            asked = gather(session, question(hashed("same"), number), config(), KEYS)
            found.append(asked.facts.duplicate_of)
            queues.finish(session, number, **(END | {"mail_facts": ("<a@x>", "same", None, None)}))

    threads = [threading.Thread(target=decide, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(str(each) for each in found) in (["1", "None"], ["2", "None"])
    with postgresql.reading() as session:
        assert session.connection().scalar(sa.text("SELECT count(*) FROM incoming WHERE state = 'done'")) == 2
