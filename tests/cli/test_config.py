"""`helpdesk config show` prints what is in force and where it came from."""

from __future__ import annotations

from tests.cli.shell import PASSWORDS, Shell


def test_values_stand_beside_their_origin(shell: Shell) -> None:
    """A line of a file, the environment, or the default."""
    out = shell("config", "show", environ=PASSWORDS | {"HELPDESK_SMTP__CONNECTIONS": "2"}).out
    rows = {tuple(line.split()) for line in out.splitlines()}
    assert {("port", "465", "helpdesk.toml:12"), ("connections", "2", "environment")} <= rows
    assert ("poll_seconds", "300", "default") in rows
    assert "[mailboxes.support.imap]" in out.splitlines()


def test_no_line_is_wider_than_80_columns(shell: Shell) -> None:
    """A long value goes on below itself."""
    assert max(len(line.rstrip()) for line in shell("config", "show", terminal=True).out.splitlines()) <= 80


def test_passwords_are_never_shown(shell: Shell) -> None:
    """Neither those of variables nor one in the URL of the database."""
    environ = {"HELPDESK_SMTP_PASSWORD": "tops3cret", "HELPDESK_STORE__URL": "postgresql://me:tops3cret@localhost/x"}
    for words in (["config", "show"], ["config", "show", "--json"]):
        out = shell(*words, environ=environ).out
        assert "tops3cret" not in out
        assert "postgresql://me:***@localhost/x" in out


def test_json_names_the_variable(shell: Shell) -> None:
    """For a program that wants to mend it."""
    found = shell("config", "show", "--json", environ={"HELPDESK_SMTP__CONNECTIONS": "2"}).json
    (row,) = (row for row in found if row["key"] == "smtp.connections")
    assert row == {"key": "smtp.connections", "value": 2, "origin": "HELPDESK_SMTP__CONNECTIONS"}


def test_every_key_is_listed_with_what_it_is_for(shell: Shell) -> None:
    """Without a site too, for whoever installed the program without its docs."""
    (shell.site / "helpdesk.toml").unlink()
    found = {row["key"]: row for row in shell("config", "keys", "--json").json}
    assert found["smtp.host"] == {
        "key": "smtp.host",
        "file": "helpdesk.toml",
        "holds": "text",
        "required": True,
        "what": "Name of the mail server.",
    }
    assert all(row["what"] for row in found.values())
    assert "mailboxes.NAME.imap.done " in shell("config", "keys").out
