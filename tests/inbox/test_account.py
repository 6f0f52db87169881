"""A mailbox whose name stands for another account: nothing of the new one is passed over, nothing is done twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import pytest
import sqlalchemy as sa

from helpdesk import plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.config import Imap
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.inbox.folder import account
from helpdesk.intake import Intake
from helpdesk.store.tables import Outgoing
from tests import builders
from tests.inbox.conftest import running
from tests.inbox.place import USER, Place, mail, until, utc_now

OTHER = "billing@helpdesk.test"
EVA = "eva@customer.test"
RENAMED = {"host": "127.0.0.1"}  # the same server by another name
VALIDITY = 7
HOUR, SECONDS = dt.timedelta(hours=1), dt.timedelta(seconds=5)


@pytest.fixture
def twins(place: Place) -> Place:
    """Two accounts with the same UIDVALIDITY; the first has been read for an hour."""
    place.stack.empty(OTHER)
    for user in (USER, OTHER):
        place.stack.set_uidvalidity(user, VALIDITY)
    place.now = lambda: utc_now() - HOUR
    place.take()
    place.now = utc_now
    assert place.position().uidvalidity == VALIDITY
    return place


def deliver(place: Place, user: str, *subjects: str) -> None:
    for subject in subjects:
        place.stack.deliver(user, mail(subject), sender=EVA)


def subjects(place: Place, user: str, folder: str = "INBOX") -> list[bytes]:
    """What lies in a folder on the server."""
    return [raw.partition(b"Subject: ")[2].partition(b"\r\n")[0] for raw in place.stack.inbox(user, folder)]


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({}, "support@mail.test/INBOX"),
        ({"host": "MAIL.Test."}, "support@mail.test/INBOX"),
        ({"folder": "inbox"}, "support@mail.test/INBOX"),
        ({"port": 143, "security": "starttls"}, "support@mail.test/INBOX"),
        ({"port": 1993}, "support@mail.test:1993/INBOX"),
        ({"user": "Support"}, "Support@mail.test/INBOX"),
        ({"folder": "Inbox/New"}, "support@mail.test/Inbox/New"),
        ({"done": "Done", "idle": False}, "support@mail.test/INBOX"),
    ],
)
def test_what_is_read_has_a_name(values: dict[str, Any], name: str) -> None:
    """User, server and folder; not how it is reached. In doubt it is another account: mail read twice is not lost."""
    given = {"host": "mail.test", "user": "support", "password_env": "PASSWORD"}
    assert account(Imap(**(given | values))) == name


@pytest.mark.dovecot
def test_mail_of_another_account_is_not_taken_for_that_of_the_former(twins: Place) -> None:
    """Same UIDVALIDITY, same UIDs, below the position: each is taken in."""
    deliver(twins, USER, "one", "two", "three")
    twins.take()
    deliver(twins, OTHER, "uno", "due")
    assert twins.take(user=OTHER) == 2
    assert twins.subjects() == ["one", "two", "three", "uno", "due"]
    place = twins.position()
    assert (place.generation, place.uid, place.account_before) == (2, 2, f"{USER}@localhost:{twins.stack.imaps}/INBOX")


@pytest.mark.dovecot
def test_another_folder_is_another_account(twins: Place) -> None:
    """A folder made in the same second may have the same UIDVALIDITY."""
    with twins.stack.session(USER) as client:
        client.create("Support")
    twins.stack.set_uidvalidity(USER, VALIDITY, "Support")
    deliver(twins, USER, "one")
    twins.take()
    twins.append(mail("elsewhere"), received=utc_now(), folder="Support")
    assert twins.take(folder="Support") == 1
    assert (twins.position().uidvalidity, twins.subjects()) == (VALIDITY, ["one", "elsewhere"])


@pytest.mark.dovecot
def test_what_lay_in_the_other_account_before_the_change_is_not_acknowledged(twins: Place) -> None:
    """And what is older than the mailbox's first start is not taken in at all."""
    with twins.stack.session(OTHER) as client:
        for subject, age in (("ancient", 30 * 24 * HOUR), ("waiting", HOUR / 2)):
            date = (utc_now() - age).strftime('"%d-%b-%Y %H:%M:%S +0000"')
            client.append("INBOX", None, date, mail(subject))
    began = twins.position().began
    twins.take(user=OTHER)
    with twins.stack.session(OTHER) as client:
        client.append("INBOX", None, (utc_now() + HOUR).strftime('"%d-%b-%Y %H:%M:%S +0000"'), mail("fresh"))
    twins.take(user=OTHER)
    told = [(subject, row.acknowledge) for subject, row in zip(twins.subjects(), twins.rows(), strict=True)]
    assert told == [("waiting", False), ("fresh", True)]
    assert twins.position().began == began


@pytest.mark.dovecot
def test_the_change_is_logged_once(twins: Place, caplog: pytest.LogCaptureFixture) -> None:
    """One warning with both accounts; a further pass says nothing."""
    caplog.set_level("INFO", "helpdesk")
    for _ in range(2):
        twins.take(user=OTHER)
    (warning,) = [record for record in caplog.records if record.levelname == "WARNING"]
    port = twins.stack.imaps
    fields = {"before": f"{USER}@localhost:{port}/INBOX", "after": f"{OTHER}@localhost:{port}/INBOX"}
    assert (warning.message, warning.fields) == ("account changed", {"mailbox": "support"} | fields)  # type: ignore[attr-defined]


@pytest.mark.dovecot
def test_mail_to_be_filed_of_the_former_account_moves_nothing_in_the_new_one(twins: Place) -> None:
    """The UID of a kept mail means a mail there that nobody has kept; it stays. What is kept there is moved."""
    deliver(twins, USER, "one")
    assert twins.take(done="x" * 300) == 1
    with twins.stack.session(OTHER) as client:
        client.append("INBOX", None, (utc_now() - 48 * HOUR).strftime('"%d-%b-%Y %H:%M:%S +0000"'), mail("old"))
    deliver(twins, OTHER, "new")
    assert twins.take(user=OTHER, done="Done") == 1
    assert (subjects(twins, OTHER), subjects(twins, OTHER, "Done")) == ([b"old"], [b"new"])
    assert (subjects(twins, USER), [row.filed for row in twins.rows()]) == ([b"one"], [True, True])


@pytest.mark.dovecot
def test_after_a_wrong_host_the_former_account_is_read_on(twins: Place) -> None:
    """What came meanwhile is taken, what was still to be moved is moved, and nothing is forgotten."""
    deliver(twins, USER, "one")
    twins.take(done="x" * 300)
    deliver(twins, OTHER, "uno")
    twins.take(user=OTHER, done="Done")
    deliver(twins, USER, "two")
    assert twins.take(done="Done") == 2
    assert (subjects(twins, USER), subjects(twins, USER, "Done")) == ([], [b"one", b"two"])
    assert twins.position().generation == 3


@pytest.mark.dovecot
def test_a_uidvalidity_that_comes_back_is_a_new_one(twins: Place) -> None:
    """A server restored from a backup gives UIDs of kept mails to other mails."""
    deliver(twins, USER, "one")
    twins.take()
    for validity in (VALIDITY + 1, VALIDITY):
        twins.stack.empty(USER)
        twins.stack.set_uidvalidity(USER, validity)
        deliver(twins, USER, f"under {validity}")
        assert twins.take() == 1
    assert [row.uid for row in twins.rows()] == [1, 1, 1]


@pytest.mark.dovecot
def test_a_server_that_was_renamed_loses_nothing_and_repeats_nothing(twins: Place) -> None:
    """Copies end as duplicates, with or without Message-ID: no second ticket, no second letter."""
    nameless = mail("nameless").replace(b"Message-ID: <nameless@customer.test>\r\n", b"")
    deliver(twins, USER, "one")
    twins.stack.deliver(USER, nameless, sender=EVA)
    twins.take()
    handle(twins)
    before = letters(twins)
    deliver(twins, USER, "two")
    twins.now = lambda: utc_now() + SECONDS
    assert twins.take(**RENAMED) == 3
    handle(twins)
    outcomes = Counter(row.outcome for row in twins.rows())
    assert outcomes == {LedgerOutcome.TICKET: 3, LedgerOutcome.DUPLICATE: 2}
    # Two was there before the change: its ticket is told to the two members of staff, and not acknowledged.
    assert before == {"acknowledgement": 2, "new_ticket": 4}
    assert letters(twins) == {"acknowledgement": 2, "new_ticket": 6}


@pytest.mark.dovecot
def test_copies_that_wait_beside_their_originals_are_one_ticket(twins: Place) -> None:
    """Whatever the server's name was when they came in."""
    deliver(twins, USER, "one")
    twins.take()
    twins.take(**RENAMED)
    handle(twins)
    assert [row.outcome for row in twins.rows()] == [LedgerOutcome.TICKET, LedgerOutcome.DUPLICATE]
    assert letters(twins)["acknowledgement"] == 1


@pytest.mark.dovecot
def test_a_process_with_the_former_configuration_does_not_take_the_mailbox_back(twins: Place) -> None:
    """Two that begin anew in turns would read everything for ever; the later one goes on, the other says why not."""
    with running(twins, poll_seconds=1, idle=False) as former:
        until(lambda: former.silent_seconds >= 0 and twins.position().error is None)
        deliver(twins, USER, "seen")
        former.nudge()
        until(lambda: twins.rows())
        deliver(twins, OTHER, "uno")
        twins.take(user=OTHER)
        until(lambda: "give both the same configuration" in (twins.position().error or ""))
    assert (twins.position().generation, len(twins.rows())) == (2, 2)


def handle(place: Place) -> None:
    """Let the intake handle all that waits."""
    site = builders.config(site=place.site, url=str(place.store.url))
    app = App(
        config=site,
        store=place.store,
        templates=Templates(plugins.data("templates")),
        keys=builders.KEYS,
        now=place.now,
    )
    intake = Intake(app)
    try:
        while intake.once():
            pass
    finally:
        intake.close()


def letters(place: Place) -> Counter[str]:
    """How many of each kind are written."""
    with place.store.reading() as session:
        return Counter(row.kind for row in session.scalars(sa.select(Outgoing)))
