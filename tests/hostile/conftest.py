"""One site on each kind of database for all cases: starting its processes takes longer than a case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.site import Site, begun


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("hostile-sqlite")),
        pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.xdist_group("hostile-postgresql")]),
    ],
)
def site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An open site; empty it first."""
    url = "sqlite:///helpdesk.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").fresh_database()
    with begun(tmp_path_factory.mktemp("hostile"), url) as made:
        yield made
