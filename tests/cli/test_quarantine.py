"""`helpdesk quarantine` shows what waits for a person, and does what the person says."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from helpdesk.desk.changes import LedgerOutcome
from tests.builders import raw_mail
from tests.cli.shell import HOSTILE, Shell, fits, keep
from tests.store import rows


@pytest.fixture
def held(shell: Shell) -> Shell:
    """Mail 1 waits for a person; its subject and its reason are hostile."""
    with shell.opened() as app:
        (number,) = keep(app)
        rows.claim(app.store)
        finding = {"filter": "authentication", "outcome": "hold", "reason": HOSTILE}
        facts = ("<1@customer.test>", "hash", "eva@customer.test", HOSTILE)
        rows.finish(
            app.store,
            number,
            outcome=LedgerOutcome.QUARANTINE,
            reason=HOSTILE,
            findings=[finding],
            mail_facts=facts,
        )
    return shell


def test_held_mails_are_listed(held: Shell) -> None:
    """With who wrote and why they wait."""
    (row,) = held("quarantine", "list", "--json").json
    assert (row["id"], row["sender"], row["reason"]) == (1, "eva@customer.test", HOSTILE)
    assert fits(held("quarantine", "list", terminal=True).out)


def test_one_mail_is_shown_with_its_words(held: Shell) -> None:
    """Every reason, and the text of the mail."""
    shown = held("quarantine", "show", "1")
    assert shown.code == 0
    assert "Nem megy a nyomtató." in shown.out
    assert "\x1b" not in shown.out
    assert held("quarantine", "show", "1", "--json").json["text"] == "Nem megy a nyomtató."


@pytest.mark.parametrize("what", ["release", "retry", "drop"])
def test_what_the_person_says_is_done_once(held: Shell, what: str) -> None:
    """A second time it is told that the mail is there no more."""
    done = held("quarantine", what, "1")
    assert (done.code, done.out.startswith("Mail 1 ")) == (0, True)
    assert held("quarantine", "list").out == "The quarantine is empty.\n"
    again = held("quarantine", what, "1")
    assert (again.code, again.out) == (2, "")
    assert "Mail 1 is not in quarantine" in again.err


def test_a_mail_is_exported_byte_for_byte(held: Shell, tmp_path: Path) -> None:
    """Into a file that is not there yet, or to standard output."""
    file = tmp_path / "mail.eml"
    assert held("quarantine", "export", "1", str(file)).code == 0
    assert file.read_bytes() == raw_mail(1)
    assert held("quarantine", "export", "1").out.encode() == raw_mail(1)
    again = held("quarantine", "export", "1", str(file))
    assert (again.code, "File exists" in again.err) == (2, True)


@pytest.mark.parametrize("number", ["2", "0", "99999999999999999999"])
def test_a_number_that_is_not_there_is_told(held: Shell, number: str) -> None:
    """With the command that lists them."""
    answer = held("quarantine", "show", number)
    assert answer.code == 2
    assert f"`helpdesk --site {held.site} quarantine list`" in answer.err


@pytest.mark.parametrize("words", [("show", "1"), ("show", "1", "--json"), ("export", "1")])
def test_a_mail_whose_bytes_are_damaged_is_one_sentence(held: Shell, words: tuple[str, ...]) -> None:
    """What, where, and how to mend it; it can still be listed and dropped."""
    with held.opened() as app, app.store.writing() as session:
        session.connection().execute(sa.text("UPDATE raw_mails SET data = :odd"), {"odd": b"\x00\x11"})
    answer = held("quarantine", *words)
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.startswith("helpdesk: The bytes of mail 1 in the database are damaged (")
    assert f"`helpdesk --site {held.site} restore FILE`" in answer.err
    assert len(answer.err.splitlines()) == 1
    assert [held("quarantine", "list").code, held("quarantine", "drop", "1").code] == [0, 0]
