"""Mails out of files and pipes: what is larger than a site takes in opens a ticket with its header and a note."""

from __future__ import annotations

import pytest

from helpdesk.inbox.files import STDIN, Found
from helpdesk.inbox.taking import Taker
from helpdesk.mail.message import Mail
from helpdesk.mail.parse import parse
from helpdesk.store import queues
from helpdesk.store.session import Store
from tests.builders import NOW, config

MEGABYTE = 2**20
SITE = config().model_copy(update={"mail": config().mail.model_copy(update={"maximum_mb": 1})})
HEADER = b"From: eva@customer.test\r\nTo: support@helpdesk.test\r\nSubject: Big\r\nContent-Type: text/html\r\n\r\n"
LARGE = HEADER + b"<p>" + b"x" * MEGABYTE


def kept(store: Store, *found: Found) -> list[bytes]:
    """What the ledger holds after these were taken."""
    Taker(SITE, store, now=lambda: NOW).take(found)
    with store.writing() as session:
        return [mail.raw for mail in queues.claim(session, owner="test", now=NOW, limit=9, lease_seconds=60)]


def taken(store: Store, source: str) -> Mail:
    """A large mail from there, as the daemon will read it."""
    [raw] = kept(store, Found(source=source, raw=LARGE))
    return parse(raw)


@pytest.mark.parametrize(
    ("source", "where"),
    [("/srv/anna/big.eml", "stays in the file big.eml, untouched"), (STDIN, "Our mail server passed it on")],
)
def test_a_mail_that_is_too_large_opens_a_ticket_with_its_header(store: Store, source: str, where: str) -> None:
    """The note says how large it is, and where the rest of it lies."""
    mail = taken(store, source)
    assert (mail.subject, [person.address for person in mail.from_]) == ("Big", ["eva@customer.test"])
    assert mail.text.startswith("This mail has 1.0 MB, more than the 1 MB that are taken in.")
    assert where in mail.text


def test_a_mail_of_the_largest_size_is_kept_as_it_came(store: Store) -> None:
    """The limit itself is allowed."""
    raw = LARGE[:MEGABYTE]
    assert kept(store, Found(source="a.eml", raw=raw)) == [raw]


def test_a_large_file_taken_again_does_no_harm(store: Store) -> None:
    """By whatever path it is the same mail, which the filter of duplicates drops."""
    first, second = kept(store, Found(source="a/big.eml", raw=LARGE), Found(source="/x/a/big.eml", raw=LARGE))
    assert first == second


def test_a_file_name_of_any_bytes_can_stand_in_the_note(store: Store) -> None:
    """They need not be letters."""
    assert "big\\udcff.eml" in taken(store, "big\udcff.eml").text
