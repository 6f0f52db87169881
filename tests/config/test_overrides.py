"""HELPDESK_SMTP__HOST sets smtp.host, whatever the file says."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest

from helpdesk.config import load
from tests.config import sites


@pytest.mark.parametrize(
    ("variable", "text", "key", "value"),
    [
        ("HELPDESK_SMTP__HOST", "other.example", "smtp.host", "other.example"),
        ("HELPDESK_SMTP__CONNECTIONS", "2", "smtp.connections", 2),
        ("HELPDESK_SMTP__INSECURE", "true", "smtp.insecure", True),
        ("HELPDESK_MAILBOXES__SUPPORT__IMAP__IDLE", "no", "mailboxes.support.imap.idle", False),
        ("HELPDESK_MAILBOXES__SUPPORT__SINCE", "2026-01-31", "mailboxes.support.since", dt.date(2026, 1, 31)),
        ("HELPDESK_BLOCKED__SENDERS", "@a.example, b@c.example", "blocked.senders", ("@a.example", "b@c.example")),
        ("HELPDESK_BLOCKED__SENDERS", '["@a.example"]', "blocked.senders", ("@a.example",)),
    ],
)
def test_a_variable_sets_a_key(tmp_path: Path, variable: str, text: str, key: str, value: Any) -> None:
    """In the type of the key, and the configuration knows that it came from there."""
    config = load(sites.write(tmp_path), {variable: text})
    found: Any = config
    for word in key.split("."):
        found = found[word] if isinstance(found, dict) else getattr(found, word)
    assert found == value
    assert config.origin(key) == variable


@pytest.mark.parametrize(
    ("variable", "text", "message", "mend"),
    [
        ("HELPDESK_SMPT__HOST", "x", "sets no key", "Did you mean HELPDESK_SMTP__HOST?"),
        ("HELPDESK_SMTP", "x", "sets no key", "two underscores"),
        ("HELPDESK_SMTP__PORT", "many", "(set by HELPDESK_SMTP__PORT) must be a whole number", "digits"),
        ("HELPDESK_SMTP__INSECURE", "perhaps", "must be true or false", '"perhaps" now'),
    ],
)
def test_a_wrong_variable_is_told(tmp_path: Path, variable: str, text: str, message: str, mend: str) -> None:
    """By its name, not by a line of a file."""
    problem = sites.only(sites.write(tmp_path), {variable: text})
    assert problem.file is None
    assert message in problem.message
    assert mend in problem.mend


@pytest.mark.parametrize("variable", ["HELPDESK_SITE", "HELPDESK_SMTP_PASSWORD", "HELPDESK_OTHER_PASSWORD"])
def test_other_variables_of_ours_are_no_mistake(tmp_path: Path, variable: str) -> None:
    """The folder of the site, and passwords, perhaps of another site in the same shell."""
    assert sites.mistakes(sites.write(tmp_path), {variable: "x"}) == ()


def test_a_password_in_the_variable_of_the_database_is_allowed(tmp_path: Path) -> None:
    """As in password_env; a file is shown and copied, a variable is not."""
    url = "postgresql://helpdesk:tops3cret@localhost/helpdesk"
    assert load(sites.write(tmp_path), {"HELPDESK_STORE__URL": url}).store.url == url


def test_a_name_with_a_hyphen_is_found_again(tmp_path: Path) -> None:
    """Variables know no hyphens."""
    main = sites.changed(sites.MAIN, "[mailboxes.support]", "[mailboxes.help-me]")
    config = load(sites.write(tmp_path, main=main), {"HELPDESK_MAILBOXES__HELP_ME__LANGUAGE": "pl"})
    assert config.mailboxes["help-me"].language == "pl"
