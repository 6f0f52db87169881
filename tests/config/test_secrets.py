"""Passwords are read from variables and files at the moment they are needed, and never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.config import load
from helpdesk.errors import ConfigError
from tests.config import sites

IN_A_FILE = sites.changed(sites.MAIN, 'password_env = "HELPDESK_SMTP_PASSWORD"', 'password_file = "smtp.pass"')


def test_a_password_stands_in_a_variable(tmp_path: Path) -> None:
    """The one that password_env names."""
    config = load(sites.write(tmp_path), {"HELPDESK_SMTP_PASSWORD": "one two "})
    assert config.secret(config.smtp) == "one two "


def test_a_password_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    """Relative to the site; the line end that every editor adds is no part of it."""
    (tmp_path / "smtp.pass").write_text("pä ss\r\n", encoding="utf-8")
    config = load(sites.write(tmp_path, main=IN_A_FILE), {})
    assert config.secret(config.smtp) == "pä ss"


@pytest.mark.parametrize("environ", [{}, {"HELPDESK_SMTP_PASSWORD": ""}])
def test_a_variable_that_is_not_set_is_told(tmp_path: Path, environ: dict[str, str]) -> None:
    """With the line that names it."""
    config = load(sites.write(tmp_path), environ)
    with pytest.raises(ConfigError, match=r"helpdesk.toml:15: smtp.password_env: .*HELPDESK_SMTP_PASSWORD is not set"):
        config.secret(config.smtp)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "No such file"), (b"", "is empty"), (b"\n", "is empty"), (b"\xff\xfe", "is no text")],
)
def test_a_file_without_a_password_is_told(tmp_path: Path, content: bytes | None, message: str) -> None:
    """By its path, not by what is in it."""
    if content is not None:
        (tmp_path / "smtp.pass").write_bytes(content)
    config = load(sites.write(tmp_path, main=IN_A_FILE), {})
    with pytest.raises(ConfigError, match=message):
        config.secret(config.smtp)


def test_a_configuration_that_is_printed_holds_no_password(tmp_path: Path) -> None:
    """Not even the environment that it carries."""
    config = load(sites.write(tmp_path), {"HELPDESK_SMTP_PASSWORD": "tops3cret"})
    assert "tops3cret" not in repr(config)
