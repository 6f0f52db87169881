"""On PostgreSQL, whoever changes a letter and its ticket waits for his turn before he locks either: no deadlock."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
import sqlalchemy as sa

from helpdesk import intake, letters
from helpdesk.app import App
from helpdesk.store import driver, queues
from helpdesk.store.queues import LetterView
from helpdesk.store.statements import DECIDING
from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import table
from tests.builders import raw_mail
from tests.cli.shell import Shell, handle, written
from tests.servers.postgres import Postgres
from tests.store import rows
from tests.store.rows import kinds

pytestmark = pytest.mark.postgresql

LETTERS = table(Outgoing)
WAIT_SECONDS = 30
HEAD = "To: support@minta.example\r\nMessage-ID: <%s@customer.test>\r\n"
REPLY = HEAD % "reply" + "From: eva@customer.test\r\nSubject: Re: x\r\nIn-Reply-To: {id}\r\n\r\nStill not.\r\n"
BOUNCE = (
    HEAD % "bounce"
    + """From: MAILER-DAEMON@customer.test\r
Subject: Undelivered Mail Returned to Sender\r
Auto-Submitted: auto-replied\r
MIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r
\r
--b\r
Content-Type: text/plain\r
\r
It failed.\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.customer.test\r
\r
Final-Recipient: rfc822; {to}\r
Action: failed\r
Status: 5.1.1\r
\r
--b\r
Content-Type: message/rfc822\r
\r
From: support@minta.example\r
To: {to}\r
Message-ID: {id}\r
Subject: x\r
\r
x\r
--b--\r
"""
)


@pytest.fixture
def shell(tmp_path: Path, postgres: Postgres) -> Shell:
    """A site on PostgreSQL with one ticket and the letters about it."""
    made = written(tmp_path)
    main = made.site / "helpdesk.toml"
    main.write_text(main.read_text().replace("sqlite:///helpdesk.db", postgres.fresh_database()))
    with made.opened() as app:
        took(app, raw_mail(1))
        handle(app)
    return made


def took(app: App, *mails: bytes) -> None:
    now = datetime.now(UTC)
    rows.keep(app.store, *(rows.fetched(None, raw, received=now) for raw in mails))


def confirmation(app: App, state: OutgoingState) -> LetterView:
    """The letter to the customer, brought into this state."""
    with app.store.writing() as session:
        values = {"state": state, "reason": "550 no", "claimed_by": "somebody", "claimed_until": app.now()}
        session.connection().execute(sa.update(LETTERS).where(LETTERS.c.outside).values(**values))
    with app.store.reading() as session:
        (found,) = [each for each in queues.letters(session, states=[state]) if each.outside]
    return found


def wait_until_somebody_waits(app: App) -> None:
    for _ in range(WAIT_SECONDS * 20):
        with app.store.reading() as session:
            if session.connection().scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")):
                return
        time.sleep(0.05)
    raise TimeoutError


def failure_told(_shell: Shell, app: App, letter: int) -> None:
    letters.report_failure(app, letter)


def typed(*words: str) -> Callable[[Shell, App, int], None]:
    def type_(shell: Shell, _app: App, letter: int) -> None:
        subprocess.run(shell.command(*words, str(letter)), check=True)

    return type_


ACTS = [
    pytest.param(OutgoingState.FAILED, failure_told, id="failure told"),
    pytest.param(OutgoingState.FAILED, typed("outbox", "retry"), id="retry"),
    pytest.param(OutgoingState.HELD, typed("outbox", "cancel"), id="cancel"),
    pytest.param(OutgoingState.HELD, typed("outbox", "release"), id="release"),
]


@pytest.mark.parametrize(("state", "act"), ACTS)
def test_who_waits_for_his_turn_has_locked_no_letter(
    shell: Shell, state: OutgoingState, act: Callable[[Shell, App, int], None]
) -> None:
    """The intake, whose turn it is and which has the ticket, comes to the letter, too."""
    with shell.opened() as app, ThreadPoolExecutor(1) as pool:
        letter = confirmation(app, state)
        with psycopg.connect(app.config.store.url) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [DECIDING])
            other.execute("SELECT 1 FROM tickets WHERE number = %s FOR UPDATE", [letter.ticket])
            done = pool.submit(act, shell, app, letter.id)
            wait_until_somebody_waits(app)
            other.execute("SELECT 1 FROM outgoing WHERE id = %s FOR UPDATE NOWAIT", [letter.id])
        done.result(WAIT_SECONDS)


def test_a_reply_and_a_bounce_in_one_bundle_beside_a_failure(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    """It goes from the ticket to the letter, the failure the other way: all is written at the first try."""
    with shell.opened() as app, ThreadPoolExecutor(1) as pool:
        letter = confirmation(app, OutgoingState.FAILED)
        took(app, *(mail.format(id=letter.message_id, to=letter.recipient).encode() for mail in (REPLY, BOUNCE)))
        handled, real = list[Any](), intake.handle

        def slow(app: App, session: Any, *mail: Any) -> Any:
            if handled:
                driver.flush(session.connection())
                handled.append(pool.submit(letters.report_failure, app, letter.id))
                wait_until_somebody_waits(app)
            handled.append(real(app, session, *mail))
            return handled[-1]

        monkeypatch.setattr(intake, "handle", slow)
        handle(app)
        handled[1].result(WAIT_SECONDS)
        said = kinds(app.store, letter.ticket or 0)
    assert len(handled) == 3
    assert [said.count(word) for word in ("message", "bounced", "not_delivered")] == [3, 1, 1]


def test_the_heartbeat_does_not_wait_for_a_letter_whose_end_is_written(shell: Shell) -> None:
    """The writer locks several letters in its own order: who waited for one and held another would be a deadlock."""
    with shell.opened() as app:
        letter = confirmation(app, OutgoingState.SENDING)
        ours = {"by": "us", "id": letter.id}
        with app.store.writing() as session:
            session.connection().execute(sa.text("UPDATE outgoing SET claimed_by = :by WHERE id = :id"), ours)
        with psycopg.connect(app.config.store.url) as other, app.store.writing() as session:
            other.execute("SELECT 1 FROM outgoing WHERE id = %s FOR UPDATE", [letter.id])
            session.connection().execute(sa.text("SET LOCAL lock_timeout = 1000"))
            queues.renew_claims(session, [letter.id], owner="us", now=app.now(), lease_seconds=60)
            other.rollback()
            queues.renew_claims(session, [letter.id], owner="us", now=app.now(), lease_seconds=60)
            query = sa.text("SELECT claimed_until FROM outgoing WHERE id = :id")
            assert session.connection().scalar(query, {"id": letter.id}) is not None
