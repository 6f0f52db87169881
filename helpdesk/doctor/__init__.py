"""Looks at everything that a site needs from outside, and says for each thing what is wrong and the exact repair.

Nothing is changed but for the probe: a letter to ourselves, marked so that the daemon drops it, and removed at the end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime

from helpdesk.config import Config
from helpdesk.doctor import database, passwords
from helpdesk.doctor.findings import Check, State
from helpdesk.doctor.mailbox import Box
from helpdesk.doctor.probe import Probing
from helpdesk.doctor.sending import Sending

__all__ = ["Check", "State", "examine"]


def examine(config: Config, *, with_probe: bool, wait_seconds: float, now: Callable[[], datetime]) -> Iterator[Check]:
    """Every check as soon as it is done. ``wait_seconds`` is the patience with the probe on its way."""
    yield from database.examine(config)
    yield from passwords.examine(config)
    boxes = [Box(config, name) for name in config.mailboxes]
    with ExitStack() as stack:
        sending = stack.enter_context(Sending(config))
        yield from sending.examine(now())
        for box in boxes:
            stack.callback(box.close)
            yield from box.examine(now())
        if with_probe:
            keys = database.signing_keys(config)
            for box in boxes:
                yield from Probing(box, sending, keys=keys, now=now).examine(wait_seconds)
