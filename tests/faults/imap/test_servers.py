"""The mail server is restarted, killed, or does not let us in for a while: nothing lost, nothing twice."""

from __future__ import annotations

import time

import pytest

from tests.faults.imap.office import MAILBOXES, Office

pytestmark = pytest.mark.dovecot

BIG = 6 * 2**20  # bytes; more than a server can have said before the line has passed half of it
SHARE = 0.5  # of one processor: five dead mailboxes, their retries, this test and its lines


@pytest.mark.parametrize(
    "kill", [pytest.param(False, marks=pytest.mark.soak, id="restart"), pytest.param(True, id="kill -9")]
)
def test_a_server_that_goes_during_idle(office: Office, *, kill: bool) -> None:
    """No mailbox spins on its dead connection; each tells of it and is well again by itself."""
    office.stop_server(kill=kill)
    try:
        # At its ordinary end Dovecot lets a session live on for half a minute, which is no trouble.
        office.until(lambda: (all if kill else any)(office.problems(name) for name in MAILBOXES))
        used, began = time.process_time(), time.monotonic()
        time.sleep(1.5)
        assert time.process_time() - used < SHARE * (time.monotonic() - began)
    finally:
        office.stack.start_dovecot()
    for name in MAILBOXES:
        office.customer_writes(f"after-{name}-{len(office.sent)}", to=name)
    office.until_kept(*office.sent)


@pytest.mark.parametrize("kill", [False, True], ids=["restart", "kill -9"])
def test_a_server_that_goes_in_the_middle_of_a_mail(office: Office, *, kill: bool) -> None:
    """Half of it has come; the other half is not waited for, and the whole comes from the next server."""
    line = office.lines["support"]
    fault = line.strike("server", b"BODY[] {", after=BIG // 2, then="hold")
    subject = office.customer_writes(f"big-{len(office.sent)}", size=BIG)
    office.until(lambda: line.happened)
    office.stop_server(kill=kill)
    fault.release.set()
    try:
        office.until_trouble("localhost")
        assert subject not in office.tickets()
    finally:
        office.stack.start_dovecot()
    office.until_kept(subject)


def test_a_login_that_is_refused_for_a_while(office: Office) -> None:
    """The status names user and server; the others go on; when the password is right again mail comes in."""
    with office.stack.other_password(MAILBOXES["support"]):
        time.sleep(1.1)  # within a second Dovecot does not look into its file of passwords again
        office.stack.kick(MAILBOXES["support"])
        subject = office.customer_writes("refused")
        office.until_trouble("refused the user support@helpdesk.test or the password")
        office.until_kept(office.customer_writes("not refused".replace(" ", "-"), to="anna"))
        assert subject not in office.tickets()
    office.until_kept(subject)


def test_the_daemon_stops_while_a_server_hangs(office: Office) -> None:
    """It does not wait for an answer for ever, and what was not taken in is taken in by the next one."""
    office.lines["support"].swallow()
    subject = office.customer_writes("stopped")
    office.stop()
    office.lines["support"].heal()
    office.start()
    office.until_kept(subject)
    assert office.outcomes(subject) == ["ticket"]
