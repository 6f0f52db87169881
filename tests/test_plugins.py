"""Adding by one file: a room is what lies in its folder."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from types import ModuleType

import pytest

from helpdesk import plugins


@pytest.fixture
def room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A package with two files and a helper."""
    folder = tmp_path / "a_room_for_tests"
    folder.mkdir()
    for name in ("__init__", "zeta", "alpha", "_helper"):
        (folder / f"{name}.py").write_text(f'"""Does {name}.\n\nMore.\n"""\n')
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    # Another test has found a room of this name, in another folder.
    for name in [name for name in sys.modules if name.partition(".")[0] == folder.name]:
        monkeypatch.delitem(sys.modules, name)
    plugins.find.cache_clear()
    return folder.name


def test_the_files_of_a_room_are_found_by_name(room: str) -> None:
    """In alphabetical order; what begins with an underscore is a helper."""
    assert list(plugins.find(room)) == ["alpha", "zeta"]


def test_the_first_line_of_a_file_is_its_sentence(room: str) -> None:
    """What the lists print about it."""
    assert plugins.sentence(plugins.find(room)["alpha"]) == "Does alpha."
    assert plugins.sentence(ModuleType("bare")) == ""


def test_what_was_found_cannot_be_changed(room: str) -> None:
    """It is shared by all threads."""
    with pytest.raises(TypeError):
        plugins.find(room)["more"] = ModuleType("more")  # type: ignore[index]  # what nobody may do


@pytest.mark.parametrize("name", ["templates", "config", "migrations", "helpdesk.toml"])
def test_shipped_files_are_found(name: str) -> None:
    """In the checkout as in the wheel."""
    assert plugins.data(name).exists()
