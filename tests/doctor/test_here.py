"""What lies on this machine: database, space, passwords."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from helpdesk.doctor import Check, State, database, passwords
from helpdesk.store import migrate
from helpdesk.store.session import Store
from tests import builders


def looked(site: Path, **changes: Any) -> dict[str, Check]:
    config = builders.config(site=site, **changes)
    return {each.what: each for each in (*database.examine(config), *passwords.examine(config))}


def test_a_database_that_is_not_made_yet_is_well(tmp_path: Path) -> None:
    """The daemon makes it; the doctor does not."""
    assert looked(tmp_path)["database"].finding.state is State.OK
    assert list(tmp_path.iterdir()) == []


def test_a_database_in_use_is_well(tmp_path: Path) -> None:
    """It can be read and written."""
    store = Store("sqlite:///helpdesk.db", site=tmp_path)
    migrate.upgrade(store)
    store.close()
    assert "read and written" in looked(tmp_path)["database"].finding.said


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:///no/helpdesk.db", "does not exist"),
        ("postgresql://x@localhost:1/y", "connection"),
        ("oracle://x", "url"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told(tmp_path: Path, url: str, words: str) -> None:
    """With the key to be mended."""
    found = looked(tmp_path, url=url)["database"].finding
    assert found.state is State.WRONG
    assert words in found.said
    assert "store.url" in found.mend


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    """Somebody has put something else there."""
    (tmp_path / "helpdesk.db").write_text("These are not the rows that you are looking for." * 100)
    assert looked(tmp_path)["database"].wrong


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """Less than minimum_free_mb: nothing is fetched."""
    from helpdesk.config import StoreConfig

    config = builders.config(site=tmp_path).model_copy(update={"store": StoreConfig(minimum_free_mb=10**9)})
    checks = {each.what: each for each in database.examine(config)}
    assert checks["database: free space"].wrong


def test_a_password_that_is_not_there_is_told(tmp_path: Path) -> None:
    """With the variable that is to be set."""
    found = looked(tmp_path, environ={})["support: password"].finding
    assert (found.state, "export PW=" in found.mend) == (State.WRONG, True)


@pytest.mark.parametrize(("mode", "state"), [(0o600, State.OK), (0o644, State.NOTE), (0o640, State.NOTE)])
def test_a_password_that_others_can_read_is_noted(tmp_path: Path, mode: int, state: State) -> None:
    """With the command that mends it."""
    file = tmp_path / "pass"
    file.write_text("secret")
    file.chmod(mode)
    smtp = builders.config().smtp.model_copy(update={"password_env": None, "password_file": "pass"})
    found = looked(tmp_path, smtp=smtp)["smtp: password"].finding
    assert found.state is state
    assert state is State.OK or found.mend == f"Type: chmod 600 {file}"
