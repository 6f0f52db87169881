"""Mails that cannot be moved on the server: taken in all the same, told of, and moved once it works."""

from __future__ import annotations

import pytest

from tests.faults.imap.office import ARCHIVE, FULL, MAILBOXES, Office

pytestmark = pytest.mark.dovecot


def test_a_full_quota_holds_up_no_mail(office: Office) -> None:
    """The server refuses the move: each mail is one ticket all the same, stays where it is, and follows later."""
    for number in range(4):
        office.until_kept(office.customer_writes(f"full-{number}", to=FULL, size=40_000))
    office.until_trouble("uota", FULL)
    assert len(office.stack.inbox(MAILBOXES[FULL], ARCHIVE)) == 2
    assert len(office.stack.inbox(MAILBOXES[FULL])) == 2
    with office.person(FULL, ARCHIVE) as client:
        client.delete_messages(client.search())
        client.expunge()
    office.until(lambda: office.stack.inbox(MAILBOXES[FULL]) == [])
    office.until_well(FULL)
