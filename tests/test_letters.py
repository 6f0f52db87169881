"""Letters on their way to the queue: composed once, limited at one door, and told of when they fail for good."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from helpdesk import letters, plugins
from helpdesk.app import App
from helpdesk.compose.render import Templates
from helpdesk.config import Limits
from helpdesk.desk import tokens
from helpdesk.intake import Intake
from helpdesk.mail import parse
from helpdesk.store import browse, migrate, queues
from helpdesk.store.queues import LetterView
from helpdesk.store.session import Store
from helpdesk.store.tables import OutgoingState
from tests.builders import KEYS, NOW, at_token, config
from tests.test_intake import MAIL, keep

NUMBERS = count(1)


@pytest.fixture
def app(database_url: str, tmp_path: Path) -> Iterator[App]:
    """A site with its database made, whose breaker trips at the second letter."""
    store = Store(database_url, site=tmp_path, daemon=True)
    migrate.upgrade(store)
    site = config(site=tmp_path, url=database_url, limits=Limits(breaker_hour=1))
    yield App(config=site, store=store, templates=Templates(plugins.data("templates")), keys=KEYS, now=lambda: NOW)
    store.close()


def handled(app: App, *raws: bytes) -> list[LetterView]:
    """What waits in the outbox after these mails, the oldest first."""
    keep(app, *raws)
    intake = Intake(app)
    while intake.once():
        pass
    intake.close()
    return outbox(app)


def outbox(app: App) -> list[LetterView]:
    with app.store.reading() as session:
        return queues.letters(session, states=frozenset(OutgoingState))[::-1]


def fail(app: App, letter: LetterView, reason: str) -> None:
    with app.store.writing() as session:
        queues.claim_letters(session, owner="test", now=NOW, limit=100, lease_seconds=60)
        end = queues.Ending(id=letter.id, state=OutgoingState.FAILED, words=reason)
        queues.settle(session, [end], owner="test", now=NOW)
    letters.report_failure(app, letter.id)


def test_a_letter_that_fails_for_good_is_told_to_the_people_of_its_ticket(app: App) -> None:
    """And stands in the history."""
    first = handled(app, MAIL % (1, 1, 1))[0]
    fail(app, first, "550 5.1.1 no such user")
    told = [letter for letter in outbox(app) if letter.kind == "not_delivered"]
    assert sorted(letter.recipient for letter in told) == ["anna@helpdesk.test", "bela@helpdesk.test"]
    with app.store.reading() as session:
        ticket = browse.ticket(session, first.ticket or 0)
    assert ticket is not None
    assert any(event["kind"] == "not_delivered" and "5.1.1" in event["reason"] for event in ticket["history"])


def test_a_failure_is_told_once_whoever_tells_it(app: App) -> None:
    """A sender that slept while another told it finds that, and writes nothing: the history has it once."""
    first = handled(app, MAIL % (1, 1, 1))[0]
    fail(app, first, "550 5.1.1 no such user")
    letters.report_failure(app, first.id)
    with app.store.reading() as session:
        ticket = browse.ticket(session, first.ticket or 0)
    assert ticket is not None
    assert [event["kind"] for event in ticket["history"]].count("not_delivered") == 1


def test_of_a_mail_from_before_a_restore_customers_get_nothing_by_itself(app: App) -> None:
    """It was probably answered then; colleagues are told, as the ticket has a new number."""
    mail = queues.Fetched(mailbox="support", raw=MAIL % (1, 1, 1), received=NOW, again=True)
    with app.store.writing() as session:
        queues.keep(session, [mail], NOW)
    found = handled(app)
    assert {letter.state for letter in found if letter.outside} == {OutgoingState.HELD}
    assert {letter.state for letter in found if not letter.outside} == {OutgoingState.QUEUED}
    with app.store.reading() as session:
        assert len(queues.held_by_restore(session)) == 1


def test_a_failed_letter_to_a_colleague_is_told_to_the_admin(app: App) -> None:
    """Otherwise a ticket could stay unseen."""
    to_bela = next(letter for letter in handled(app, MAIL % (1, 1, 1)) if letter.recipient.startswith("bela"))
    fail(app, to_bela, "552 mailbox full")
    (alert,) = [letter for letter in outbox(app) if letter.kind == "admin_alert"]
    assert alert.recipient == "anna@helpdesk.test"


def test_an_alarm_that_fails_makes_no_other(app: App) -> None:
    """The letter about a letter too large may arrive; one about an alarm would fail too, and so on for ever."""
    to_anna = next(letter for letter in handled(app, MAIL % (1, 1, 1)) if letter.recipient.startswith("anna"))
    fail(app, to_anna, "552 5.3.4 message too big")
    (alert,) = [letter for letter in outbox(app) if letter.kind == "admin_alert"]
    fail(app, alert, "552 5.2.2 mailbox full")
    assert len([letter for letter in outbox(app) if letter.kind == "admin_alert"]) == 1


def test_what_only_became_too_old_is_noted_and_raises_no_storm(app: App) -> None:
    """As after days of ``run --read-only``; an answer by a person is told of all the same."""
    for letter in handled(app, MAIL % (1, 1, 1)):
        fail(app, letter, "expired: it could not be sent before 2026-03-04 09:00 UTC")
    assert {letter.kind for letter in outbox(app)} == {"acknowledgement", "new_ticket"}


def test_the_breaker_holds_and_the_admin_hears_of_it_once(app: App) -> None:
    """Two more confirmations are held; one letter about it."""
    found = handled(app, *(MAIL % (number, number, number) for number in range(3)))
    states = [letter.state for letter in found if letter.kind == "acknowledgement"]
    assert states == [OutgoingState.QUEUED, OutgoingState.HELD, OutgoingState.HELD]
    assert len([letter for letter in found if letter.kind == "admin_alert"]) == 1


def from_anna(to: str, text: str) -> bytes:
    number = next(NUMBERS)
    head = f"From: anna@helpdesk.test\r\nTo: {to}\r\nSubject: Re: x\r\nMessage-ID: <a{number}@helpdesk.test>\r\n"
    return f"{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n".encode()


def then(app: App, raw: bytes, *, again: bool = False) -> list[LetterView]:
    """What is in the outbox after one more mail; ``again``: it came before a backup was restored."""
    mail = queues.Fetched(mailbox="support", raw=raw, received=NOW, uidvalidity=1, uid=100 + next(NUMBERS), again=again)
    with app.store.writing() as session:
        queues.keep(session, [mail], NOW)
    return handled(app)


def reply_to(app: App, letter: LetterView) -> str:
    with app.store.reading() as session:
        return parse.parse(queues.letter_bytes(session, letter.id)).reply_to[0].address


def test_a_question_that_was_not_understood_is_asked_again_at_the_held_letters_address(app: App) -> None:
    """So that the next ``send`` decides about the letter, and is no answer to the customer."""
    ticket = handled(app, MAIL % (1, 1, 1))[0].ticket or 0
    agent = at_token(tokens.agent(ticket, 1))[0].address
    question = then(app, from_anna(agent, ""))[-1]
    again = then(app, from_anna(reply_to(app, question), "igen, mehet"))[-1]
    assert (question.kind, again.kind) == ("guard_held", "guard_held")
    assert reply_to(app, again) == reply_to(app, question)
    found = then(app, from_anna(reply_to(app, again), "send"))
    assert [letter.state for letter in found if letter.kind == "answer"] == [OutgoingState.QUEUED]


def test_an_answer_that_is_only_a_word_for_us_can_only_be_cancelled(app: App) -> None:
    """The letter about it does not offer what would be refused, neither at first nor when it asks again."""
    ticket = handled(app, MAIL % (1, 1, 1))[0].ticket or 0
    question = then(app, from_anna(at_token(tokens.agent(ticket, 1))[0].address, "Send!"))[-1]
    again = then(app, from_anna(reply_to(app, question), "send"))[-1]
    for letter in (question, again):
        assert (letter.kind, "szóval: cancel" in shown(app, letter)) == ("guard_held", True)
        assert "szóval: send" not in shown(app, letter)


def test_the_new_owner_reads_what_was_said_before_a_held_answer_went_out(app: App) -> None:
    """The customer's last words and the answer that was released, with ``#assign`` in it."""
    ticket = handled(app, MAIL % (1, 1, 1))[0].ticket or 0
    agent = at_token(tokens.agent(ticket, 1))[0].address
    question = then(app, from_anna(agent, "#assign bela\r\n\r\nI am out of the office until Monday."))[-1]
    found = then(app, from_anna(reply_to(app, question), "send"))
    letter = next(letter for letter in found[::-1] if letter.kind == "new_ticket")
    with app.store.reading() as session:
        shown = parse.parse(queues.letter_bytes(session, letter.id)).full_text
    assert letter.recipient == "bela@helpdesk.test"
    assert "> It does not print." in shown
    assert "> I am out of the office until Monday." in shown


def last_held(app: App) -> tuple[str | None, list[int]]:
    """The reason of the answer that waits, and what `outbox cancel --restored` would find."""
    with app.store.reading() as session:
        found = queues.held_by_restore(session)
    return next(letter.reason for letter in outbox(app) if letter.state is OutgoingState.HELD), found


def shown(app: App, letter: LetterView) -> str:
    with app.store.reading() as session:
        return parse.parse(queues.letter_bytes(session, letter.id)).full_text


@pytest.mark.parametrize("words", ["Switch it on.", "I am out of the office until Monday."])
def test_an_answer_read_again_after_a_restore_waits_and_its_author_is_told_why(app: App, words: str) -> None:
    """Whether or not a guard has doubts, too: it was probably sent, and one word of his sends it if it was not."""
    ticket = handled(app, MAIL % (1, 1, 1))[0].ticket or 0
    question = then(app, from_anna(at_token(tokens.agent(ticket, 1))[0].address, words), again=True)[-1]
    reason, found = last_held(app)
    assert (reason or "").startswith(queues.HANDLED_BEFORE)
    assert (question.kind, question.recipient, len(found)) == ("guard_held", "anna@helpdesk.test", 1)
    assert "valószínűleg már elment" in " ".join(shown(app, question).split())
    said = then(app, from_anna(reply_to(app, question), "send"))
    assert [letter.state for letter in said if letter.kind == "answer"] == [OutgoingState.QUEUED]


def test_a_send_read_again_after_a_restore_asks_once_more(app: App) -> None:
    """The letter that it let go was probably sent then; its author hears that it waits."""
    ticket = handled(app, MAIL % (1, 1, 1))[0].ticket or 0
    asked = then(app, from_anna(at_token(tokens.agent(ticket, 1))[0].address, ""))[-1]
    again = then(app, from_anna(reply_to(app, asked), "send"), again=True)[-1]
    reason, found = last_held(app)
    assert ((reason or "").startswith(queues.HANDLED_BEFORE), len(found), again.kind) == (True, 1, "guard_held")
    said = then(app, from_anna(reply_to(app, again), "Send."))
    assert [letter.state for letter in said if letter.kind == "answer"] == [OutgoingState.QUEUED]
