"""`helpdesk mails` shows what ended without a ticket, and lets a misread mail in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from helpdesk.store import queues
from tests.builders import raw_mail
from tests.cli.shell import Shell, handle

AWAY = raw_mail(1, "I am on holiday.").replace(b"Subject:", b"Auto-Submitted: auto-replied\r\nSubject:", 1)


@pytest.fixture
def misread(shell: Shell) -> Shell:
    """Mail 1 was taken for an out-of-office and ended without a ticket."""
    with shell.opened() as app:
        with app.store.writing() as session:
            now = datetime.now(UTC)
            queues.keep(session, [queues.Fetched(mailbox="support", raw=AWAY, received=now)], now)
        handle(app)
    return shell


def test_what_ended_without_a_ticket_is_listed_with_its_reason(misread: Shell) -> None:
    """So that no mail is where nobody can find it."""
    (row,) = misread("mails", "list", "--json").json
    assert (row["id"], row["outcome"], row["ticket"]) == (1, "automatic", None)
    assert "auto-replied" in row["reason"]
    assert misread("mails", "list", "--outcome", "bounce").out == "None.\n"


def test_a_misread_mail_becomes_a_ticket_and_is_not_answered(misread: Shell) -> None:
    """A person vouches for it; nobody else has to."""
    assert misread("mails", "handle", "1").code == 0
    with misread.opened() as app:
        handle(app)
    assert misread("mails", "list", "--json").json == []
    (ticket,) = misread("tickets", "list", "--json").json
    letters = misread("tickets", "show", str(ticket["number"]), "--json").json["letters"]
    assert {letter["kind"] for letter in letters} == {"new_ticket"}


@pytest.mark.parametrize("words", [("handle", "7"), ("handle", "99999999999999999999"), ("list", "--outcome", "lost")])
def test_what_cannot_be_done_is_one_sentence(misread: Shell, words: tuple[str, ...]) -> None:
    """Exit 2, nothing on standard output."""
    answer = misread("mails", *words)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1


def test_a_mail_with_a_ticket_is_not_handled_again(misread: Shell) -> None:
    """It would open a second one."""
    misread("mails", "handle", "1")
    with misread.opened() as app:
        handle(app)
    assert "is not one that ended as automatic or bounce" in misread("mails", "handle", "1").err


def test_a_copy_is_not_handled_again(misread: Shell) -> None:
    """Its original was answered already, or waits in quarantine for a reason that the copy does not show."""
    with misread.opened() as app:
        now = datetime.now(UTC)
        with app.store.writing() as session:
            queues.keep(session, [queues.Fetched(mailbox="support", raw=raw_mail(2), received=now)], now)
            queues.keep(session, [queues.Fetched(mailbox="support", raw=raw_mail(2), received=now)], now)
        handle(app)
    (copy,) = misread("mails", "list", "--outcome", "duplicate", "--json").json
    answer = misread("mails", "handle", str(copy["id"]))
    assert answer.code == 2
    assert len(misread("tickets", "list", "--json").json) == 1
