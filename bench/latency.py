"""How long a customer waits: from the delivery of his mail in Dovecot to our acknowledgement in his own box.

Every mail is delivered by LMTP while the daemon idles (IMAP IDLE); its letters go through Postfix and Dovecot into the
customer's box.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.servers import USER, Servers, running
from bench.site import STARTED_SECONDS, Site
from tests.servers.mailstack import MailStack

CUSTOMER = "eva@customer.test"
PATIENCE_SECONDS = 30.0  # for one acknowledgement
PAUSE_SECONDS = 0.15  # between two mails: slow, so that each finds the daemon idle
LOOK_SECONDS = 0.005  # between two looks into the box
WARM = 3  # mails that are not counted: the first starts the parse process


@dataclass(frozen=True, kw_only=True)
class Waits:
    """Seconds from delivery to acknowledgement, and how many never came."""

    seconds: tuple[float, ...]
    lost: int

    @property
    def row(self) -> dict[str, object]:
        """As it is printed."""
        ordered = sorted(self.seconds)
        p95 = ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]
        middle = statistics.median(ordered)
        return {
            "mails": len(ordered) + self.lost,
            "p50_seconds": round(middle, 3),
            "p95_seconds": round(p95, 3),
            "max_seconds": round(ordered[-1], 3),
            "lost": self.lost,
        }


def measure(store: str, mails: int) -> Waits:
    """Deliver so many mails one after the other. Needs Postfix, and root for it."""
    with running(store, postfix=True) as servers, tempfile.TemporaryDirectory(prefix="hd-bench-") as folder:
        site = Site(folder=Path(folder) / "site", servers=servers, relay=servers.stack.smtp)
        site.write()
        try:
            site.start()
            site.said("mailbox begun", STARTED_SECONDS)
            return _waits(servers, mails)
        finally:
            site.stop()


def _waits(servers: Servers, mails: int) -> Waits:
    found: list[float] = []
    lost = 0
    for number in range(mails + WARM):
        identity = f"<{number}.{time.time_ns()}@customer.test>"
        began = time.monotonic()
        servers.stack.deliver(USER, _mail(number, identity), sender=CUSTOMER)
        if not _arrived(servers.stack, identity):
            lost += 1
        elif number >= WARM:
            found.append(time.monotonic() - began)
        time.sleep(PAUSE_SECONDS)
    return Waits(seconds=tuple(found), lost=lost)


def _arrived(stack: MailStack, identity: str) -> bool:
    """Wait until a letter that answers the mail is in the customer's box; False when none comes.

    The folder itself is looked at: a mail program would add its own waiting to what we measure.
    """
    box = stack.root / "mail" / CUSTOMER / "new"
    end = time.monotonic() + PATIENCE_SECONDS
    seen: set[str] = set()
    while time.monotonic() < end:
        for file in box.iterdir() if box.exists() else ():
            if file.name not in seen and identity.encode() in file.read_bytes():
                file.unlink()
                return True
            seen.add(file.name)
        time.sleep(LOOK_SECONDS)
    return False


def _mail(number: int, identity: str) -> bytes:
    head = f"From: {CUSTOMER}\r\nTo: {USER}\r\nSubject: printer {number}\r\nMessage-ID: {identity}"
    return f"{head}\r\n\r\nThe printer blinks, and nothing else.\r\n".encode()
