"""Watches one mailbox in a thread of its own: takes mail in, files it away, waits for more, connects again."""

from __future__ import annotations

import datetime as dt
import random
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from helpdesk import console
from helpdesk.config import Config
from helpdesk.errors import ConfigError, HelpdeskError, LeaseLost, LoginRefused, MailboxError, StoreError
from helpdesk.inbox.again import Again
from helpdesk.inbox.filer import Filer
from helpdesk.inbox.imap import Door
from helpdesk.inbox.reader import Reader, rules
from helpdesk.inbox.sockets import wait_for
from helpdesk.inbox.waits import WAITS, Waits
from helpdesk.store import parts, positions
from helpdesk.store.session import Store

# Watchers that lost the same server shall not all come back at the same moment.
_CHANCE = random.SystemRandom()


class Watcher(threading.Thread):
    """The way in of one mailbox. `stop`, `nudge` and `cut` may be called from any thread."""

    def __init__(
        self,
        *,
        name: str,
        config: Config,
        store: Store,
        now: Callable[[], dt.datetime],
        process: str,
        arrived: Callable[[], None] = lambda: None,
        waits: Waits = WAITS,
    ) -> None:
        """``name`` is the mailbox's; ``arrived`` is called in the watcher's thread after each commit of mails."""
        super().__init__(name=f"inbox:{name}", daemon=True)
        self.mailbox = name
        self._imap = config.mailboxes[name].imap
        self._config = config
        self._store = store
        self._now = now
        self._process = process
        self._arrived = arrived
        self._waits = waits
        self._reader = Reader(rules(config, name), store, now=now, arrived=self._took, waits=waits)
        self._again = Again(self._reader.rules, self._imap.done, store, now=now, arrived=self._took, waits=waits)
        self._filer = Filer(mailbox=name, imap=self._imap, store=store, waits=waits)
        self._stopping = threading.Event()
        self._knock, self._ear = socket.socketpair()
        for end in (self._knock, self._ear):
            end.setblocking(False)
        self._door: Door | None = None
        self._failures = 0
        self._trouble: str | None = None
        self._alive = time.monotonic()

    @property
    def silent_seconds(self) -> float:
        """Seconds since the last sign of life; more than a few minutes: it hangs."""
        return time.monotonic() - self._alive

    def nudge(self) -> None:
        """Look at the mailbox now."""
        with suppress(OSError):  # a full or closed socket: it looks anyway, or has ended
            self._knock.send(b"x")

    def stop(self) -> None:
        """End soon, after the batch at hand; `join` it then."""
        self._stopping.set()
        self.nudge()

    def cut(self) -> None:
        """Break the connection of a watcher that hangs, so that it ends or connects again."""
        if door := self._door:
            door.cut()

    def close(self) -> None:
        """Free what a watcher holds that was only used for `once`; `run` does so at its end."""
        self._knock.close()
        self._ear.close()

    def run(self) -> None:
        """Watch until `stop`. Faults of mailbox, store and configuration are told and outlived.

        Raises LeaseLost when the store says that another process watches this mailbox.
        """
        try:
            while not self._stopping.is_set():
                self._watch_until_trouble()
            self._beat("stopped")
        finally:
            self.close()

    def once(self) -> int:
        """One pass over the mailbox, without waiting; the number of mails kept. Raises HelpdeskError."""
        try:
            with self._connected() as door:
                kept = self._look(door)
                while self._again.more:
                    kept += self._look(door)
                return kept
        except HelpdeskError as error:
            self._troubled(error)
            raise

    def _watch_until_trouble(self) -> None:
        began = time.monotonic()
        try:
            with self._connected() as door:
                self._watch(door)
        except (MailboxError, ConfigError) as error:
            if time.monotonic() - began > self._waits.steady:
                self._failures = 0
            self._troubled(error)
            self._pause(self._retry_seconds(error))

    @contextmanager
    def _connected(self) -> Iterator[Door]:
        self._living()
        password = self._config.secret(self._imap)
        door = Door(self._imap, password=password, site=self._config.site, waits=self._waits)
        self._door = door
        whole = False
        try:
            console.event("mailbox connected", mailbox=self.mailbox, host=self._imap.host, security=self._imap.security)
            yield door
            whole = True
        finally:
            self._door = None
            door.close(polite=whole)

    def _watch(self, door: Door) -> None:
        while not self._stopping.is_set():
            try:
                self._look(door)
            except LeaseLost:
                raise
            except StoreError as error:
                # The mailbox is well; mail waits there until it can be kept.
                self._troubled(error)
                self._pause(self._waits.store)
            else:
                if not self._again.more:
                    self._wait(door)

    def _look(self, door: Door) -> int:
        """Take in what is new, then file away what is kept; after a restored backup a piece of what was filed, too."""
        self._living()
        # Before new mail, which may answer it.
        found = self._again.look(door)
        folder = door.select(self._imap.folder, readonly=self._imap.done is None)
        kept = self._reader.read(door, folder)
        complaint = None
        if not self._again.bars_filing:
            complaint = self._filer.file(door, folder, generation=self._reader.generation)
        self._well(complaint or self._again.complaint)
        return found + kept

    def _wait(self, door: Door) -> None:
        unready = self._reader.waits or self._again.waits
        longest = self._waits.unready if unready else self._imap.poll_seconds
        if self._imap.idle and door.can_idle:
            door.idle(seconds=min(self._waits.idle, longest), wake=self._ear)
            self._living()
            return
        end = time.monotonic() + longest
        while (left := end - time.monotonic()) > 0 and not self._pause(min(left, self._waits.beat)):
            self._beat("running")

    def _pause(self, seconds: float) -> bool:
        """Sleep; True when `stop` or `nudge` ended it."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self._living()
            if wait_for(self._ear, min(left, self._waits.beat)):
                return True
        return False

    def _retry_seconds(self, error: HelpdeskError) -> float:
        seconds = self._waits.before_retry(self._failures, refused=isinstance(error, LoginRefused | ConfigError))
        self._failures += 1
        return seconds * _CHANCE.uniform(0.5, 1)

    def _took(self) -> None:
        """A batch was kept: in a long backlog that is the sign of life."""
        self._living()
        self._arrived()

    def _living(self) -> None:
        self._alive = time.monotonic()

    def _well(self, complaint: str | None) -> None:
        """Mail is taken in; ``complaint`` when something else is not as it should be."""
        self._tell(complaint)
        self._beat("running", complaint)

    def _troubled(self, error: HelpdeskError) -> None:
        self._tell(str(error))
        self._beat("waiting" if isinstance(error, StoreError) else "failed", str(error))

    def _tell(self, trouble: str | None) -> None:
        """Log a change for the worse or the better, once."""
        if trouble is not None and trouble != self._trouble:
            console.problem("mailbox in trouble", mailbox=self.mailbox, reason=trouble)
        elif trouble is None and self._trouble is not None:
            console.event("mailbox well again", mailbox=self.mailbox)
        self._trouble = trouble

    def _beat(self, state: str, trouble: str | None = None) -> None:
        self._living()
        now = self._now()
        try:
            with self._store.writing() as session:
                parts.beat(session, self.name, process=self._process, state=state, now=now, error=trouble)
                if trouble is None and state == "running":
                    positions.beat(session, self.mailbox, now=now)
                elif trouble is not None:
                    positions.error(session, self.mailbox, trouble, now=now)
        except LeaseLost:
            raise
        except StoreError as error:
            console.problem("no heartbeat", part=self.name, reason=str(error))
