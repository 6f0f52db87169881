"""`helpdesk demo` plays its story on the ordinary daemon, and ends cleanly."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from helpdesk.cli import assembled
from helpdesk.errors import UsageError

END_SECONDS = 90  # for the whole play on a busy machine


@pytest.mark.slow
def test_once_plays_everything_and_leaves_the_kept_site(tmp_path: Path) -> None:
    """Exit 0: every expected mail was in its mailbox."""
    folder = tmp_path / "kept"
    result = CliRunner().invoke(assembled(), ["demo", "--once", "--keep", str(folder)])
    assert result.exit_code == 0, result.output
    assert "✗" not in result.output
    assert {path.name for path in folder.iterdir()} >= {"helpdesk.toml", "config", "helpdesk.db", "helpdesk.log"}


@pytest.mark.slow
def test_it_stays_until_interrupted_and_leaves_nothing(tmp_path: Path) -> None:
    """Ctrl-C is the ordinary end: exit 0, no word on standard error, no temporary folder."""
    environ = {**os.environ, "TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-m", "helpdesk", "demo"]
    with subprocess.Popen(
        command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as demo:
        assert demo.stdout is not None
        invited = any("tickets list" in line for line in demo.stdout)
        demo.send_signal(signal.SIGINT)
        rest, complaints = demo.communicate(timeout=END_SECONDS)
    assert invited
    assert (demo.returncode, complaints) == (0, "")
    assert "Closing." in rest
    assert list(tmp_path.iterdir()) == []


def test_it_does_not_write_into_a_folder_that_is_in_use(tmp_path: Path) -> None:
    """`--keep` wants a folder of its own."""
    (tmp_path / "mine").touch()
    with pytest.raises(UsageError, match="new or empty"):
        CliRunner().invoke(assembled(), ["demo", "--once", "--keep", str(tmp_path)], catch_exceptions=False)


@pytest.mark.parametrize("speed", ["0", "-1", "fast"])
def test_a_senseless_speed_is_refused(speed: str) -> None:
    """Exit 2, as for every mistyped option."""
    assert CliRunner().invoke(assembled(), ["demo", "--speed", speed]).exit_code == 2
