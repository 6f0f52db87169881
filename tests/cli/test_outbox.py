"""`helpdesk outbox` shows what waits to be sent, and does what the person says."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from helpdesk.store.tables import Outgoing, OutgoingState
from helpdesk.store.tables.base import table
from tests.cli.shell import HOSTILE, Shell, fits
from tests.store import rows

ROWS = table(Outgoing)
RAW = b"Content-Type: text/plain; charset=utf-8\r\nSubject: x\r\n\r\nJ\xc3\xb3 napot!\r\n"


@pytest.fixture
def letters(shell: Shell) -> Shell:
    """Letter 1 failed with a hostile reason, 2 is held, 3 is sent."""
    with shell.opened() as app:
        rows.put(
            app.store,
            rows.answer(raw=RAW, subject=HOSTILE),
            rows.answer(held="empty", subject="Re: Nyomtató"),
            rows.answer(),
        )
        with app.store.writing() as session:
            for number, state, reason in ((1, OutgoingState.FAILED, HOSTILE), (3, OutgoingState.SENT, None)):
                values = {"state": state, "reason": reason, "response": HOSTILE, "next_try": None}
                session.connection().execute(sa.update(ROWS).where(ROWS.c.id == number).values(**values))
    return shell


def test_open_letters_are_listed(letters: Shell) -> None:
    """The newest first, with why they are not sent; within 80 columns."""
    found = letters("outbox", "list", "--json").json
    assert [(row["id"], row["state"]) for row in found] == [(2, "held"), (1, "failed")]
    assert found[1]["reason"] == HOSTILE
    assert fits(letters("outbox", "list", terminal=True).out)


def test_the_list_says_what_a_letter_is_and_to_whom(letters: Shell) -> None:
    """So that a person can decide about it: in 80 columns, in a pipe, and for programs."""
    shown = letters("outbox", "list", "--state", "held", terminal=True).out
    assert all(f" {words} " in shown for words in ("answer", "eva@customer.test", "Re: Nyomtató", "empty"))
    piped = letters("outbox", "list", "--state", "held").out.splitlines()[1]
    assert piped.split() == ["2", "held", "–", "answer", "eva@customer.test", "–", "Re:", "Nyomtató", "empty"]
    (row,) = letters("outbox", "list", "--state", "held", "--json").json
    assert (row["kind"], row["subject"]) == ("answer", "Re: Nyomtató")


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        (["--all"], [3, 2, 1]),
        (["--state", "sent", "--state", "failed"], [3, 1]),
        (["--limit", "1"], [2]),
        (["--ticket", "77"], []),
    ],
)
def test_the_list_can_be_narrowed(letters: Shell, options: list[str], numbers: list[int]) -> None:
    """By state and ticket, or all of them."""
    assert [row["id"] for row in letters("outbox", "list", "--json", *options).json] == numbers


def test_an_unknown_state_is_one_sentence(letters: Shell) -> None:
    """With those that there are."""
    answer = letters("outbox", "list", "--state", "lost")
    assert (answer.code, answer.out) == (2, "")
    assert "There is no state lost; choose from queued, sending" in answer.err


def test_an_empty_outbox_says_so(shell: Shell) -> None:
    """In words, and as an empty list."""
    with shell.opened():
        pass
    assert shell("outbox", "list").out == "No letter waits.\n"
    assert shell("outbox", "list", "--json").json == []


def test_one_letter_is_shown_with_its_words(letters: Shell) -> None:
    """Everything known of it; nothing hostile reaches the terminal."""
    found = letters("outbox", "show", "1", "--json").json
    assert (found["recipient"], found["text"].strip()) == ("eva@customer.test", "Jó napot!")
    shown = letters("outbox", "show", "1").out
    assert "to eva@customer.test, answer, by anna" in shown and "Jó napot!" in shown
    assert not any(sign in shown for sign in "\x1b\x07\x9b\u202e")


@pytest.mark.parametrize(
    ("words", "said", "state"),
    [
        (("retry", "1"), "Letter 1 will be tried again now.", "queued"),
        (("release", "2"), "Letter 2 released; the daemon will send it.", "queued"),
        (("cancel", "1"), "Letter 1 cancelled.", "cancelled"),
    ],
)
def test_a_person_decides(letters: Shell, words: tuple[str, str], said: str, state: str) -> None:
    """Who and what it was before is kept in the reason."""
    assert letters("outbox", *words).out.strip() == said
    found = letters("outbox", "show", words[1], "--json").json
    assert found["state"] == state
    assert "by shell:" in found["reason"] and "before:" in found["reason"]


@pytest.mark.parametrize("words", [("retry", "2"), ("release", "3"), ("cancel", "3"), ("show", "99999999999999999999")])
def test_what_cannot_be_done_is_one_sentence(letters: Shell, words: tuple[str, str]) -> None:
    """Exit 2, nothing on standard output."""
    answer = letters("outbox", *words)
    assert (answer.code, answer.out) == (2, "")
    assert len(answer.err.splitlines()) == 1


def test_what_is_cancelled_already_is_told_so(letters: Shell) -> None:
    """Not that it cannot be cancelled."""
    assert letters("outbox", "cancel", "1").code == 0
    again = letters("outbox", "cancel", "1")
    assert (again.code, again.err) == (2, "helpdesk: Letter 1 is cancelled already.\n")


def test_times_are_those_of_the_company(letters: Shell) -> None:
    """With the short name of its zone; JSON stays in UTC."""
    created = letters("outbox", "show", "1", "--json").json["created"]
    here = f"{datetime.fromisoformat(created).astimezone(ZoneInfo('Europe/Budapest')):%Y-%m-%d %H:%M %Z}"
    assert created.endswith("+00:00")
    assert f"written {here}," in letters("outbox", "show", "1").out


@pytest.mark.parametrize("words", [("show", "2"), ("show", "2", "--json")])
def test_a_letter_whose_bytes_are_damaged_is_one_sentence(letters: Shell, words: tuple[str, ...]) -> None:
    """What, where, and how to mend it; it can still be listed and cancelled."""
    with letters.opened() as app, app.store.writing() as session:
        session.connection().execute(sa.update(ROWS).where(ROWS.c.id == 2).values(raw=b"\x00\x11"))
    answer = letters("outbox", *words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("helpdesk: The bytes of letter 2 in the database are damaged (")
    assert f"`helpdesk --site {letters.site} restore FILE`" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert [letters("outbox", "list").code, letters("outbox", "cancel", "2").code] == [0, 0]
