"""What only one process may do at a time: on PostgreSQL a lease is asked for, kept, lost to another, and given back.

On SQLite nothing is to be asked: the daemon holds the lock of the file, and no other works on it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

from helpdesk import console
from helpdesk.app import App
from helpdesk.errors import LeaseLost, StoreError
from helpdesk.store import leases, parts
from helpdesk.store.leases import Held
from helpdesk.store.session import Session, Store

LEASE_SECONDS = 60.0  # a holder that died or sleeps is followed after so long, and one look more
RENEW_SECONDS = 15.0  # a holder may miss three times before another follows
LOOK_SECONDS = 2.0  # who waits follows so soon on one that ended in an orderly way
STANDBY_SECONDS = 60.0  # between two signs of life of one who waits


class Tenure:
    """One lease as this process sees it; `wait` and `store` may be asked from any thread."""

    def __init__(self, app: App, name: str) -> None:
        """``name`` is that of the part that only one process may do, and of its lease."""
        self.name = name
        self.on_lost: Callable[[], None] = _nothing
        self._app = app
        self._held: Held | None = None
        self._store = None if app.store.path is None else app.store
        self._closed = False
        self._news = threading.Condition()
        self._next_renewal = 0.0
        self._next_standby = 0.0

    @property
    def store(self) -> Store | None:
        """The database for what is done under this lease, refusing writes once it is lost; None when it is not ours."""
        return self._store

    def wait(self) -> Store | None:
        """Wait until the lease is ours; None at `close`."""
        with self._news:
            self._news.wait_for(lambda: self._closed or self._store is not None)
            return None if self._closed else self._store

    def look(self) -> None:
        """Ask for the lease, or keep it for longer. Raises StoreError; then everything stays as it was."""
        app, held = self._app, self._held
        if held is not None and time.monotonic() < self._next_renewal:
            return
        with app.store.writing() as session:
            now = app.now()
            if held is not None:
                held = leases.renew(session, held, now=now, seconds=LEASE_SECONDS)
            if held is None:
                held = leases.acquire(session, self.name, owner=app.process, now=now, seconds=LEASE_SECONDS)
            self._tell(session, held)
        self._next_renewal = time.monotonic() + RENEW_SECONDS
        self._now(held)

    def lost(self, store: Store) -> None:
        """Who worked with this ``store`` was told that the lease is another's."""
        if self._store is store and self._held is not None:
            self._now(None)

    def close(self) -> None:
        """Nobody shall wait any more."""
        with self._news:
            self._closed = True
            self._news.notify_all()

    def give_back(self) -> None:
        """Let another process follow at once. Raises StoreError."""
        if self._held is not None:
            with self._app.store.writing() as session:
                leases.release(session, self._held)

    def _now(self, held: Held | None) -> None:
        before, self._held = self._held, held
        if before is not None and (held is None or held.epoch != before.epoch):
            console.problem("part taken over by another process", part=self.name)
            self.on_lost()
        if held is None or before is None or held.epoch != before.epoch:
            with self._news:
                self._store = None if held is None else self._fenced(held)
                self._news.notify_all()

    def _fenced(self, held: Held) -> Store:
        console.event("part taken over", part=self.name, epoch=held.epoch)

        def require(session: Session) -> None:
            if not leases.holds(session, held):
                raise LeaseLost

        return self._app.store.fenced(require)

    def _tell(self, session: Session, held: Held | None) -> None:
        """Whoever has just begun to hold or to wait says so, and who waits says it again."""
        if held is None and time.monotonic() >= self._next_standby:
            self._next_standby = time.monotonic() + STANDBY_SECONDS
            self._beat(session, parts.STANDBY)
        elif held is not None and (self._held is None or self._held.epoch != held.epoch):
            self._next_standby = 0.0
            self._beat(session, parts.STARTING)

    def _beat(self, session: Session, state: str) -> None:
        parts.beat(session, self.name, process=self._app.process, state=state, now=self._app.now())


class Tenures:
    """All leases that this process wants."""

    def __init__(self, app: App, names: Iterable[str]) -> None:
        self._all = {name: Tenure(app, name) for name in names}
        self._shared = app.store.path is None

    def __getitem__(self, name: str) -> Tenure:
        return self._all[name]

    def run(self, stop: threading.Event) -> None:
        """Keep what we have and ask for the rest, until ``stop``."""
        while not stop.is_set():
            self.look()
            stop.wait(LOOK_SECONDS)

    def look(self) -> None:
        """One look at each; while the database is in trouble nobody can take anything over."""
        for tenure in self._all.values() if self._shared else ():
            try:
                tenure.look()
            except StoreError as error:
                console.problem("lease not kept", part=tenure.name, reason=str(error))

    def close(self) -> None:
        """Wake everybody who waits for a lease: it will not come."""
        for tenure in self._all.values():
            tenure.close()

    def give_back(self) -> None:
        """Let others follow at once; else they do when the leases run out."""
        for tenure in self._all.values():
            try:
                tenure.give_back()
            except StoreError as error:
                console.problem("lease not given back", part=tenure.name, reason=str(error))


def _nothing() -> None:
    """Nobody works under the lease."""
