"""What the log and `helpdesk status` say of the way out: a change in the log at once, a sign of life now and then."""

from __future__ import annotations

from collections.abc import Collection

from helpdesk import console
from helpdesk.errors import StoreError
from helpdesk.outbox.channel import Channel
from helpdesk.outbox.ledger import PART, Ledger
from helpdesk.store.queues import Ending, ToSend
from helpdesk.store.tables import OutgoingState

# The word in the log for each end of a letter.
EVENTS = {
    OutgoingState.SENT: "letter sent",
    OutgoingState.RETRY: "letter put off",
    OutgoingState.FAILED: "letter failed",
    OutgoingState.UNKNOWN: "letter of unknown fate",
}


def tell_end(letter: ToSend, end: Ending) -> bool:
    """Log what became of a letter; whether anything has, as one that is handed back is where it was."""
    event = EVENTS.get(end.state)
    if event is not None:
        well = end.state is OutgoingState.SENT
        reason = None if well else end.words
        tell = console.event if well else console.problem
        tell(event, letter=letter.id, ticket=letter.ticket, reason=reason, next_try=end.next_try)
    return event is not None


class Status:
    """How channel and store are."""

    def __init__(self, ledger: Ledger, channel: Channel) -> None:
        self.store_trouble: StoreError | None = None
        self._ledger = ledger
        self._channel = channel
        self._told: str | None = None

    def tell(self) -> bool:
        """Log a change for the worse or the better, once; whether there was one."""
        trouble = str(self.store_trouble) if self.store_trouble else self._channel.trouble
        if trouble == self._told:
            return False
        if trouble is not None:
            console.problem("outbox in trouble", reason=trouble)
        else:
            console.event("outbox well again")
        self._told = trouble
        return True

    def beat(self, in_hand: Collection[int], *, stopped: bool = False) -> None:
        """Write how it is, and what is in hand; while the store itself is the trouble, the log has to do."""
        trouble = self._channel.trouble
        state = "failed" if trouble else "running"
        if self.store_trouble:
            state, trouble = "waiting", str(self.store_trouble)
        try:
            self._ledger.beat("stopped" if stopped else state, trouble, in_hand=in_hand)
        except StoreError as error:
            console.problem("no heartbeat", part=PART, reason=str(error))
