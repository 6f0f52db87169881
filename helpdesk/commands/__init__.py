"""WHAT DO STAFF ASK? One file a command; a command is a line ``#verb words`` at the top or after a blank line."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from types import ModuleType

from helpdesk import plugins
from helpdesk.config import Config
from helpdesk.desk import command_lines, one_word
from helpdesk.desk.asked import Asked
from helpdesk.desk.command_lines import Line
from helpdesk.desk.identity import Sender
from helpdesk.desk.ticket import TicketView

COMMANDS_A_MAIL = 20  # more than any person types; a mail with more is refused as a whole
LIKENESS = 0.75  # of a word to a command's name (difflib): one wrong letter in five; below it, it is a hashtag


def verbs() -> Mapping[str, ModuleType]:
    """Every name by which a command can be called, and the file that obeys it."""
    found = plugins.find(__name__)
    return {alias: module for name, module in found.items() for alias in (name, *module.ALIASES)}


def read(text: str, *, ticket: TicketView, sender: Sender, config: Config) -> Asked:
    """Obey the commands in the new words of a staff member's mail; all of them, or none at all.

    At the top every line that begins like a command is one; further down only what is a command or nearly one: there
    a hashtag may be meant for the customer. Such a line under a line of words was meant as a command as well, but
    where the words for colleagues begin is anybody's guess: it is refused, never sent.
    """
    lines, kept, at_top, after_blank = text.splitlines(), [], True, True
    found: list[Line] = []
    known = verbs()
    for number, line in enumerate(lines):
        if command_lines.SIGNATURE.fullmatch(line):
            # A signature under nothing but commands is no answer.
            kept += [] if at_top else lines[number:]
            break
        command = command_lines.read(line, placed=after_blank)
        if command and ((at_top and command.plain) or _meant(command.verb, known)):
            found.append(command)
            continue
        kept.append(line)
        after_blank = not line.strip()
        at_top = at_top and after_blank
    words = "\n".join(kept).strip()
    return _obey(found, ticket, sender, config, known) + Asked(text=words)


def _meant(verb: str, known: Mapping[str, ModuleType]) -> bool:
    return verb in known or verb in one_word.ALL or _near(verb, known) is not None


def _obey(
    found: list[Line], ticket: TicketView, sender: Sender, config: Config, known: Mapping[str, ModuleType]
) -> Asked:
    if len(found) > COMMANDS_A_MAIL:
        return Asked(refused=True, answers=(f"too_many_commands: {len(found)}",))
    total = Asked()
    refusals: tuple[str, ...] = ()
    for line in found:
        module = known.get(line.verb)
        asked = _refused(line, known) if line.trouble or not module else module.ask(line.words, ticket, sender, config)
        refusals += asked.answers if asked.refused else ()
        total += asked
    return Asked(refused=True, answers=refusals) if total.refused else total


def _refused(line: Line, known: Mapping[str, ModuleType]) -> Asked:
    """What is wrong with a line: how it is written, where it stands, or that there is no such command."""
    verb = f"#{line.verb[:40]}"
    near = _near(line.verb, known)
    if line.verb in known and line.trouble:
        answer = f"{line.trouble}: {verb}"
    else:
        answer = f"unknown_command_near: {verb} #{near}" if near else f"unknown_command: {verb}"
    return Asked(refused=True, answers=(answer,))


def _near(verb: str, known: Mapping[str, ModuleType]) -> str | None:
    seen = command_lines.as_seen(verb[:40])
    return next(iter(difflib.get_close_matches(seen, known, n=1, cutoff=LIKENESS)), None)
