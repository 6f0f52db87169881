"""What the runs of a sender share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from helpdesk.config import Config
from helpdesk.outbox.channel import Channel
from helpdesk.outbox.failures import Failures
from helpdesk.outbox.ledger import Ledger
from helpdesk.outbox.status import Status


@dataclass(kw_only=True)
class Means:
    """What a sender has for all its runs."""

    config: Config
    now: Callable[[], datetime]
    ledger: Ledger
    channel: Channel
    status: Status
    failures: Failures
    alone: bool
    """The letters come from another process, which cannot ring."""
    stopping: bool = False
    """Asked to end: nothing more is claimed or begun."""
