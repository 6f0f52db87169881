"""The reference says what the code says, and the handwritten pages speak of things that exist."""

from __future__ import annotations

import importlib.util
import re
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest
import typer
from typer.core import TyperGroup

from helpdesk.cli import assembled, tickets
from helpdesk.config import load
from tests.config import sites
from tests.test_console import screen

ROOT = Path(__file__).resolve().parent.parent
HANDWRITTEN = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("docs/howto/*.md")})


def reference() -> ModuleType:
    """The program that writes the reference."""
    found = importlib.util.spec_from_file_location("reference", ROOT / "scripts" / "reference.py")
    assert found is not None and found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


def test_the_reference_is_what_the_code_says() -> None:
    """Type `make docs` after a change of keys, commands, filters, guards, jobs or templates."""
    made = reference().pages()
    written = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "docs/reference").glob("*.md")}
    assert {name: written.get(name) for name in made} == made


@pytest.mark.parametrize("page", HANDWRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_in_a_page_exists(page: Path) -> None:
    """`helpdesk tickets list` in a text is a command that can be typed."""
    root = typer.main.get_command(assembled())
    assert isinstance(root, TyperGroup)
    for words in re.findall(
        r"(?:^ {4}|`)helpdesk((?: --site \S+)?(?: [a-z][a-z-]+){1,2})", page.read_text("utf-8"), re.MULTILINE
    ):
        first, *rest = re.sub(r" --site \S+", "", words).split()
        command = root.commands.get(first)
        assert command is not None, f"{page.name}: helpdesk {first}"
        if isinstance(command, TyperGroup) and rest:
            assert rest[0] in command.commands, f"{page.name}: helpdesk {first} {rest[0]}"


@pytest.mark.parametrize("page", HANDWRITTEN, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_inside_the_project_leads_somewhere(page: Path) -> None:
    """Files that a page points to are there."""
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name}: {target}"


HISTORY = (
    ("09:00", "opened", "contact:eva@kunde.example", "mailbox support"),
    ("09:00", "letter", "contact:eva@kunde.example", "acknowledgement"),
    ("09:41", "owner", "staff:bela", "answered first"),
    ("09:41", "first_response", "staff:bela", "an answer to the customer"),
)
TICKETS = (
    (1042, "pending", "bela", "eva@kunde.example", "09:41", "The printer does not print"),
    (1041, "new", "billing", "jan@klient.example", "08:12", "Two invoices"),
)


def test_the_readme_shows_what_is_printed(tmp_path: Path) -> None:
    """Lists on a terminal of 80 columns, with the columns that there are."""
    names = ("number", "status", "owner", "contact", "updated", "subject")
    rows = [dict(zip(names, row, strict=True)) | {"updated": _at(row[4])} for row in TICKETS]
    events = [
        {"at": _at(time), "kind": kind, "actor": actor, "reason": reason} for time, kind, actor, reason in HISTORY
    ]
    config = load(sites.write(tmp_path), {})
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    with screen() as listed:
        tickets.show_list(rows, config)
    with screen() as history:
        tickets.show_history(events, config)
    assert _indented(listed.getvalue()) in readme
    assert _indented(history.getvalue()) in readme


def _at(time: str) -> datetime:
    return datetime.fromisoformat(f"2026-03-02T{time}+01:00")


def _indented(text: str) -> str:
    return "".join(f"    {line.rstrip()}\n" for line in text.splitlines())


def test_every_promise_names_tests_that_are_there() -> None:
    """docs/reliability.md says by which test a promise is held."""
    named = set(re.findall(r"tests/[\w/]+(?:\.py)?", (ROOT / "docs/reliability.md").read_text(encoding="utf-8")))
    assert len(named) >= 15
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
