"""A site to type commands at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from helpdesk.cli import assembled
from tests.cli.shell import Shell, written

MAILBOX = """
[mailboxes.{name}]
address = "{name}@minta.example"
department = "support"
reply_address = "{{token}}@{name}.minta.example"
imap = {{ host = "mail.minta.example", user = "{name}@minta.example", password_env = "PW" }}
"""
FILES: Mapping[str, str] = {
    "helpdesk.toml": """
[company]
name = "Minta Kft."
[smtp]
host = "mail.minta.example"
[store]
minimum_free_mb = 1
"""
    + MAILBOX.format(name="support")
    + MAILBOX.format(name="sales"),
    "config/departments.toml": '[departments.support]\nname = "Support"\nmembers = ["anna"]\n',
    "config/staff.toml": '[staff.anna]\nid = 1\nname = "Kovács Anna"\naddresses = ["anna@minta.example"]\n',
}
Type = Callable[..., Result]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """Two mailboxes, support and sales, and nothing in the database."""
    write_site(tmp_path / "site")
    return tmp_path / "site"


def write_site(folder: Path) -> None:
    """Its files."""
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")


@pytest.fixture
def type_(site: Path) -> Type:
    """Types a command at the site; what it raises is the test's."""

    def run(*words: str | Path, stdin: bytes | None = None, at: Path | None = site) -> Result:
        where = ["--site", str(at)] if at else []
        return CliRunner().invoke(assembled(), [*where, *map(str, words)], input=stdin)

    return run


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A terminal in front of a small site that is in order; its database is not made yet."""
    return written(tmp_path)
