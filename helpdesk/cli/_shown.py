"""What the lists of mails and letters have in common: one of them with its words, and what a person did with it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from helpdesk.store.queues import LetterView, Quarantined


def show(what: str, view: LetterView | Quarantined, raw: bytes, about: Iterable[str], *, json: bool) -> None:
    """One mail or letter (``what``) with all that is known ``about`` it, a line each, and its words."""
    from dataclasses import asdict

    from helpdesk import console

    text = _words(raw)
    if json:
        console.json_out({**asdict(view), "text": text})
        return
    console.heading(f"{what} {view.id}: {view.subject or '(no subject)'}")
    for line in about:
        console.say(line)
    console.say(f"\n{text}")


def done(what: str, number: int, act: str, words: str, *, json: bool) -> None:
    """A person has done something (``act``) with a mail or letter."""
    from helpdesk import console

    if json:
        console.json_out({what: number, "done": act})
    else:
        console.say(f"{what.capitalize()} {number} {words}.")


def person() -> str:
    """Who types, as it stands in histories and reasons."""
    return f"shell:{os.environ.get('USER', 'root')}"


def _words(raw: bytes) -> str:
    from helpdesk.errors import MailError
    from helpdesk.mail.parse import parse

    try:
        return parse(raw).full_text
    except MailError as error:
        return f"({error})"
