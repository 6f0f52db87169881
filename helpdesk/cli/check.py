"""Looks over the configuration, the passwords and every template, without the network."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import Context
from helpdesk.cli._advice import typeable
from helpdesk.cli._exits import FAILED

if TYPE_CHECKING:
    from helpdesk.config import Config
    from helpdesk.errors import Problem

FAILS = "a mistake was found (a note is none)"


def command(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Print every mistake, or that there is none; exit 1 when there is one."""
    from helpdesk import console

    config, problems = _look()
    mistakes = [problem for problem in problems if not problem.note]
    if json:
        console.json_out({"ok": not mistakes, "problems": [_jsonable(problem) for problem in problems]})
    else:
        _print(config, problems, len(mistakes))
    if mistakes:
        raise typer.Exit(FAILED)


def _look() -> tuple[Config | None, tuple[Problem, ...]]:
    from helpdesk.cli import _mistakes
    from helpdesk.config import load
    from helpdesk.errors import ConfigError

    try:
        config = load(Context.site, os.environ)
    except ConfigError as error:
        return None, error.problems
    return config, _mistakes.find(config)


def _print(config: Config | None, problems: tuple[Problem, ...], mistakes: int) -> None:
    from helpdesk import app, console

    for problem in problems:
        console.say(f"{'Note: ' if problem.note else ''}{typeable(str(problem))}")
    if config is None or mistakes:
        console.fail(f"{console.counted(mistakes, 'mistake')} to mend.")
        return
    templates = app.templates(config)
    for key, server in config.servers.items():
        if server.insecure:
            console.warn(f"Note: {key} is insecure; passwords and mail travel readable.")
    counts = (
        (len(config.mailboxes), "mailbox", "mailboxes"),
        (len(config.departments), "department", None),
        (len(config.staff), "staff member", None),
        (len(templates.names()), "template", None),
        (len(templates.languages()), "language", None),
    )
    console.say(f"In order: {', '.join(console.counted(*each) for each in counts)}.")


def _jsonable(problem: Problem) -> dict[str, object]:
    file = None if problem.file is None else str(problem.file)
    return {
        "file": file,
        "key": problem.key,
        "line": problem.line,
        "message": problem.message,
        "mend": problem.mend,
        "note": problem.note,
    }
