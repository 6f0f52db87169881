"""The house is built as its plan says: layers, doors, names, and nothing that slows the shell down."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from helpdesk import commands, filters, guards, jobs, plugins
from helpdesk.cli import assembled

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "helpdesk").rglob("*.py"))
ASYNC = {
    "helpdesk/daemon.py",
    "helpdesk/outbox/pool.py",
    "helpdesk/outbox/sender.py",
    "helpdesk/outbox/shift.py",
    "helpdesk/outbox/smtp.py",
    "helpdesk/demo/server.py",
    "helpdesk/demo/background.py",
    "helpdesk/cli/run.py",
}
ROOMS = {"filters": filters, "commands": commands, "guards": guards, "jobs": jobs}
PARSERS = ("mailparser", "lxml", "nh3", "inscriptis", "flufl.bounce", "lingua")
HEAVY = (
    "sqlmodel",
    "sqlalchemy",
    "imapclient",
    "aiosmtplib",
    "jinja2",
    "mailparser",
    "apscheduler",
    "alembic",
    "lingua",
)


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_rooms_import_only_rooms_further_right() -> None:
    """The contracts in pyproject.toml, kept by import-linter."""
    done = subprocess.run(
        [Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout


def test_async_only_where_the_plan_says() -> None:
    """Everything else is plain code in threads."""
    found = set()
    for path in SOURCES:
        nodes = ast.walk(ast.parse(path.read_text("utf-8")))
        if any(isinstance(node, ast.AsyncFunctionDef | ast.Await) for node in nodes):
            found.add(name(path))
    assert found <= ASYNC


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_a_module_says_what_it_is(path: Path) -> None:
    """A first sentence that a newcomer understands, ended by a stop."""
    words = (ast.get_docstring(ast.parse(path.read_text("utf-8"))) or "").partition("\n")[0]
    assert words.endswith((".", "!", "?")) or words == "``python -m helpdesk``."


@pytest.mark.parametrize("room", ROOMS)
def test_every_file_of_a_room_has_its_test(room: str) -> None:
    """`filters/bounce.py` is tested in `tests/filters/test_bounce.py`."""
    missing = [
        file for file in plugins.find(f"helpdesk.{room}") if not (ROOT / f"tests/{room}/test_{file}.py").exists()
    ]
    assert missing == []


def test_every_shell_command_has_its_test() -> None:
    """`cli/tickets.py` is tested in `tests/cli/test_tickets.py`."""
    missing = [file for file in plugins.find("helpdesk.cli") if not (ROOT / f"tests/cli/test_{file}.py").exists()]
    assert missing == []


def test_the_command_line_loads_nothing_heavy() -> None:
    """`helpdesk --help` answers at once: packages are loaded by the command that needs them."""
    code = "import sys; from helpdesk.cli import assembled; assembled(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert [package for package in HEAVY if package in done.stdout.split()] == []
    assert assembled().registered_commands


def test_the_daemon_loads_no_parser() -> None:
    """Mails are parsed by processes of their own; a letter's files are had without what reads text and HTML."""
    done = subprocess.run(
        [sys.executable, "-c", "import sys, helpdesk.daemon; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert [package for package in PARSERS if package in done.stdout.split()] == []


def test_broad_excepts_stand_only_where_something_must_go_on() -> None:
    """The intake quarantines a mail, the supervisor restarts a part; nowhere else is an unknown error swallowed."""
    found = set()
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ExceptHandler) and (node.type is None or ast.unparse(node.type) == "Exception"):
                found.add(name(path))
    assert found <= {"helpdesk/intake.py", "helpdesk/daemon.py"}


def test_the_project_speaks_of_no_machine_of_ours() -> None:
    """No path of a developer's folder and no address of a package registry; the lock file holds hashes only."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    files = [ROOT / file for file in listed] or SOURCES
    banned = ("/home" + "/", "/work" + "/", "pypi" + ".org", "pythonhosted" + ".org", "index-" + "url =")
    hits = [
        f"{file}: {word}"
        for file in files
        if file.is_file() and file.suffix in (".py", ".md", ".toml", ".lock", ".sh", "")
        for word in banned
        if word in file.read_text("utf-8", errors="ignore")
    ]
    assert hits == []
