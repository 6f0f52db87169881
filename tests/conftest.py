"""Fixtures for all tests: databases of both kinds, the private mail server, and the count of what could not be run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.mailstack import MailStack, missing
from tests.servers.postgres import Postgres, binaries

NOT_RUN = "server missing: "


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--database postgresql`` runs everything that uses a database there."""
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A private PostgreSQL server."""
    if binaries() is None:
        pytest.skip(NOT_RUN + "postgresql is not installed")
    server = Postgres()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def mailstack() -> Iterator[MailStack]:
    """A private mail server; Postfix too, when we are root."""
    if (reason := missing("dovecot", "openssl")) is not None:
        pytest.skip(NOT_RUN + reason)
    server = MailStack()
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def postfix(mailstack: MailStack) -> MailStack:
    """The mail server with its way in and out."""
    if (reason := missing("postfix")) is not None:
        pytest.skip(NOT_RUN + reason)
    return mailstack


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database: SQLite, or what ``--database`` says."""
    if request.config.getoption("--database") == "postgresql":
        return str(request.getfixturevalue("postgres").fresh_database())
    return f"sqlite:///{tmp_path}/helpdesk.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def both_databases(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A fresh database of each kind, one after the other."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres").fresh_database())
    return f"sqlite:///{tmp_path}/helpdesk.db"


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what could not be tested on this machine."""
    skipped = terminalreporter.stats.get("skipped", [])
    reasons = [str(report.longrepr[2]) for report in skipped if isinstance(report.longrepr, tuple)]
    absent = [reason.partition(NOT_RUN)[2] for reason in reasons if NOT_RUN in reason]
    for reason in sorted(set(absent)):
        terminalreporter.write_line(f"!!! {absent.count(reason)} tests were NOT RUN: {reason}", red=True, bold=True)
