"""Holds an answer that contains the words of an internal note."""

from __future__ import annotations

import re

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome

WORDS_IN_A_ROW = 6  # fewer may stand in a note and in an answer by chance


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """Six words in a row, or a whole shorter note of at least three words, whatever stands between the words."""
    words = _words(draft.text)
    answer = f" {' '.join(words)} "
    for note in facts.notes:
        if any(f" {' '.join(run)} " in answer for run in _runs(_words(note))):
            reason = "it contains words of an internal note"
            return Finding(filter="quoted_note", outcome=Outcome.HOLD, reason=reason)
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _runs(words: list[str]) -> list[list[str]]:
    if len(words) < 3:
        return []
    length = min(len(words), WORDS_IN_A_ROW)
    return [words[start : start + length] for start in range(len(words) - length + 1)]
