"""A mail server of their own for tests that kill it, and one office for all tests of a module."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.conftest import NOT_RUN
from tests.faults.imap.line import line_to
from tests.faults.imap.office import MAILBOXES, TLS, Office
from tests.servers.mailstack import USERS, MailStack, missing

# A second place with a quota of its own: 100 kB; moving mails between quota roots counts, within one it does not.
QUOTA = """
mail_plugins = quota
namespace archive {
  prefix = Archive/
  separator = /
  location = maildir:~/archive
}
plugin {
  quota = count:User quota
  quota_vsizes = yes
  quota_rule = *:storage=1G
  quota2 = count:Archive:ns=Archive/
  quota2_rule = *:storage=100K
}
"""


@pytest.fixture(scope="module")
def stack() -> Iterator[MailStack]:
    """Dovecot and Postfix, started and killed at will."""
    if (reason := missing("dovecot", "openssl", "postfix")) is not None:
        pytest.skip(NOT_RUN + reason)
    server = MailStack(extra=QUOTA)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def house(
    request: pytest.FixtureRequest, stack: MailStack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Office]:
    """The daemon at work."""
    url = "sqlite:///helpdesk.db"
    if request.config.getoption("--database") == "postgresql":
        url = request.getfixturevalue("postgres").fresh_database()
    stack.empty(*USERS)
    with ExitStack() as opened:
        ports = {name: stack.imaps if name == TLS else stack.imap for name in MAILBOXES}
        lines = {name: opened.enter_context(line_to(port)) for name, port in ports.items()}
        office = Office(site=tmp_path_factory.mktemp("site") / "site", stack=stack, url=url, lines=lines)
        office.write_site()
        opened.callback(office.stop)
        office.start()
        yield office


@pytest.fixture
def office(house: Office) -> Iterator[Office]:
    """The office, well; after the test the mail of all tests so far must have come out right."""
    for mailbox in MAILBOXES:
        house.until_well(mailbox)
    yield house
    for mailbox in MAILBOXES:
        house.until_well(mailbox)
    house.settle()
