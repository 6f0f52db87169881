"""The story says what did not happen."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpdesk.demo.play import SCENES, play
from helpdesk.demo.stage import opened_stage
from helpdesk.demo.view import Lines


@pytest.mark.slow
def test_with_a_dead_daemon_everything_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A scene that cannot be played is told as such, and the next one is tried."""
    with opened_stage(tmp_path) as stage:
        stage.daemon.stop()
        results = play(stage, Lines(), deadline=0.05)
    assert {result.scene for result in results if not result.met} >= set(list(SCENES)[:-1])
    shown = capsys.readouterr().out
    assert "✗ Fekete Éva has a confirmation in Hungarian – waited 0 seconds for it" in shown
    assert "an earlier scene should have brought" in shown
