"""What is wrong with the templates of a site, found before a customer finds it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from helpdesk.compose import phrases
from helpdesk.compose.values import samples
from helpdesk.errors import Problem, TemplateError

COMPLETE = "en"  # the language that the others are compared with
LAYOUT = "layout.html.j2"  # of the HTML of all letters


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """What went wrong with one template, how to mend it, and the line where that is known."""

    message: str
    mend: str
    line: int | None = None


class Checked(Protocol):
    """As much of the templates as is needed to try them."""

    folders: tuple[Path, ...]

    def languages(self) -> tuple[str, ...]:
        """The languages that there are."""
        ...

    def names(self) -> tuple[str, ...]:
        """The letters that there are."""
        ...

    def tried(self, kind: str, language: str, values: dict[str, object]) -> Fault | None:
        """What goes wrong when it is rendered."""
        ...

    def tried_layout(self) -> Fault | None:
        """What goes wrong when the HTML is made."""
        ...


def problems(templates: Checked) -> Iterator[Problem]:
    """Mistyped file names, what is missing in a language, and what cannot be rendered."""
    yield from _strays(templates)
    if (fault := templates.tried_layout()) is not None:
        yield _problem(templates, LAYOUT, "", fault)
    for language in templates.languages():
        there = {path.stem for folder in templates.folders for path in folder.glob(f"{language}/*.j2")}
        yield from _gaps(templates, language, there)
        yield from _sentences(templates, language)
        # What stands in for a missing letter is tried in its own language.
        for name in templates.names():
            if name in there:
                yield from _faults(templates, name, language)


def _strays(templates: Checked) -> Iterator[Problem]:
    """Files that no letter is named after would never be used."""
    names = templates.names()
    for path in sorted(path for folder in templates.folders for path in folder.glob("*/*.j2")):
        if path.stem in names or path.stem.startswith("_"):
            continue
        near = difflib.get_close_matches(path.stem, names, n=1)
        mend = f"Did you mean {near[0]}.j2?" if near else f"There are: {', '.join(names)}."
        yield Problem(file=path, key=path.stem, line=None, message="no letter has this name.", mend=mend)


def _gaps(templates: Checked, language: str, there: set[str]) -> Iterator[Problem]:
    """Notes: nothing is wrong with a language of one's own that has some letters only."""
    for name in templates.names():
        if name not in there:
            mend = "Add it; until then the letter goes out in another language."
            fault = Fault(message="the template is missing.", mend=mend)
            yield _problem(templates, f"{name}.j2", language, fault, note=True)


def _sentences(templates: Checked, language: str) -> Iterator[Problem]:
    try:
        there = set(_codes(templates, language))
    except TemplateError as error:
        yield _problem(templates, phrases.FILE, language, Fault(message=f"{error}.", mend="Correct the line."))
        return
    missing = sorted(_complete(templates) - there)
    if missing:
        message = f"sentences are missing: {', '.join(missing)}."
        fault = Fault(message=message, mend="Add them; until then they are written in another language.")
        yield _problem(templates, phrases.FILE, language, fault, note=True)


def _complete(templates: Checked) -> set[str]:
    """All sentences that there are; none while the file of the whole set cannot be read, which is said for itself."""
    try:
        return set(_codes(templates, COMPLETE))
    except TemplateError:
        return set()


def _codes(templates: Checked, language: str) -> Iterator[str]:
    for folder in templates.folders:
        yield from phrases.read(folder / language / phrases.FILE)


def _faults(templates: Checked, name: str, language: str) -> Iterator[Problem]:
    """With everything and with little; one fault of a template is enough to say."""
    tried = (templates.tried(name, language, dict(values)) for values in samples())
    fault = next((found for found in tried if found is not None), None)
    if fault is not None:
        yield _problem(templates, f"{name}.j2", language, fault)


def _problem(templates: Checked, file_name: str, language: str, fault: Fault, *, note: bool = False) -> Problem:
    paths = [folder / language / file_name for folder in templates.folders]
    beside = [path for path in paths if path.parent.is_dir()]
    file = next((path for path in paths if path.exists()), (beside or paths)[0])
    key = f"{language}/{file_name.partition('.')[0]}".lstrip("/")
    return Problem(file=file, key=key, line=fault.line, message=fault.message, mend=fault.mend, note=note)
