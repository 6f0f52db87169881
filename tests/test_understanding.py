"""The measure of what is understood: it counts right and wrong answers, and says what is wrong in a folder."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.understanding import examples, main, measured
from tests.builders import raw_mail

ANSWER = "Please mend it.\n\nOn Mon, 2 Mar 2026 at 09:00, Anna <anna@helpdesk.test> wrote:\n> Which printer?\n"


def folder(path: Path, **expected: object) -> Path:
    """A folder with one mail and what is expected of it."""
    (path / "one.eml").write_bytes(raw_mail(text=ANSWER))
    (path / "expected.jsonl").write_text(json.dumps({"file": "one.eml", **expected}) + "\n", encoding="utf-8")
    return path


def test_right_and_wrong_answers_are_counted(tmp_path: Path) -> None:
    """Each thing that is known of a mail is one question; what is not known is not asked."""
    tallies, times, _ = measured(examples(folder(tmp_path, subject="Scanner", text="Please mend it.", kind="person")))
    assert (tallies["subject"].right, tallies["subject"].count) == (0, 1)
    assert "'Scanner'" in tallies["subject"].misses[0]
    assert (tallies["new words"].right, tallies["kind as expected"].right) == (1, 1)
    assert tallies["survived"].right == len(times) == 1
    assert tallies["language"].count == 0


def test_the_figures_are_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As a table for people, as one JSON object for programs."""
    assert main([str(folder(tmp_path, text="Please mend it."))]) == 0
    assert "new words                            1 of     1  100.0 %" in capsys.readouterr().out
    assert main([str(tmp_path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["measures"]["new words"] == {"right": 1, "of": 1}


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        ('{"file": "one.eml", "colour": "red"}', "unknown key colour"),
        ('{"file": "two.eml"}', "there is no two.eml"),
        ("no JSON", "line 1"),
    ],
)
def test_what_is_wrong_in_a_folder_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], expected: str, said: str
) -> None:
    """One sentence with file and line, and exit code 2."""
    (folder(tmp_path) / "expected.jsonl").write_text(expected + "\n", encoding="utf-8")
    assert main([str(tmp_path)]) == 2
    assert said in capsys.readouterr().err


def test_our_own_corpus_is_understood_as_its_files_say() -> None:
    """The whole corpus by the way of `explain`."""
    tallies, times, _ = measured(examples(Path(__file__).parent / "corpus"))
    assert len(times) >= 200
    assert [miss for tally in tallies.values() for miss in tally.misses] == []
