"""The ground for fault runs, on either database."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache, partial

import pytest

from tests.faults.ground import Ground, environment
from tests.launcher import Launcher
from tests.servers.mailstack import MailStack

Grounds = Callable[[str], Ground]


@pytest.fixture(scope="session")
def launcher() -> Iterator[Launcher]:
    """The process that starts and kills daemons."""
    made = Launcher(environment())
    yield made
    made.close()


@pytest.fixture(scope="session")
def grounds(
    request: pytest.FixtureRequest, mailstack: MailStack, launcher: Launcher, tmp_path_factory: pytest.TempPathFactory
) -> Grounds:
    """The ground on ``sqlite`` or ``postgresql``, made when it is first asked for."""

    @cache
    def ground(dialect: str) -> Ground:
        folder = tmp_path_factory.mktemp(dialect) / "site"
        url, copied = "sqlite:///helpdesk.db", None
        if dialect == "postgresql":
            server = request.getfixturevalue("postgres")
            url = server.fresh_database()
            copied = partial(server.fresh_database, like=url)
        made = Ground(folder=folder, stack=mailstack, launcher=launcher, url=url, copied=copied)
        made.prepare()
        return made

    return ground
