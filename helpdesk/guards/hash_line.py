"""Holds an answer in which a line begins like a command that there is not: it may have been meant for colleagues."""

from __future__ import annotations

import re

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome

_HASH = re.compile(r"^\s{0,3}[#/](?=[^\W\d_])\w{2,40}(?![\w/])", re.MULTILINE)


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """``#word`` or ``/word`` at the beginning of a line; ``#1234`` and ``/etc/hosts`` are none."""
    found = _HASH.search(draft.text)
    return Finding(filter="hash_line", outcome=Outcome.HOLD, reason=found[0].strip()) if found else None
