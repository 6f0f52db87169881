"""The demo's company is an ordinary site."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.config import Config, load
from helpdesk.demo import company
from helpdesk.demo.accounts import Account


@pytest.fixture
def accounts() -> dict[str, Account]:
    """Everybody with a mailbox, by address."""
    return {account.address: account for account in company.accounts()}


@pytest.fixture
def config(tmp_path: Path, accounts: dict[str, Account]) -> Config:
    """The site, loaded as any other."""
    company.write_site(tmp_path, accounts, host="127.0.0.1", imap_port=3143, smtp_port=3025)
    return load(tmp_path, {})


def test_the_site_passes_the_ordinary_check(config: Config) -> None:
    """Five staff, three departments, a mailbox each."""
    assert len(config.staff) == 5
    assert set(config.departments) == set(config.mailboxes) == {"support", "billing", "sales"}
    assert [person.role for person in config.staff.values()].count("manager") == 1


def test_the_passwords_are_those_of_the_accounts(config: Config, accounts: dict[str, Account]) -> None:
    """For every mailbox and for sending."""
    for box in config.mailboxes.values():
        assert config.secret(box.imap) == accounts[box.address].password
    assert config.smtp.user is not None
    assert config.secret(config.smtp) == accounts[config.smtp.user].password


def test_no_password_stands_in_the_configuration(config: Config, accounts: dict[str, Account]) -> None:
    """They are in files that only their owner reads."""
    text = "".join(path.read_text() for path in config.site.rglob("*.toml"))
    assert not [account for account in accounts.values() if account.password in text]
    for path in (config.site / "passwords").iterdir():
        assert path.stat().st_mode & 0o077 == 0


def test_the_customers_write_in_five_languages() -> None:
    """One each, at domains that nobody can own."""
    languages = [person.language for person in company.CUSTOMERS.values()]
    assert sorted(languages) == ["bs", "en", "hu", "pl", "ru"]
    people = (*company.CUSTOMERS.values(), *company.STAFF.values(), company.MISTYPED)
    assert all(person.address.endswith(".example") for person in people)


def test_every_run_has_passwords_of_its_own() -> None:
    """Nothing that somebody could know beforehand."""
    first, second = company.accounts(), company.accounts()
    assert [account.password for account in first] != [account.password for account in second]
