"""From what came of one try to what becomes of the letter, and of the channel."""

from __future__ import annotations

from datetime import datetime, timedelta

from helpdesk.errors import ChannelError, ChannelLost
from helpdesk.outbox import retry
from helpdesk.outbox.channel import Channel
from helpdesk.outbox.outcomes import Accepted, Broken, NotOurs, Outcome, Refused, SenderRefused, Unknown
from helpdesk.store.queues import Ending, ToSend
from helpdesk.store.tables import OutgoingState


def before(letter: ToSend, *, channel: Channel, now: datetime) -> Ending | None:
    """What becomes of a letter that need not be tried at all; None when it is to be tried."""
    if retry.too_late(letter, now):
        return retry.expired(letter)
    until = channel.sender_waits(letter.envelope_from, now)
    return None if until is None else handed_back(letter, until)


def after(letter: ToSend, outcome: Outcome, *, channel: Channel, now: datetime) -> Ending | None:
    """What becomes of a letter that was tried; None when it is no longer ours. Tells the channel."""
    match outcome:
        case NotOurs():
            return None
        case SenderRefused(words=words):
            channel.works()
            return handed_back(letter, channel.refuses_sender(letter.envelope_from, words, now), words)
        case Broken(error=error):
            return _doubted(letter, error, Refused(permanent=False, words=str(error)), channel, now)
        # It may be the relay that does not want us. When its time is over, that is no question any more.
        case Refused(policy=True, words=words) if now < letter.expires:
            return _doubted(letter, ChannelLost(f"The mail server does not relay: {words}"), outcome, channel, now)
        case Accepted():
            channel.accepts(letter.id, letter.envelope_from)
        case Refused():
            channel.works()
        case Unknown():
            pass
    channel.forget(letter.id)
    return retry.ending(letter, outcome, now=now)


def handed_back(letter: ToSend, next_try: datetime | None = None, words: str | None = None) -> Ending:
    """Back into the queue; the try does not count."""
    return Ending(id=letter.id, state=OutgoingState.QUEUED, words=words, next_try=next_try)


def _doubted(letter: ToSend, error: ChannelError, own_fault: Refused, channel: Channel, now: datetime) -> Ending:
    """The channel failed at this letter: is it the channel?"""
    if isinstance(error, ChannelLost) and channel.is_to_blame(letter.id):
        channel.forget(letter.id)
        return retry.ending(letter, own_fault, now=now)
    seconds = channel.fails(error, connecting=False)
    # Behind the others, so that one of them shows whether the channel works.
    return handed_back(letter, now + timedelta(seconds=seconds), str(error))
