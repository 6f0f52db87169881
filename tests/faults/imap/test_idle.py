"""The traps of IDLE between the daemon and a real server; those that need another server are in tests/inbox."""

from __future__ import annotations

import time

import pytest

from tests.faults.imap.office import TLS, Office

pytestmark = pytest.mark.dovecot

SHARE = 0.4  # of one processor, for this test and the whole daemon; a busy loop takes one of its own
AT_ONCE = 10.0  # seconds between a mail and its ticket on a very busy machine; it takes a tenth of one


@pytest.mark.parametrize("mailbox", ["support", TLS])
def test_a_line_of_the_server_that_comes_in_two_pieces_is_one(office: Office, mailbox: str) -> None:
    """Cut in the middle of a word, or of a TLS record: the mail is taken in over the same connection."""
    line = office.lines[mailbox]
    pattern = b" EXI" if mailbox != TLS else b"\x17\x03\x03"
    fault = line.strike("server", pattern, after=0 if mailbox != TLS else 9, then="hold")
    connections = line.connections
    subject = office.customer_writes(f"pieces-{mailbox}", to=mailbox)
    office.until(lambda: line.happened)
    time.sleep(0.3)
    fault.release.set()
    office.until_kept(subject)
    assert line.connections == connections


def test_a_connection_that_dies_in_idle_again_and_again_costs_no_processor(office: Office) -> None:
    """The library answers an empty list at once, for ever: each death is one reconnect after a growing pause."""
    line = office.lines["support"]
    line.strike("server", b"+ idling\r\n", then="close", times=1000)
    line.cut()
    office.until(lambda: line.happened > 1)
    used, began, died = time.process_time(), time.monotonic(), line.happened
    time.sleep(2)
    took = time.monotonic() - began
    assert time.process_time() - used < SHARE * took
    assert line.happened - died <= took / (office.waits.longest_retry / 2) + 1
    line.heal()


@pytest.mark.parametrize("mailbox", ["support", TLS])
def test_a_mail_between_the_last_look_and_idle_wakes(office: Office, mailbox: str) -> None:
    """It comes in one piece with the server's "+ idling": plain and within one TLS connection."""
    line = office.lines[mailbox]
    fault = line.strike("client", b" IDLE\r\n" if mailbox != TLS else b"\x17\x03\x03", then="hold")
    office.until(lambda: line.happened)
    subject = office.customer_writes(f"between-{mailbox}", to=mailbox)
    fault.release.set()
    assert office.until_kept(subject) < AT_ONCE
