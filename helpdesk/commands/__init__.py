"""WHAT DO STAFF ASK? One file a command; a command is a line ``#verb words`` at the top or after a blank line."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from types import ModuleType

from helpdesk import plugins
from helpdesk.config import Config
from helpdesk.desk.asked import Asked
from helpdesk.desk.identity import Sender
from helpdesk.desk.ticket import TicketView

COMMANDS_A_MAIL = 20  # more than any person types; a mail with more is refused as a whole
# Any letters, so that a verb with a look-alike letter of another script is refused instead of sent to the customer.
_COMMAND = re.compile(r"#([^\W\d_]\w*)(?:[ \t]+(.*))?")
_SIGNATURE = re.compile(r"--\s?")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufeff]")


def verbs() -> Mapping[str, ModuleType]:
    """Every name by which a command can be called, and the file that obeys it."""
    found = plugins.find(__name__)
    return {alias: module for name, module in found.items() for alias in (name, *module.ALIASES)}


def read(text: str, *, ticket: TicketView, sender: Sender, config: Config) -> Asked:
    """Obey the commands in the new words of a staff member's mail; all of them, or none at all."""
    lines, kept, at_top, after_blank = text.splitlines(), [], True, True
    found: list[tuple[str, str]] = []
    known = verbs()
    for number, line in enumerate(lines):
        if _SIGNATURE.fullmatch(line):
            kept += lines[number:]
            break
        command = _COMMAND.fullmatch(line.strip())
        if command and (at_top or (after_blank and command[1] in known)):
            found.append((command[1], (command[2] or "").strip()))
            continue
        kept.append(line)
        after_blank = not line.strip()
        at_top = at_top and after_blank
    words = "\n".join(kept).strip()
    return _obey(found, ticket, sender, config, known) + Asked(text=words)


def _obey(
    found: list[tuple[str, str]], ticket: TicketView, sender: Sender, config: Config, known: Mapping[str, ModuleType]
) -> Asked:
    if len(found) > COMMANDS_A_MAIL:
        return Asked(refused=True, answers=(f"too_many_commands: {len(found)}",))
    total = Asked()
    for verb, words in found:
        module = known.get(verb.lower())
        total += module.ask(words, ticket, sender, config) if module else _unknown(verb, known)
    if total.refused:
        refusals = tuple(answer for answer in total.answers if answer.startswith(("unknown_", "not_")))
        return Asked(refused=True, answers=refusals)
    return total


def _unknown(verb: str, known: Mapping[str, ModuleType]) -> Asked:
    plain = _INVISIBLE.sub("", verb).lower()[:40]
    near = difflib.get_close_matches(plain, known, n=1)
    hint = f"unknown_command_near: #{plain} #{near[0]}" if near else f"unknown_command: #{plain}"
    return Asked(refused=True, answers=(hint,))
