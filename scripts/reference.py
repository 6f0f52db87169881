"""Writes docs/reference/ out of the code, so that it cannot say anything else: `make docs`; a test compares them."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperArgument, TyperGroup, TyperOption

from helpdesk import commands, filters, guards, jobs, plugins
from helpdesk.cli import _exits as _exit_codes
from helpdesk.cli import assembled
from helpdesk.compose import values
from helpdesk.config import keys
from helpdesk.desk import changes

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
MADE = "<!-- Made by `make docs` out of the code; a test fails when it differs. -->\n"
KINDS = {"integer": "NUMBER", "float": "NUMBER", "int": "NUMBER"}


def pages() -> dict[str, str]:
    """Every page by its file name."""
    made = {
        "configuration.md": _configuration(),
        "commands.md": _shell(),
        "exit-codes.md": _exits(),
        "staff-commands.md": _room(
            "Commands of staff", commands, "A line `#verb words` at the top of a reply, or after a blank line in it."
        ),
        "filters.md": _room(
            "Filters", filters, "Each looks at every incoming mail; the strictest outcome wins, every reason is kept."
        ),
        "guards.md": _room(
            "Guards",
            guards,
            "Each looks at every answer to a customer; what one holds, its author releases by answering `send`.",
        ),
        "jobs.md": _room("Jobs", jobs, "What the daemon does by the clock."),
        "templates.md": _templates(),
    }
    return {name: f"{MADE}\n{text.strip()}\n" for name, text in made.items()}


def _configuration() -> str:
    lines = [
        "# Configuration",
        "",
        "`helpdesk.toml` and the files in `config/` beside it. `NAME` stands for a word of your own. Any key can be",
        "overridden by an environment variable: `HELPDESK_SMTP__HOST` is `host` in `[smtp]`.",
        "`helpdesk check` finds mistakes, `helpdesk config show` prints what is in force and where it came from.",
    ]
    known = list(keys.known())
    for (file, table), found in groupby(known, key=lambda each: (each.file, each.key.rpartition(".")[0])):
        lines += ["", f"## `[{table}]` in {file}", "", "| key | holds | default | |", "|---|---|---|---|"]
        lines += [_key(each) for each in found]
    return "\n".join(lines)


def _key(known: keys.Known) -> str:
    name = known.key.rpartition(".")[2]
    if known.required:
        default = "must be written"
    else:
        default = known.field.get_default(call_default_factory=True)
        default = "–" if default in (None, ()) else f"`{_toml(default)}`"
    return f"| `{name}` | {known.kind} | {default} | {_cell(known.field.description or '')} |"


def _toml(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _shell() -> str:
    lines = [
        "# The shell",
        "",
        "`helpdesk [--site DIR] COMMAND`; without `--site` (or `HELPDESK_SITE`) the site is the current folder.",
        "A mistake is one sentence and an exit code other than 0: 1 when something is wrong, 2 when what was typed is",
        "([all of them](exit-codes.md)).",
    ]
    root = typer.main.get_command(assembled())
    assert isinstance(root, TyperGroup)
    for name, command in sorted(root.commands.items()):
        lines += ["", f"## helpdesk {name}", "", _sentence(command)]
        if isinstance(command, TyperGroup):
            for inner, leaf in command.commands.items():
                lines += ["", f"### helpdesk {name} {inner}", "", _sentence(leaf), *_parameters(leaf)]
        else:
            lines += _parameters(command)
    return "\n".join(lines)


def _exits() -> str:
    lines = [
        "# Exit codes",
        "",
        "What the number says that a command ends with, for scripts and monitoring (`helpdesk status || alarm`).",
        "",
        "| code | means |",
        "|---|---|",
        *(f"| {int(code)} | {_cell(words)} |" for code, words in _exit_codes.MEANINGS.items()),
        "",
        "These commands look for something wrong, or try something out; they end with 1 also when",
        "",
        "| command | |",
        "|---|---|",
    ]
    found = {name: module.FAILS for name, module in plugins.find("helpdesk.cli").items() if hasattr(module, "FAILS")}
    return "\n".join([*lines, *(f"| `helpdesk {name}` | {_cell(words)} |" for name, words in found.items())])


def _sentence(command: Any) -> str:
    return " ".join((command.help or "").split("\n\n")[0].split())


def _parameters(command: Any) -> Iterator[str]:
    shown = [each for each in command.params if each.name != "help"]
    if shown:
        yield ""
    for each in shown:
        if isinstance(each, TyperOption):
            word = "" if each.is_flag else f" {each.metavar or KINDS.get(each.bare_type(), 'TEXT')}"
            names = "/".join((*each.opts[:1], *each.secondary_opts[:1]))
            yield f"- `{names}{word}`: {_cell(each.help or '')}"
        elif isinstance(each, TyperArgument):
            yield f"- `{(each.metavar or each.name or '').upper()}`: {_cell(each.help or '')}"


def _room(title: str, room: Any, words: str) -> str:
    lines = [f"# {title}", "", words, "", "| name | |", "|---|---|"]
    for name, module in plugins.find(room.__name__).items():
        aliases = ", ".join(f"`#{alias}`" for alias in getattr(module, "ALIASES", ()))
        more = f" Also {aliases}." if aliases else ""
        every = getattr(module, "EVERY", None)
        more += f" Every {_span(every.total_seconds())}." if every is not None else ""
        more += f" {_usage(module)}" if hasattr(module, "ask") else ""
        lines.append(f"| `{'#' if hasattr(module, 'ask') else ''}{name}` | {_cell(plugins.sentence(module) + more)} |")
    return "\n".join(lines)


def _usage(module: Any) -> str:
    return (inspect.getdoc(module.ask) or "").replace("``", "`")


def _span(seconds: float) -> str:
    minutes = seconds / 60
    return "minute" if minutes == 1 else f"{minutes:g} minutes"


def _templates() -> str:
    lines = [
        "# Templates",
        "",
        "A letter is a file `templates/LANGUAGE/NAME.j2`: first the line `Subject: ...`, then a blank line, then the",
        "text; the HTML is made from it by `templates/layout.html.j2`. A file in the folder `templates/` of your site",
        "beats the shipped one. `lines.txt` in each language holds the sentences for what happened. `helpdesk check`",
        "renders every template with much and with little.",
        "",
        "| letter | to |",
        "|---|---|",
    ]
    lines += [f"| `{kind.value}` | {'customer' if kind.to_customer else 'staff'} |" for kind in changes.NoticeKind]
    lines += ["", "Names that a template may use:", "", "| name | |", "|---|---|"]
    lines += [f"| `{name}` | {_cell(words)} |" for name, words in _value_words()]
    return "\n".join(lines)


def _value_words() -> Iterator[tuple[str, str]]:
    """The names in `Values` with the docstrings under them."""
    tree = ast.parse(inspect.getsource(values.Values))
    (made,) = tree.body
    assert isinstance(made, ast.ClassDef)
    for field, words in zip(made.body, made.body[1:], strict=False):
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name) and isinstance(words, ast.Expr):
            yield field.target.id, str(ast.literal_eval(words.value))


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(pages())} pages written to {FOLDER}\n")


if __name__ == "__main__":
    main()
