"""Holds an answer in which nothing is left once quotes and signature are cut."""

from __future__ import annotations

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """An answer without a single letter or digit, and without an attachment."""
    if draft.attachments or any(sign.isalnum() for sign in draft.text):
        return None
    return Finding(filter="empty", outcome=Outcome.HOLD, reason="there are no words of yours in it")
