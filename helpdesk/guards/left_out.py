"""Holds an answer of which only a part would be sent, because the rest stands between or below quoted lines."""

from __future__ import annotations

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome

LETTERS = 2  # fewer are a smile or a stray sign, not words


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """Quoted lines are cut, since they hold our letter to staff; so an answer belongs above them."""
    if sum(sign.isalnum() for sign in draft.left_out) < LETTERS:
        return None
    reason = "words of yours between or below the quoted lines would not be sent"
    return Finding(filter="left_out", outcome=Outcome.HOLD, reason=reason)
