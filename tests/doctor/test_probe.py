"""The probe goes out and comes back, tells what its way tells, and leaves nothing behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from helpdesk.config import Config
from helpdesk.desk.verdict import Kind, Outcome
from helpdesk.doctor import State, examine, letter
from helpdesk.filters import own_mail
from helpdesk.mail.message import Mail, Marks
from tests import builders
from tests.doctor.place import USER, WAIT_SECONDS, Site, wrong
from tests.servers.mailstack import MailStack

DONE = "Helpdesk/Done"
OTHERS = (
    b"From: eva@customer.test\r\nTo: support@helpdesk.test\r\nSubject: mine\r\nMessage-ID: <mine@customer.test>\r\n"
)
SOON = 3  # seconds of patience in tests where the letter will not come

pytestmark = [pytest.mark.dovecot, pytest.mark.postfix]


def test_a_site_that_is_well_is_told_so(postfix: MailStack, site: Site) -> None:
    """Letters to the address and to its plus-addresses come back, and are gone at the end."""
    checks = site.but(imap={"done": DONE}).examine(probe=True)
    assert wrong(checks) == []
    assert checks["support: replies"].finding.said.endswith("arrive")
    assert checks["support: clean-up"].finding.said == "2 removed"
    assert postfix.inbox(USER) + postfix.inbox(USER, DONE) == []


def test_other_peoples_mail_is_not_touched(postfix: MailStack, site: Site) -> None:
    """Neither what lay there before nor what arrives meanwhile, and none of it is marked as seen."""
    postfix.deliver(USER, OTHERS + b"\r\nbefore\r\n")
    for check in examine(site.config, with_probe=True, wait_seconds=WAIT_SECONDS, now=lambda: datetime.now(UTC)):
        if check.what == "support: login":
            postfix.deliver(USER, OTHERS + b"\r\nmeanwhile\r\n")
    assert [raw.rpartition(b"\r\n\r\n")[2] for raw in postfix.inbox(USER)] == [b"before\r\n", b"meanwhile\r\n"]
    with postfix.session(USER) as client:
        assert client.uid("SEARCH", "UNSEEN")[1][0].split() != []


def test_plus_addresses_that_do_not_arrive_are_told(postfix: MailStack, site: Site) -> None:
    """The server takes such a letter, and it ends nowhere: replies have to do without."""
    checks = site.but(mailbox={"reply_address": "{token}@customer.test"}).examine(probe=True, wait=SOON)
    assert wrong(checks) == ["support: replies"]
    assert "mailboxes.support.reply_address" in checks["support: replies"].finding.mend
    assert 'write "none"' in checks["support: replies"].finding.mend


def test_plus_addresses_that_are_refused_are_told_with_the_servers_words(postfix: MailStack, site: Site) -> None:
    """No patience is needed then."""
    checks = site.but(mailbox={"reply_address": "{token}@bounce.test"}).examine(probe=True)
    assert wrong(checks) == ["support: replies"]
    assert "550 5.1.1" in checks["support: replies"].finding.said


def test_mail_that_goes_elsewhere_is_told(postfix: MailStack, site: Site) -> None:
    """The address belongs to another login than the one that is read."""
    postfix.empty("billing@helpdesk.test")
    checks = site.but(mailbox={"address": "billing@helpdesk.test"}).examine(probe=True, wait=SOON)
    assert wrong(checks) == ["support: probe"]
    assert "goes to the user support@helpdesk.test" in checks["support: probe"].finding.mend


def test_a_site_without_reply_addresses_needs_none(postfix: MailStack, site: Site) -> None:
    """One letter is enough."""
    checks = site.but(mailbox={"reply_address": "none"}).examine(probe=True)
    assert wrong(checks) == []
    assert "support: replies" not in checks


@pytest.mark.parametrize(("apart", "words"), [(timedelta(hours=2), "behind"), (timedelta(hours=-2), "ahead of")])
def test_clocks_that_differ_are_told(postfix: MailStack, site: Site, apart: timedelta, words: str) -> None:
    """Deadlines begin when the server says that a mail arrived."""
    now = datetime.now(UTC) + apart
    checks = {each.what: each for each in examine(site.config, with_probe=True, wait_seconds=20, now=lambda: now)}
    assert f"seconds {words} this machine's" in checks["support: clock"].finding.said


RECEIVED = b"Received: from a by b; Mon, 2 Mar 2026 09:00:00 +0000\r\n"


@pytest.mark.parametrize(
    ("configured", "header", "state", "words"),
    [
        ("", b"", State.OK, "bears none"),
        ("mx.test", b"", State.NOTE, "bears no Authentication-Results"),
        ("", b"Authentication-Results: mx.test; dmarc=pass\r\n", State.NOTE, 'Write "mx.test" in'),
        ("mx.test", b"Authentication-Results: (x) MX.test 1; dmarc=pass\r\n", State.OK, "mx.test"),
        ("mx.test", b"Authentication-Results: other.test;\r\n none\r\n", State.WRONG, 'Write "other.test" in'),
        ("", RECEIVED * 2 + b"Authentication-Results: evil.test; none\r\n", State.OK, "bears none"),
    ],
)
def test_the_name_of_our_own_server_is_compared(
    site: Site, configured: str, header: bytes, state: State, words: str
) -> None:
    """What stands below the second Received may be anybody's."""
    from helpdesk.doctor.mailbox import Box
    from helpdesk.doctor.probe import authentication

    finding = authentication(Box(site.but(mailbox={"authserv_id": configured}).config, "support"), header)
    assert finding.state is state
    assert words in f"{finding.said} {finding.mend}"


@pytest.mark.parametrize("proof", ["own_message_id", "instance"])
def test_the_daemon_drops_a_probe(proof: str) -> None:
    """By its signed Message-ID as well as by its X-Loop token."""
    config: Config = builders.config()
    probe = letter.written(config, config.mailboxes["support"], USER, keys=builders.KEYS, now=builders.NOW)
    assert f"X-Loop: {config.instance}".encode() in probe.raw
    seen = Mail(sha256="0", size=1, marks=Marks(loops=(config.instance,)))
    finding = own_mail.check(seen, builders.facts(**{proof: config.instance if proof == "instance" else True}))
    assert finding is not None
    assert (finding.outcome, finding.kind) == (Outcome.DROP, Kind.OWN)
