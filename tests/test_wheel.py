"""The built wheel is whole: in an empty environment, away from the checkout and without a network, the demo runs."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
WHEELS = ROOT / ".cache" / "wheels"
INSTALL_SECONDS, DEMO_SECONDS = 240, 120

pytestmark = [pytest.mark.slow, pytest.mark.timeout(INSTALL_SECONDS + DEMO_SECONDS), pytest.mark.xdist_group("wheel")]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the checkout by the build backend alone."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_templates_configuration_and_migrations(wheel: Path) -> None:
    """Every file of the three folders, and the example of a site."""
    there = set(zipfile.ZipFile(wheel).namelist())
    folders = ("templates", "config", "migrations")
    files = [
        path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file() and path.suffix != ".pyc"
    ]
    wanted = {f"helpdesk/_data/{path.relative_to(ROOT)}" for path in files} | {"helpdesk/_data/helpdesk.toml"}
    assert len(wanted) > 60
    assert wanted <= there


def test_it_runs_the_demo_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    """Installed from the wheels that `make setup` kept; nothing of the checkout is in reach."""
    environment, elsewhere = tmp_path / "env", tmp_path / "elsewhere"
    elsewhere.mkdir()
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PIP_", "PYTHON", "VIRTUAL_ENV"))}
    subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True, env=clean, timeout=INSTALL_SECONDS)
    python = environment / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "-q", "--no-index", "--find-links", str(WHEELS), f"{wheel}[demo]"]
    done = subprocess.run(
        install, cwd=elsewhere, env=clean, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
    )
    assert done.returncode == 0, f"type `make setup` first: {done.stderr}"
    demo = [str(environment / "bin" / "helpdesk"), "demo", "--once"]
    played = subprocess.run(
        demo, cwd=elsewhere, env=clean, capture_output=True, text=True, timeout=DEMO_SECONDS, check=False
    )
    assert played.returncode == 0, played.stdout + played.stderr
    assert "things came as expected" in played.stdout
    assert list(elsewhere.iterdir()) == []
