"""One running site for all flows of a module, on each kind of database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.flows.house import House
from tests.servers.mailstack import USERS, MailStack


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(
    request: pytest.FixtureRequest, postfix: MailStack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """The daemon at work on a new database, with empty mailboxes."""
    folder: Path = tmp_path_factory.mktemp("site") / "site"
    url = "sqlite:///helpdesk.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").fresh_database()
    postfix.empty(*USERS)
    site = House(site=folder, stack=postfix, url=url)
    site.write_site()
    site.start()
    yield site
    assert site.stop() == 0, site.log
