"""A small site that is in order, and ways to spoil it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from helpdesk.config import load
from helpdesk.errors import ConfigError, Problem

MAIN = """\
[company]
name = "Minta Kft."
language = "hu"
timezone = "Europe/Budapest"

[store]
url = "sqlite:///helpdesk.db"
minimum_free_mb = 500

[smtp]
host = "mail.minta.example"
port = 465
security = "tls"
user = "support@minta.example"
password_env = "HELPDESK_SMTP_PASSWORD"

[mailboxes.support]
address = "support@minta.example"
aliases = ["info@minta.example"]
department = "support"
language = "hu"
reply_address = "{local}+{token}@{domain}"
authserv_id = ""
imap = { host = "mail.minta.example", port = 993, security = "tls", user = "support@minta.example", \
password_env = "HELPDESK_IMAP_PASSWORD", folder = "INBOX", done = "Helpdesk/Done" }
since = "now"

[tickets]
prefix = "HD"
reopen_days = 30
"""
DEPARTMENTS = """\
[departments.support]
name = "Support"
members = ["anna", "bela"]
"""
STAFF = """\
[staff.anna]
id = 1
name = "Kovács Anna"
addresses = ["anna@minta.example"]
role = "lead"

[staff.bela]
id = 2
name = "Szabó Béla"
addresses = ["bela@minta.example"]
"""


def write(folder: Path, *, main: str = MAIN, departments: str = DEPARTMENTS, staff: str = STAFF) -> Path:
    """The three files of a site."""
    (folder / "config").mkdir(exist_ok=True)
    (folder / "helpdesk.toml").write_text(main, encoding="utf-8")
    (folder / "config/departments.toml").write_text(departments, encoding="utf-8")
    (folder / "config/staff.toml").write_text(staff, encoding="utf-8")
    return folder


def changed(text: str, old: str, new: str) -> str:
    """The text with one place changed; the place must be there, once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def mistakes(folder: Path, environ: Mapping[str, str] | None = None) -> tuple[Problem, ...]:
    """What is wrong with a site; nothing when it loads."""
    try:
        load(folder, environ or {})
    except ConfigError as error:
        return error.problems
    return ()


def only(folder: Path, environ: Mapping[str, str] | None = None) -> Problem:
    """The one mistake of a site."""
    found = mistakes(folder, environ)
    assert len(found) == 1, found
    return found[0]
