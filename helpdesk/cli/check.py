"""Looks over the configuration, the passwords and every template, without the network."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import EXIT_FAILED, Context

if TYPE_CHECKING:
    from helpdesk.config import Config
    from helpdesk.errors import Problem

# Rooms whose files may have a `problems(config)` of their own.
ROOMS = ("helpdesk.filters", "helpdesk.commands", "helpdesk.guards", "helpdesk.jobs")


def command(*, json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False) -> None:
    """Print every mistake, or that there is none; exit 1 when there is one."""
    from helpdesk import console

    config, problems = _look()
    if json:
        console.json_out({"ok": not problems, "problems": [_jsonable(problem) for problem in problems]})
    else:
        _print(config, problems)
    if problems:
        raise typer.Exit(EXIT_FAILED)


def _look() -> tuple[Config | None, tuple[Problem, ...]]:
    from helpdesk.config import load
    from helpdesk.errors import ConfigError

    try:
        config = load(Context.site, os.environ)
    except ConfigError as error:
        return None, error.problems
    return config, (*_references(config), *_rooms(config), *_templates(config))


def _references(config: Config) -> list[Problem]:
    """Passwords that cannot be had, and certificate files that are not there."""
    from helpdesk.errors import Problem

    found = list(config.secret_problems())
    for key, server in config.servers.items():
        if server.ca_file and not (config.site / server.ca_file).is_file():
            file, line = config.place(f"{key}.ca_file")
            message, mend = (
                f"there is no file {config.site / server.ca_file}.",
                "Name a PEM file, relative to the site.",
            )
            found.append(Problem(file=file, key=f"{key}.ca_file", line=line, message=message, mend=mend))
    return found


def _rooms(config: Config) -> list[Problem]:
    from helpdesk import plugins

    modules = [module for room in ROOMS for module in plugins.find(room).values() if hasattr(module, "problems")]
    return [problem for module in modules for problem in module.problems(config)]


def _templates(config: Config) -> list[Problem]:
    from helpdesk import app

    return app.templates(config).check()


def _print(config: Config | None, problems: tuple[Problem, ...]) -> None:
    from helpdesk import app, console

    for problem in problems:
        console.say(str(problem))
    if config is None or problems:
        console.fail(f"{len(problems)} mistake{'' if len(problems) == 1 else 's'} to mend.")
        return
    templates = app.templates(config)
    for key, server in config.servers.items():
        if server.insecure:
            console.warn(f"Note: {key} is insecure; passwords and mail travel readable.")
    counts = (
        (len(config.mailboxes), "mailbox", "mailboxes"),
        (len(config.departments), "department", "departments"),
        (len(config.staff), "staff member", "staff members"),
        (len(templates.names()), "template", "templates"),
        (len(templates.languages()), "language", "languages"),
    )
    console.say(f"In order: {', '.join(f'{count} {one if count == 1 else more}' for count, one, more in counts)}.")


def _jsonable(problem: Problem) -> dict[str, object]:
    file = None if problem.file is None else str(problem.file)
    return {
        "file": file,
        "key": problem.key,
        "line": problem.line,
        "message": problem.message,
        "mend": problem.mend,
    }
