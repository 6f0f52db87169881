"""When again? What an outcome means for a letter, and how long the whole way out rests when it is down."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from helpdesk.console import counted
from helpdesk.outbox.outcomes import Accepted, Refused, Unknown, Verdict
from helpdesk.store.queues import EXPIRED, Ending, ToSend
from helpdesk.store.queues.recovery import RESEND_MINUTES
from helpdesk.store.tables import OutgoingState

RETRY_MINUTES = (1, 5, 15, 30, 60)  # greylisting (RFC 6647) is over after the first or second
LATER_MINUTES = 120  # then; RFC 5321 4.5.4.1 asks for at least 30
JITTER = 0.2  # part by which the later ones differ, so that letters that failed together come apart

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0  # seconds after the channel broke; doubled each time
FIRST_MENDING, LONGEST_MENDING = 60.0, 900.0  # seconds when a person must mend it: servers lock accounts

# Letters and senders that lost the same server shall not all come back at the same moment.
_CHANCE = random.SystemRandom().uniform
Chance = Callable[[float, float], float]


def next_try(attempts: int, *, now: datetime, expires: datetime, chance: Chance = _CHANCE) -> datetime | None:
    """When a letter is tried again that was put off ``attempts`` times; None when its time is over."""
    if now >= expires:
        return None
    if attempts <= len(RETRY_MINUTES):
        minutes: float = RETRY_MINUTES[max(attempts, 1) - 1]
    else:
        minutes = LATER_MINUTES * chance(1 - JITTER, 1 + JITTER)
    # The last try is at the very end of its time.
    return min(now + timedelta(minutes=minutes), expires)


def pause_seconds(failures: int, *, mending: bool, chance: Chance = _CHANCE) -> float:
    """How long nothing is sent after so many failures in a row; ``mending``: only a person can put it right."""
    first, longest = (FIRST_MENDING, LONGEST_MENDING) if mending else (FIRST_PAUSE, LONGEST_PAUSE)
    seconds: float = min(first * 2 ** min(failures - 1, 30), longest)
    return seconds * chance(0.5, 1)


def too_late(letter: ToSend, now: datetime) -> bool:
    """Whether a letter has lost its sense. What a person wrote is always tried, however long the server was down."""
    return letter.automatic and now >= letter.expires


def ending(letter: ToSend, outcome: Verdict, *, now: datetime, chance: Chance = _CHANCE) -> Ending:
    """What becomes of a letter."""
    match outcome:
        case Accepted(words=words):
            return Ending(id=letter.id, state=OutgoingState.SENT, words=words)
        case Unknown(words=words):
            once_more = letter.twice_rather_than_never and not letter.resent
            again = now + timedelta(minutes=RESEND_MINUTES) if once_more else None
            return Ending(id=letter.id, state=OutgoingState.UNKNOWN, words=words, next_try=again)
        case Refused(permanent=True, words=words):
            return Ending(id=letter.id, state=OutgoingState.FAILED, words=words)
        case Refused(words=words):
            return _put_off(letter, words, next_try(letter.attempts, now=now, expires=letter.expires, chance=chance))


def expired(letter: ToSend) -> Ending:
    """The end of a letter that is `too_late`."""
    words = f"{EXPIRED}: it could not be sent before {letter.expires:%Y-%m-%d %H:%M} UTC"
    return Ending(id=letter.id, state=OutgoingState.FAILED, words=words)


def _put_off(letter: ToSend, words: str, again: datetime | None) -> Ending:
    if again is not None:
        return Ending(id=letter.id, state=OutgoingState.RETRY, words=words, next_try=again)
    words = f"given up after {counted(letter.attempts, 'attempt')}, the last answer: {words}"
    return Ending(id=letter.id, state=OutgoingState.FAILED, words=words)
