"""What one check found: well, worth a note, wrong with its repair, or skipped because something before it was wrong."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from helpdesk.errors import Problem


class State(StrEnum):
    """How it is."""

    OK = "ok"
    NOTE = "note"
    """Works, and could be better."""
    WRONG = "wrong"
    SKIPPED = "skipped"


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """What was seen, and what to do about it."""

    state: State
    said: str
    mend: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A finding with the name of what was looked at, and what it took."""

    what: str
    """``support: login``."""
    finding: Finding
    seconds: float

    @property
    def wrong(self) -> bool:
        return self.finding.state is State.WRONG


def well(said: str) -> Finding:
    """All is as it should be."""
    return Finding(state=State.OK, said=said)


def note(said: str, mend: str = "") -> Finding:
    """It works, and somebody may want to know."""
    return Finding(state=State.NOTE, said=said, mend=mend)


def wrong(said: str, mend: str) -> Finding:
    """It does not work."""
    return Finding(state=State.WRONG, said=said, mend=mend)


def mistake(problem: Problem) -> Finding:
    """A mistake in the configuration."""
    return wrong(str(replace(problem, mend="")), problem.mend)


def skipped(what: str, because: str) -> Check:
    """Nothing could be seen, because of something that is told elsewhere."""
    return Check(what=what, finding=Finding(state=State.SKIPPED, said=because), seconds=0.0)


def check(what: str, look: Callable[[], Finding]) -> Check:
    """Look, with the time that it took."""
    began = time.monotonic()
    finding = look()
    return Check(what=what, finding=finding, seconds=time.monotonic() - began)
