"""Holds an answer that is nothing but a word about a letter that waits, such as ``send``; it was meant for us."""

from __future__ import annotations

from helpdesk.desk import one_word
from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """``send`` or ``cancel`` in the first line, as a reply to another letter than the one that asked for it."""
    if not one_word.only(draft.text):
        return None
    reason = "it is only a word about a letter that waits"
    return Finding(filter=one_word.LINE, outcome=Outcome.HOLD, reason=reason)
