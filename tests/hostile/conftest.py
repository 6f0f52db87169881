"""One site on each kind of database for all cases: making it takes longer than a case."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.site import Site, awake, begun


@pytest.fixture(
    scope="session",
    params=[
        pytest.param("sqlite", marks=pytest.mark.xdist_group("hostile-sqlite")),
        pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.xdist_group("hostile-postgresql")]),
    ],
)
def opened_site(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """An open site."""
    url = "sqlite:///helpdesk.db"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgres").fresh_database()
    with begun(tmp_path_factory.mktemp("hostile"), url) as made:
        yield made


@pytest.fixture(scope="module")
def site(opened_site: Site) -> Iterator[Site]:
    """The same at work; empty it first. Its processes end with the module, since other tests count those there are."""
    with awake(opened_site):
        yield opened_site
