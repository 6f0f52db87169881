"""What the reading of the configuration alone does not show: passwords, certificates, rooms, languages, templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from helpdesk import plugins
from helpdesk.errors import ConfigError, Problem

if TYPE_CHECKING:
    from pathlib import Path

    from helpdesk.compose.render import Templates
    from helpdesk.config import Config

# Rooms whose files may have a `problems(config)` of their own.
ROOMS = ("helpdesk.filters", "helpdesk.commands", "helpdesk.guards", "helpdesk.jobs")
REF = "ref"  # the name of the ticket's number in templates
TAG = "[{{ ref }}]"  # how it stands in the subject of a letter


def find(config: Config, *, sending: bool = True) -> tuple[Problem, ...]:
    """Every mistake and note; without ``sending`` the password for the way out is not missed."""
    from helpdesk import app

    templates = app.templates(config)
    return (
        *config.secret_problems(sending=sending),
        *_certificates(config),
        *_rooms(config),
        *_languages(config, templates),
        *_templates(templates),
        *_untagged(config.site / "templates"),
    )


def refuse(config: Config, *, sending: bool = True) -> None:
    """Raises ConfigError with every mistake, in the same sentences as `helpdesk check`; notes are none."""
    if found := tuple(problem for problem in find(config, sending=sending) if not problem.note):
        raise ConfigError(found)


def no_letters(language: str, known: tuple[str, ...]) -> tuple[str, str]:
    """What is wrong with a language that nothing is written in, and how to mend it."""
    return (
        f'there are no letters in "{language}".',
        f"There are: {', '.join(known)}; letters of your own go into templates/{language}/.",
    )


def _certificates(config: Config) -> Iterator[Problem]:
    for key, server in config.servers.items():
        if server.ca_file and not (config.site / server.ca_file).is_file():
            message = f"there is no file {config.site / server.ca_file}."
            yield _at(config, f"{key}.ca_file", message, "Name a PEM file, relative to the site.")


def _rooms(config: Config) -> list[Problem]:
    modules = [module for room in ROOMS for module in plugins.find(room).values() if hasattr(module, "problems")]
    return [problem for module in modules for problem in module.problems(config)]


def _languages(config: Config, templates: Templates) -> Iterator[Problem]:
    tables = {"company": config.company.language}
    tables |= {f"mailboxes.{name}": box.language for name, box in config.mailboxes.items() if box.language}
    tables |= {f"staff.{key}": person.language for key, person in config.staff.items() if person.language}
    for table, language in tables.items():
        if not templates.writes(language):
            yield _at(config, f"{table}.language", *no_letters(language, templates.languages()))


def _templates(templates: Templates) -> Iterator[Problem]:
    """Mistakes, and a note for each language in which something is missing: another language stands in for it."""
    missing: dict[Path, set[str]] = {}
    for problem in templates.check():
        if problem.file is not None and not problem.file.exists():
            missing.setdefault(problem.file.parent, set()).add(problem.file.name)
        else:
            yield problem
    for folder, names in missing.items():
        message = f"not here, and sent in another language: {', '.join(sorted(names))}."
        yield Problem(file=folder, key=folder.name, line=None, message=message, mend="", note=True)


def _untagged(folder: Path) -> Iterator[Problem]:
    """Subjects of the site's own without the ticket's number, where the shipped ones have it."""
    shipped = plugins.data("templates") / "en"
    for path in sorted(folder.glob("*/*.j2")):
        model = shipped / path.name
        subject = _subject(path)
        if model.is_file() and TAG in _subject(model) and subject.startswith("Subject:") and REF not in subject:
            message = f"the subject has no {TAG}: an answer is known by it when a program loses everything else."
            mend = "Write it at the end of the first line."
            key = f"{path.parent.name}/{path.stem}"
            yield Problem(file=path, key=key, line=1, message=message, mend=mend, note=True)


def _subject(path: Path) -> str:
    # Letters that are no UTF-8 are a mistake that is told when the template is tried.
    return path.read_text(encoding="utf-8", errors="replace").partition("\n")[0]


def _at(config: Config, key: str, message: str, mend: str) -> Problem:
    file, line = config.place(key)
    return Problem(file=file, key=key, line=line, message=message, mend=mend)
