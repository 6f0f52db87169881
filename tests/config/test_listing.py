"""What is in force is listed with its origin, and shows no password."""

from __future__ import annotations

from pathlib import Path

from helpdesk.config import keys, load
from helpdesk.config.listing import Setting, settings
from tests.config import sites


def listed(folder: Path, **environ: str) -> dict[str, Setting]:
    return {setting.key: setting for setting in settings(load(folder, environ))}


def test_each_value_says_where_it_came_from(tmp_path: Path) -> None:
    """A line of a file, a variable, or the default."""
    found = listed(sites.write(tmp_path), HELPDESK_SMTP__HOST="other.example")
    assert (found["smtp.port"].text, found["smtp.port"].origin) == ("465", "helpdesk.toml:12")
    assert (found["smtp.host"].text, found["smtp.host"].origin) == ('"other.example"', "HELPDESK_SMTP__HOST")
    assert (found["smtp.connections"].text, found["smtp.connections"].origin) == ("4", "default")
    assert found["staff.anna.id"].origin == "config/staff.toml:2"
    assert found["company.url"].text == "–"


def test_every_known_key_is_listed(tmp_path: Path) -> None:
    """None can be in force unseen."""
    names = {"mailboxes": "support", "departments": "support", "staff": "anna"}
    wanted = {known.key.replace(keys.NAME, names.get(known.key.partition(".")[0], "")) for known in keys.known()}
    assert wanted <= listed(sites.write(tmp_path)).keys()


def test_a_password_in_a_url_is_masked(tmp_path: Path) -> None:
    """It may itself hold an @."""
    found = listed(sites.write(tmp_path), HELPDESK_STORE__URL="postgresql://me:p@ss:w@host/db")
    assert found["store.url"].value == "postgresql://me:***@host/db"
