"""What a scene of the story works with: it waits for letters in mailboxes and notes what came and what did not."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar

from helpdesk.demo.received import Received
from helpdesk.demo.stage import Stage
from helpdesk.errors import HelpdeskError

T = TypeVar("T")

DEADLINE_SECONDS = 15.0  # for one expectation; an ordinary machine needs one or two
_TAG = re.compile(r"\[HD-([0-9]+)\]")


@dataclass(frozen=True, kw_only=True)
class Result:
    """One thing that was expected, and whether it came; ``why`` says what is missing."""

    scene: str
    words: str
    met: bool
    seconds: float
    why: str = ""


class Audience(Protocol):
    """Whoever watches the play; called from the thread of the play."""

    def scene(self, title: str) -> None:
        """A new scene begins."""

    def result(self, result: Result) -> None:
        """Something expected came, or did not come in time."""

    def look(self, stage: Stage) -> None:
        """Time goes by: a chance to draw what there is."""


class Missed(HelpdeskError):
    """A mail that the story needs to go on is missing."""


class Scene:
    """The stage with a memory: letters that came are kept under a name for later scenes."""

    def __init__(self, stage: Stage, audience: Audience, *, deadline: float = DEADLINE_SECONDS) -> None:
        self.stage = stage
        self.results: list[Result] = []
        self._audience = audience
        self._deadline = deadline
        self._letters: dict[str, Received] = {}
        self._title = ""

    def begin(self, title: str) -> None:
        """A new scene."""
        self._title = title
        self._audience.scene(title)

    def pause(self, seconds: float) -> None:
        """Let the audience read."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._audience.look(self.stage)
            time.sleep(min(0.1, seconds))

    def now(self) -> datetime:
        """The daemon's clock, in the company's time zone."""
        return self.stage.app.now().astimezone()

    def letter(self, name: str, at: str, words: str, fits: Callable[[Received], bool]) -> Received:
        """Wait for a mail in the inbox of ``at``; raises Missed when it does not come."""
        found = self._until(words, lambda: self.stage.programs[at].find(fits))
        if found is None:
            raise Missed(words)
        self._letters[name] = found
        return found

    def kept(self, name: str) -> Received:
        """The letter that an earlier scene waited for."""
        if name not in self._letters:
            message = f"an earlier scene should have brought the letter '{name}'"
            raise Missed(message)
        return self._letters[name]

    def happens(self, words: str, look: Callable[[], bool]) -> None:
        """Wait until something is so; raises Missed when it does not become so."""
        if self._until(words, lambda: look() or None) is None:
            raise Missed(words)

    def is_so(self, words: str, wrong: str | None) -> None:
        """Something that must be so already; ``wrong`` says what is not."""
        self._note(words, seconds=0.0, why=wrong)

    def broken(self, error: HelpdeskError) -> None:
        """The scene could not be played to its end."""
        if not any(result.scene == self._title and not result.met for result in self.results):
            self._note("the scene is played to its end", seconds=0.0, why=str(error))

    def _until(self, words: str, look: Callable[[], T | None]) -> T | None:
        began = time.monotonic()

        def watched() -> T | None:
            self._audience.look(self.stage)
            return look()

        found = self.stage.wait(watched, seconds=self._deadline)
        seconds = time.monotonic() - began
        why = None if found is not None else f"waited {seconds:.0f} seconds for it"
        self._note(words, seconds=seconds, why=why)
        return found

    def _note(self, words: str, *, seconds: float, why: str | None) -> None:
        result = Result(scene=self._title, words=words, met=why is None, seconds=seconds, why=why or "")
        self.results.append(result)
        self._audience.result(result)
        self._audience.look(self.stage)


def number(mail: Received) -> int:
    """The ticket's number in the subject, as ``[HD-1042]``; 0 without one."""
    found = _TAG.search(mail.subject)
    return int(found[1]) if found else 0
