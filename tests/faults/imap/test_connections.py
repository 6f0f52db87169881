"""Connections that break at any moment, in any way: each mail is one ticket with one acknowledgement all the same."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from tests.faults.imap.line import Line, Side, Then
from tests.faults.imap.office import LEAVES, MAILBOXES, TLS, Office

pytestmark = pytest.mark.dovecot

SIZE = 60_000  # bytes of a mail whose coming is cut
DEAD = LEAVES  # the mailbox whose server dies
AT_ONCE = 10.0  # seconds between a mail and its ticket on a very busy machine; it takes a tenth of one

# The last words of a session before it breaks; those of which another one stands nearby only in the long run.
SOAK = pytest.mark.soak
MOMENTS = [
    pytest.param("server", b"* OK", id="greeting"),
    pytest.param("client", b" LOGIN ", id="login asked", marks=SOAK),
    pytest.param("server", b"Logged in", id="login answered"),
    pytest.param("client", b" SELECT", id="select asked", marks=SOAK),
    pytest.param("server", b"UIDVALIDITY", id="select answered"),
    pytest.param("client", b" UID SEARCH", id="search asked", marks=SOAK),
    pytest.param("server", b"* SEARCH ", id="search answered"),
    pytest.param("server", b"RFC822.SIZE", id="sizes told", marks=SOAK),
    pytest.param("client", b"BODY.PEEK", id="mail asked", marks=SOAK),
    pytest.param("server", b"OK Fetch completed", id="mail handed out", marks=SOAK),
    pytest.param("client", b" UID MOVE", id="move asked"),
    pytest.param("server", b"OK [COPYUID", id="move answered"),
    pytest.param("server", b"OK Move completed", id="move done", marks=SOAK),
    pytest.param("client", b" IDLE", id="idle asked", marks=SOAK),
    pytest.param("server", b"+ idling", id="idle begun"),
    pytest.param("server", b" EXISTS", id="news told", marks=SOAK),
]


@pytest.mark.parametrize("after", [0, 1, 200, SIZE - 10])
def test_a_literal_cut_at_a_byte_is_no_mail(office: Office, after: int) -> None:
    """Whatever part of a mail has come: nothing is kept of it, and it comes whole with the next connection."""
    line = office.lines["support"]
    line.strike("server", b"BODY[] {60", after=len("000}\r\n") + after)
    office.customer_writes(f"cut-{after}", size=SIZE)
    office.until(lambda: line.happened)
    office.until_kept(f"cut-{after}")
    assert office.tickets()[f"cut-{after}"] == 1


@pytest.mark.parametrize(("says", "pattern"), MOMENTS)
def test_a_reset_between_any_two_words_loses_and_repeats_nothing(office: Office, says: Side, pattern: bytes) -> None:
    """The server may have done what it was asked for and the answer be lost, or not have heard it."""
    line = office.lines["support"]
    line.strike(says, pattern, then="reset")
    line.cut()
    subject = office.customer_writes(f"reset-{len(office.sent)}")
    office.until(lambda: line.happened)
    office.until_kept(subject)
    assert office.tickets()[subject] == 1


@pytest.mark.parametrize("then", ["close", "reset", "swallow"])
def test_tls_that_ends_in_the_middle_of_a_mail(office: Office, then: Then) -> None:
    """Cut without the goodbye of TLS: truncation is no end of a mail."""
    line = office.lines[TLS]
    line.strike("server", b"\x17\x03\x03", after=SIZE // 2, then=then)
    line.cut()
    office.customer_writes(f"tls-{then}", to=TLS, size=SIZE)
    office.until(lambda: line.happened)
    office.until_kept(f"tls-{then}")
    assert office.tickets()[f"tls-{then}"] == 1


def test_goodbye_in_the_middle_of_a_mail_is_no_part_of_it(office: Office) -> None:
    """The words of the server's shutdown lie where the mail went on; with its end the mail is short."""
    line = office.lines["support"]
    fault = line.strike("server", b"BODY[] {60", after=20_000, then="hold")
    office.customer_writes("goodbye", size=SIZE)
    office.until(lambda: line.happened)
    line.say_to_client(b"* BYE Server shutting down.\r\n")
    line.cut()
    fault.release.set()
    office.until_kept("goodbye")
    assert office.tickets()["goodbye"] == 1


def test_an_answer_that_never_ends_costs_one_connection(office: Office) -> None:
    """The library's connection is of no use after a timeout: it is thrown away, and the mail comes with the next."""
    line = office.lines["support"]
    line.strike("server", b"BODY[] {60", after=1000, then="swallow")
    office.customer_writes("swallowed", size=SIZE)
    office.until(lambda: line.happened)
    connections = line.connections
    office.until_kept("swallowed")
    assert line.connections == connections + 1


@pytest.mark.parametrize("mailbox", ["support", TLS])
def test_a_line_that_was_forgotten_on_the_way_is_noticed(office: Office, mailbox: str) -> None:
    """No end, no reset, no answer: mail comes in after one IDLE and the wait for one answer."""
    office.lines[mailbox].forget()
    office.customer_writes(f"black hole {mailbox}".replace(" ", "-"), to=mailbox)
    seconds = office.until_kept(f"black-hole-{mailbox}")
    assert seconds < office.waits.idle + office.waits.answer + office.waits.longest_retry + AT_ONCE


def test_a_server_that_cannot_be_reached_for_a_while_is_found_again(office: Office) -> None:
    """The status tells of it; no more than the longest pause after it answers the mailbox is well."""
    line = office.lines["support"]
    line.swallow()
    office.customer_writes("away")
    office.until_trouble("does not answer")
    used, began = time.process_time(), time.monotonic()
    time.sleep(2)
    assert time.process_time() - used < 0.6 * (time.monotonic() - began)
    line.heal()
    assert office.until_kept("away") < office.waits.connect + office.waits.longest_retry + AT_ONCE


def hang_after_login(line: Line) -> None:
    line.strike("client", b" EXAMINE", then="swallow", times=1000)
    line.cut()


def hang_in_fetch(line: Line) -> None:
    line.strike("server", b"BODY[] {", after=10, then="swallow", times=1000)


@pytest.mark.parametrize(
    ("dies", "words"),
    [
        pytest.param(Line.refuse, "Connection refused", marks=SOAK),
        (Line.drop_greetings, "does not answer"),
        (Line.swallow, "does not answer"),
        (hang_after_login, "does not answer"),
        (hang_in_fetch, "does not answer"),
    ],
    ids=["refused", "no answer to connect", "silence", "hangs after login", "hangs in fetch"],
)
def test_of_five_mailboxes_four_do_not_notice_that_the_fifth_is_dead(
    office: Office, dies: Callable[[Line], None], words: str
) -> None:
    """Their mail is a ticket at once; the status names the dead one, and its mail comes when the server is back."""
    line = office.lines[DEAD]
    waits = f"waits-{len(office.sent)}"
    dies(line)
    office.customer_writes(waits, to=DEAD)
    office.until_trouble(words, DEAD)
    for name in set(MAILBOXES) - {DEAD}:
        subject = office.customer_writes(f"{name}-{len(office.sent)}", to=name)
        assert office.until_kept(subject) < AT_ONCE
        assert office.problems(name) == []
    assert waits not in office.tickets()
    line.heal()
    office.until_kept(waits)
    office.until_well(DEAD)
