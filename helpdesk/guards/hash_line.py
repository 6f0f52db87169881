"""Holds an answer in which a line begins like a command that there is not: it may have been meant for colleagues."""

from __future__ import annotations

import re

from helpdesk.desk import command_lines
from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome

_SLASH = re.compile(r"\s*/(?=[^\W\d_])\w{2,40}(?![\w/])")


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """What the reader of commands takes for one, or ``/word``; ``#1234`` and ``/etc/hosts`` are none."""
    for line in draft.text.splitlines():
        if command_lines.read(line, placed=False) or _SLASH.match(line):
            return Finding(filter="hash_line", outcome=Outcome.HOLD, reason=line.strip()[:40])
    return None
