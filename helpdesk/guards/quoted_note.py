"""Holds an answer that contains the words of an internal note."""

from __future__ import annotations

import re

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome

WORDS_IN_A_ROW = 6  # fewer may stand in a note and in an answer by chance
SHORTEST_NOTE = 3  # words; a note of "call him" proves nothing when it stands in an answer


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """Six words in a row, or a whole shorter note of at least three words, whatever stands between the words."""
    answer = _words(draft.text)
    if any(_shared(_words(note), answer) for note in facts.notes):
        reason = "it contains words of an internal note"
        return Finding(filter="quoted_note", outcome=Outcome.HOLD, reason=reason)
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shared(note: list[str], answer: list[str]) -> bool:
    length = min(len(note), WORDS_IN_A_ROW)
    return length >= SHORTEST_NOTE and not _runs(note, length).isdisjoint(_runs(answer, length))


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
