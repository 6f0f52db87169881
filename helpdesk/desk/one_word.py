"""The words by which an author decides about an answer that waits; they are for us, never for a customer."""

from __future__ import annotations

LINE = "one_word"  # begins what its author is told of a held letter that is nothing else; the guard's name
SIGNED = 6  # words below that are no more than a greeting and a name

SEND = ("send", "#send")
CANCEL = ("cancel", "drop", "#cancel", "#drop")
ALL = frozenset({*SEND, *CANCEL})


def said(text: str) -> str:
    """The first line without the signs around it, in lower case; a signature may stand below."""
    return text.strip().partition("\n")[0].strip(" \t.,:;!*_\"'„”“»«").lower()


def only(text: str) -> bool:
    """Whether the mail is such a word and nothing that could be meant for a customer."""
    below = text.strip().partition("\n")[2]
    return said(text) in ALL and len(below.split()) <= SIGNED
