"""Holds an answer that sounds like the automatic reply of a colleague who is away; not every one says what it is."""

from __future__ import annotations

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome
from helpdesk.mail import away


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """A sentence near the beginning that such programs write, in any of their languages."""
    said = away.template(draft.text) or away.sentence(draft.text)
    if said is None:
        return None
    return Finding(filter="out_of_office", outcome=Outcome.HOLD, reason=said)
