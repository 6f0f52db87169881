"""Runs the real `helpdesk` with a clock that a file sets forward, and puts the process to sleep at a chosen point.

``python -m tests.flows.sleeper OPTIONS`` is ``helpdesk OPTIONS`` with variables: CLOCK names the file (minutes to be
added), POINT is one of `POINTS`, HASTE shortens times of the product. At the point the process stops itself, once, with
SIGSTOP, as a machine does that is suspended.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from helpdesk import app, cli, intake, tenure
from helpdesk.inbox.fetcher import Fetcher
from helpdesk.outbox.ledger import Ledger
from helpdesk.store import postgresql

# The door that is wrapped, and whether the process falls asleep after it instead of before.
POINTS = {
    "watcher": (Fetcher, "fetch", True),  # mails fetched and not yet kept
    "intake": (intake, "think", False),  # in the open transaction of a mail
    "sender": (Ledger, "write", False),  # letters claimed, none handed over
    "handing over": (Ledger, "write", True),  # it is noted that the server may have a letter; it has nothing yet
}
IDLE_MS = 1500  # for the server to end the transaction of a sleeper; the product waits longer
RENEW_SECONDS = 1.0  # a sleeper of some seconds finds as soon as one of ten minutes that his lease is gone


def sleepy(act: Callable[..., Any], *, after: bool) -> Callable[..., Any]:
    """The same act, around which the process falls asleep, the first time."""
    slept: list[bool] = []

    def sleep() -> None:
        if not slept:
            slept.append(True)
            os.kill(os.getpid(), signal.SIGSTOP)

    @wraps(act)
    def wrapped(*arguments: Any, **named: Any) -> Any:
        if not after:
            sleep()
        done = act(*arguments, **named)
        if after and done:
            sleep()
        return done

    return wrapped


def main() -> None:
    """Be `helpdesk`, a little later and sleepy."""
    if os.environ["HASTE"]:
        postgresql.IDLE_MS, tenure.RENEW_SECONDS = IDLE_MS, RENEW_SECONDS
    clock = Path(os.environ["CLOCK"])

    def now() -> datetime:
        return app.utc_now() + timedelta(minutes=int(clock.read_text()))

    app.opened.__wrapped__.__kwdefaults__["now"] = now  # type: ignore[attr-defined]  # of the undecorated function
    if point := os.environ.get("POINT"):
        owner, name, after = POINTS[point]
        setattr(owner, name, sleepy(getattr(owner, name), after=after))
    cli.main()


if __name__ == "__main__":
    main()
