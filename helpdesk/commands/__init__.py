"""WHAT DO STAFF ASK? One file a command; a command is a line ``#verb words`` at the top or after a blank line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType

from helpdesk import plugins
from helpdesk.config import Config
from helpdesk.desk.asked import Asked
from helpdesk.desk.identity import Sender
from helpdesk.desk.ticket import TicketView

COMMANDS_A_MAIL = 20  # more than any person types; a mail with more is refused as a whole
LIKENESS = 0.75  # of a word to a command's name (difflib): one wrong letter in five; below it, it is a hashtag
# Any letters, so that a verb with a look-alike letter of another script is refused instead of sent to the customer.
_COMMAND = re.compile(r"#([^\W\d_]\w*)(?:[ \t]+(.*))?")
_SIGNATURE = re.compile(r"--\s?")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """A line that begins like a command: its verb in lower case, and the words behind it."""

    verb: str
    words: str
    disguised: bool
    """Characters that nobody sees stand in it; it is never obeyed."""


def verbs() -> Mapping[str, ModuleType]:
    """Every name by which a command can be called, and the file that obeys it."""
    found = plugins.find(__name__)
    return {alias: module for name, module in found.items() for alias in (name, *module.ALIASES)}


def read(text: str, *, ticket: TicketView, sender: Sender, config: Config) -> Asked:
    """Obey the commands in the new words of a staff member's mail; all of them, or none at all.

    At the top every line that begins like a command is one; further down, after a blank line, only what is a command
    or nearly one: there a hashtag may be meant for the customer.
    """
    lines, kept, at_top, after_blank = text.splitlines(), [], True, True
    found: list[Line] = []
    known = verbs()
    for number, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line):
            # A signature under nothing but commands is no answer.
            kept += [] if at_top else lines[number:]
            break
        command = _line(line)
        if command and (at_top or (after_blank and (command.verb in known or _near(command.verb, known)))):
            found.append(command)
            continue
        kept.append(line)
        after_blank = not line.strip()
        at_top = at_top and after_blank
    words = "\n".join(kept).strip()
    return _obey(found, ticket, sender, config, known) + Asked(text=words)


def _line(line: str) -> Line | None:
    shown = _INVISIBLE.sub("", line).strip()
    found = _COMMAND.fullmatch(shown)
    if found is None:
        return None
    return Line(verb=found[1].lower(), words=(found[2] or "").strip(), disguised=shown != line.strip())


def _obey(
    found: list[Line], ticket: TicketView, sender: Sender, config: Config, known: Mapping[str, ModuleType]
) -> Asked:
    if len(found) > COMMANDS_A_MAIL:
        return Asked(refused=True, answers=(f"too_many_commands: {len(found)}",))
    total = Asked()
    for line in found:
        module = known.get(line.verb) if not line.disguised else None
        total += module.ask(line.words, ticket, sender, config) if module else _unknown(line.verb, known)
    if total.refused:
        refusals = tuple(answer for answer in total.answers if answer.startswith(("unknown_", "not_")))
        return Asked(refused=True, answers=refusals)
    return total


def _unknown(verb: str, known: Mapping[str, ModuleType]) -> Asked:
    near = _near(verb, known)
    hint = f"unknown_command_near: #{verb[:40]} #{near}" if near else f"unknown_command: #{verb[:40]}"
    return Asked(refused=True, answers=(hint,))


def _near(verb: str, known: Mapping[str, ModuleType]) -> str | None:
    return next(iter(difflib.get_close_matches(verb[:40], known, n=1, cutoff=LIKENESS)), None)
