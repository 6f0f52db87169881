"""`helpdesk tickets` lists, finds and shows, whatever customers wrote into their subjects."""

from __future__ import annotations

import pytest

from helpdesk.desk.changes import SetStatus
from helpdesk.desk.ticket import Status
from helpdesk.mail.message import Address
from tests.cli.shell import HOSTILE, Shell, fits, handle, keep
from tests.store import rows

EVIL = Address(name=HOSTILE, address="evil@customer.test")


@pytest.fixture
def shell_with_tickets(shell: Shell) -> Shell:
    """A plain one, a hostile one, and one that is closed."""
    with shell.opened() as app:
        rows.ticket(app.store, subject="Nyomtató")
        rows.ticket(app.store, contact=EVIL, subject=HOSTILE)
        closed = rows.ticket(app.store, subject="Régi ügy")
        rows.change(app.store, SetStatus(status=Status.CLOSED, reason="done", ticket=closed))
    return shell


def test_open_tickets_are_listed(shell_with_tickets: Shell) -> None:
    """The latest changed first; closed ones are not."""
    found = shell_with_tickets("tickets", "list", "--json").json
    assert [row["subject"] for row in found] == [HOSTILE, "Nyomtató"]
    assert {row["ref"].partition("-")[0] for row in found} == {"HD"}


@pytest.mark.parametrize(
    ("options", "count"),
    [
        (["--all"], 3),
        (["--status", "closed"], 1),
        (["--status", "closed", "--status", "new"], 3),
        (["--limit", "1"], 1),
        (["--owner", "anna"], 0),
        (["--department", "support"], 2),
    ],
)
def test_options_choose_among_them(shell_with_tickets: Shell, options: list[str], count: int) -> None:
    """Alone or together."""
    assert len(shell_with_tickets("tickets", "list", *options, "--json").json) == count


def test_hostile_words_stay_words(shell_with_tickets: Shell) -> None:
    """Nothing in a subject moves the cursor, is taken for markup, or breaks the columns."""
    printed = shell_with_tickets("tickets", "list", terminal=True).out
    assert fits(printed)
    assert "\x1b" not in printed
    assert "\\x1b" in printed.replace("\n", "").replace(" ", "")
    assert printed.splitlines()[0].split() == ["ticket", "status", "whose", "contact", "changed"]


def test_people_can_be_told_apart(shell: Shell) -> None:
    """On a terminal of 80 columns an address is not broken, and the subject stands below."""
    with shell.opened() as app:
        rows.ticket(app.store, contact=Address(name="", address="jan.kowalski@klient.example"), subject="Dwie faktury")
    _, row, subject = shell("tickets", "list", terminal=True).out.splitlines()
    assert row.split()[:4] == ["HD-1001", "new", "support", "jan.kowalski@klient.example"]
    assert subject == "    subject: Dwie faktury"


def test_a_ticket_is_shown_with_everything(shell: Shell) -> None:
    """Words, letters and history; HD-1 and 1 are the same."""
    with shell.opened() as app:
        keep(app)
        handle(app)
    (row,) = shell("tickets", "list", "--json").json
    shown = shell("tickets", "show", row["ref"])
    assert all(word in shown.out for word in (row["ref"], "Printer 1", "Nem megy a nyomtató.", "Letters", "History"))
    found = shell("tickets", "show", str(row["number"]), "--json").json
    assert (found["ref"], found["messages"][0]["text"]) == (row["ref"], "Nem megy a nyomtató.")
    assert fits(shell("tickets", "show", row["ref"], terminal=True).out)


@pytest.mark.parametrize(
    ("words", "count"), [(["nyomtató"], 1), (["NYOMTATÓ", "Éva"], 1), (["nyomtató", "x"], 0), (["%"], 0)]
)
def test_words_are_looked_for(shell_with_tickets: Shell, words: list[str], count: int) -> None:
    """All of them, in subjects, people and messages; the signs of SQL are letters."""
    assert len(shell_with_tickets("tickets", "search", *words, "--json").json) == count


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["show", "HD-999"], 2, "There is no ticket HD-999"),
        (["show", "x"], 2, "'x' is no ticket number"),
        (["show", "99999999999999999999"], 2, "is no ticket number"),
        (["show", "\x1b[31m"], 2, "is no ticket number"),
        (["list", "--owner", "ana"], 2, "--owner ana: there is no such key. Did you mean anna?"),
        (["list", "--department", "nix"], 2, "--department nix: there is no such key. Known are: support."),
        (["list", "--status", "open-ish"], 2, "--status open-ish: known are new, open, pending, on_hold, closed."),
    ],
)
def test_a_slip_is_told_in_a_sentence(shell: Shell, words: list[str], code: int, sentence: str) -> None:
    """What, where, how to mend; and nothing on standard output."""
    with shell.opened():
        pass
    answer = shell("tickets", *words)
    assert (answer.code, answer.out) == (code, "")
    assert sentence in answer.err
    assert "\x1b" not in answer.err


def test_an_empty_list_is_told_in_words(shell: Shell) -> None:
    """And is [] for programs."""
    with shell.opened():
        pass
    assert shell("tickets", "list").out == "No tickets.\n"
    assert shell("tickets", "list", "--json").json == []


def test_a_row_is_one_line_in_a_pipe(shell_with_tickets: Shell) -> None:
    """`tickets list | grep ADDRESS` finds it: nothing is cut."""
    rows_ = shell_with_tickets("tickets", "list").out.splitlines()
    assert len(rows_) == 3
    assert any("eva@customer.test" in row and row.endswith("Nyomtató") for row in rows_)
