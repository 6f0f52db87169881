"""Commands in sentences, as they are typed here: with the program's own name, and with ``--site`` if it was given."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

# Every room writes `helpdesk COMMAND` and need not know how it was started; it stands in backticks, after a colon, or
# at the beginning of a line.
_COMMAND = re.compile(r"(?:(?<=`)|(?<=: )|(?<=^)|(?<=^ {2}))helpdesk (?=([a-z]+)\b)", re.MULTILINE)
OF_NO_SITE = frozenset({"init", "demo"})  # they name a folder of their own


class Given:
    """What stood before the command."""

    site: Path | None = None
    """``--site``; None where the environment or the current folder says it, as they will say it again."""


def typeable(text: str) -> str:
    """The same text, its commands so that they can be typed as they stand."""
    from helpdesk import console, plugins

    known = plugins.find("helpdesk.cli")

    def typed(found: re.Match[str]) -> str:
        command = found[1]
        if command not in known:
            return found[0]
        site = "" if Given.site is None or command in OF_NO_SITE else f"--site {shlex.quote(str(Given.site))} "
        return f"{console.typed()} {site}"

    return _COMMAND.sub(typed, text)
