"""Files that cannot be read, or hold what belongs elsewhere, are told by name and line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.config import sites


@pytest.mark.parametrize(
    ("text", "line"), [("[company\nname = 'x'\n", 1), ("[smtp]\nport = = 3\n", 2), ("a = 1\nb = 2\na = 3\n", 3)]
)
def test_a_slip_in_the_syntax_is_told_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    """And nothing is said of what may be missing: nobody knows."""
    problem = sites.only(sites.write(tmp_path, main=text))
    assert (problem.file, problem.key, problem.line) == (tmp_path / "helpdesk.toml", "TOML", line)


def test_a_letter_of_an_old_encoding_is_told_with_its_line(tmp_path: Path) -> None:
    """Editors of old save á as one byte."""
    sites.write(tmp_path)
    (tmp_path / "config/staff.toml").write_bytes(sites.STAFF.encode("latin-1"))
    problem = sites.only(tmp_path)
    assert (problem.file, problem.line) == (tmp_path / "config/staff.toml", 3)
    assert "UTF-8" in problem.mend


def test_a_mark_of_byte_order_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one at the beginning."""
    sites.write(tmp_path, main=f"\ufeff{sites.MAIN}")
    assert sites.mistakes(tmp_path) == ()


def test_a_folder_in_the_place_of_a_file_is_told(tmp_path: Path) -> None:
    """As is any file that cannot be read."""
    sites.write(tmp_path)
    (tmp_path / "config/staff.toml").unlink()
    (tmp_path / "config/staff.toml").mkdir()
    assert "cannot be read: Is a directory" in sites.only(tmp_path).message


def test_an_unknown_file_is_told_with_the_nearest_one(tmp_path: Path) -> None:
    """What stands in it would silently not count."""
    sites.write(tmp_path)
    (tmp_path / "config/staf.toml").touch()
    assert sites.only(tmp_path).mend == "Did you mean staff.toml?"


def test_a_table_in_the_wrong_file_is_told_and_read(tmp_path: Path) -> None:
    """It is the one mistake: the members of the department are known all the same."""
    problem = sites.only(sites.write(tmp_path, main=sites.MAIN + sites.STAFF, staff=""))
    assert (problem.key, problem.file) == ("staff", tmp_path / "helpdesk.toml")
    assert problem.mend == "Move it to config/staff.toml."


def test_a_strange_table_in_a_file_of_one_kind_is_told(tmp_path: Path) -> None:
    """The file of departments holds departments."""
    problem = sites.only(sites.write(tmp_path, departments=f"{sites.DEPARTMENTS}[colour]\nx = 1\n"))
    assert problem.mend == "It holds [departments.KEY] only."


def test_the_files_of_config_may_be_missing(tmp_path: Path) -> None:
    """What they would have held is told where it is used."""
    sites.write(tmp_path)
    (tmp_path / "config/staff.toml").unlink()
    assert {problem.key for problem in sites.mistakes(tmp_path)} == {"departments.support.members"}
