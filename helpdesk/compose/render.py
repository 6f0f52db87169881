"""The only door to jinja2: a template's file holds subject and text; the HTML is made from the text by one layout."""

from __future__ import annotations

from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import StrictUndefined, Template
from jinja2 import TemplateError as JinjaError
from jinja2.exceptions import TemplatesNotFound, UndefinedError
from jinja2.loaders import ChoiceLoader, FileSystemLoader
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from helpdesk.compose import checks, html, phrases
from helpdesk.compose.checks import LAYOUT
from helpdesk.compose.values import NAMES
from helpdesk.errors import Problem, TemplateError

LAST_LANGUAGE = "en"  # every letter is there in English
SUBJECT = "Subject:"
# Letters in which only words of our own people stand; elsewhere there is nothing to click.
LINKED = frozenset({"answer", "acknowledgement", "neutral_acknowledgement", "closing"})
# Who reads one of these reads Bosnian (Latin script) without effort; English would be further away.
RELATED = {"hr": "bs", "sr": "bs", "sh": "bs"}
# What a template written by an administrator may run into.
_FAILURES = (JinjaError, ArithmeticError, AttributeError, LookupError, OSError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """A rendered letter."""

    subject: str
    text: str
    html: str


class _Environment(ImmutableSandboxedEnvironment):
    """Whose templates find the names of jinja2 itself in one dict: they are gone through for every rendering."""

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The names that every template knows, and more of them for this one."""
        return {**self.globals, **(d or {})}


class Templates:
    """The shipped templates, and a site's own which come first; compiled once, safe to use from several threads."""

    def __init__(self, folder: Path, site_folder: Path | None = None, *, default: str = LAST_LANGUAGE) -> None:
        self.folders = tuple(path for path in (site_folder, folder) if path is not None and path.is_dir())
        self._default = default
        self._environment = _Environment(
            loader=ChoiceLoader([FileSystemLoader(path) for path in self.folders]),
            undefined=StrictUndefined,
            autoescape=lambda name: name == LAYOUT,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self._environment.filters["quote"] = quoted
        self._compiled: dict[tuple[str, str], Template] = {}
        self._phrases: dict[str, dict[str, str]] = {}
        self._written = frozenset(self.languages())

    def languages(self) -> tuple[str, ...]:
        """The languages that there is at least one template in, in alphabetical order."""
        return tuple(sorted({path.parent.name for folder in self.folders for path in folder.glob("*/*.j2")}))

    def writes(self, language: str) -> bool:
        """Whether there are letters in the language, or in one that its readers understand without effort."""
        code = language.lower()[:2]
        return bool({code, RELATED.get(code, code)} & self._written)

    def names(self) -> tuple[str, ...]:
        """The kinds of letters that there are: what is there in English in the last folder, the shipped one."""
        found = (path.stem for path in self.folders[-1].glob(f"{LAST_LANGUAGE}/*.j2")) if self.folders else ()
        return tuple(sorted(name for name in found if not name.startswith("_")))

    def render(self, kind: str, language: str, **values: object) -> Text:
        """Subject, text and HTML of a letter. Raises TemplateError when there is no such template or it fails."""
        try:
            whole = self._template(kind, language).render(values)
            head, _, text = whole.partition("\n")
            subject, text = " ".join(head.removeprefix(SUBJECT).split()), text.strip("\n")
            page = self._page(language, subject, html.body(text, links=kind in LINKED))
        except _FAILURES as error:
            message = f"template {language}/{kind}: {_reason(error)}"
            raise TemplateError(message) from error
        return Text(subject=subject, text=text, html=page)

    def phrase(self, line: str, language: str) -> str:
        """A line of a notice (``code`` or ``code: value``) as a sentence in the language."""
        return phrases.phrase(self._sentences(language), line)

    def check(self) -> list[Problem]:
        """Everything that is wrong with any template in any language; each is rendered, with much and with little."""
        return list(checks.problems(self))

    def tried(self, kind: str, language: str, values: dict[str, object]) -> checks.Fault | None:
        """What goes wrong when the letter is rendered with these values; None when nothing does."""
        try:
            whole = self._template(kind, language).render(values)
        except _FAILURES as error:
            mend = (
                f"Names that can be used: {', '.join(NAMES)}." if isinstance(error, UndefinedError) else "Correct it."
            )
            return checks.Fault(message=f"{_reason(error)}.", mend=mend, line=_line(error))
        if not whole.startswith(SUBJECT) or not whole.partition("\n")[0].removeprefix(SUBJECT).strip():
            return checks.Fault(
                message="the first line is not `Subject: ...`.", mend="Begin with it, then a blank line.", line=1
            )
        return None

    def tried_layout(self) -> checks.Fault | None:
        """What goes wrong when a page is made by the layout; None when nothing does."""
        try:
            self._page(LAST_LANGUAGE, "Subject", "<p>Words</p>")
        except _FAILURES as error:
            mend = "Names that can be used: language, subject, body."
            return checks.Fault(message=f"{_reason(error)}.", mend=mend, line=_line(error))
        return None

    def _page(self, language: str, subject: str, body: str) -> str:
        inside = Markup(body)  # noqa: S704 - html.body has escaped everything that it was given
        return self._layout().render(language=language, subject=subject, body=inside)

    def _layout(self) -> Template:
        key = (LAYOUT, "")
        if key not in self._compiled:
            self._compiled[key] = self._environment.get_template(LAYOUT)
        return self._compiled[key]

    def _template(self, kind: str, language: str) -> Template:
        key = (kind, language)
        if key not in self._compiled:
            wanted = [f"{code}/{kind}.j2" for code in self._chain(language)]
            self._compiled[key] = self._environment.select_template(wanted)
        return self._compiled[key]

    def _chain(self, language: str) -> tuple[str, ...]:
        """Where a letter is looked for: the language, its nearest relative, the company's own, English."""
        code = language.lower()[:2]
        return tuple(dict.fromkeys((code, RELATED.get(code, code), self._default, LAST_LANGUAGE)))

    def _sentences(self, language: str) -> dict[str, str]:
        if language not in self._phrases:
            merged: dict[str, str] = {}
            for code in reversed(self._chain(language)):
                for folder in reversed(self.folders):
                    merged |= phrases.read(folder / code / phrases.FILE)
            self._phrases[language] = merged
        return self._phrases[language]


def quoted(words: str) -> str:
    """The filter ``quote``: each line behind ``> ``, so that nobody's words can be taken for ours."""
    return "\n".join([f"> {line}".rstrip() for line in words.split("\n")])


def _reason(error: BaseException) -> str:
    if isinstance(error, TemplatesNotFound):
        return "there is no such template in this language or in English"
    return (str(error) or type(error).__name__).rstrip(".")


def _line(error: BaseException) -> int | None:
    """The line of the template: a syntax error knows it, all else is found on the way that the error took."""
    line = getattr(error, "lineno", None)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.endswith(".j2"):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line if isinstance(line, int) else None
