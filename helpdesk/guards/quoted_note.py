"""Holds an answer that contains the words of an internal note."""

from __future__ import annotations

import re

from helpdesk.desk.drafts import Draft, DraftFacts
from helpdesk.desk.verdict import Finding, Outcome

WORDS_IN_A_ROW = 6  # fewer may stand in a note and in an answer by chance
SHORTEST_NOTE = 3  # words; a note of "call him" proves nothing when it stands in an answer

_VERB = re.compile(r"^[ \t]*#(?:note|internal)\b", re.IGNORECASE | re.MULTILINE)
_OTHER_COMMAND = re.compile(r"^[ \t]*#[^\W\d_]\w*.*$", re.MULTILINE)


def check(draft: Draft, facts: DraftFacts) -> Finding | None:
    """Six words in a row, or a whole shorter note of at least three words, whatever stands between the words."""
    answer = _words(draft.text)
    if any(_shared(_words(said), answer) for note in facts.notes for said in _said(note)):
        reason = "it contains words of an internal note"
        return Finding(filter="quoted_note", outcome=Outcome.HOLD, reason=reason)
    return None


def _said(note: str) -> tuple[str, str]:
    """A note as it came, and without its command lines: the verb is no word of a short note."""
    return note, _OTHER_COMMAND.sub("", _VERB.sub("", note))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _shared(note: list[str], answer: list[str]) -> bool:
    length = min(len(note), WORDS_IN_A_ROW)
    return length >= SHORTEST_NOTE and not _runs(note, length).isdisjoint(_runs(answer, length))


def _runs(words: list[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}
