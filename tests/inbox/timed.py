"""A watcher on a scripted server, whose clock goes on when a test says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, TypeVar

from helpdesk.config import Imap
from helpdesk.inbox.watcher import Watcher
from helpdesk.store.session import Store
from tests.inbox.place import Place, config
from tests.inbox.scripted import ScriptedServer
from tests.servers.mailstack import MailStack

EARLY = dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.UTC)  # an hour before the scripted mails arrive
Server = TypeVar("Server", bound=ScriptedServer)


@dataclass
class Bench(Generic[Server]):
    """The mailbox ``support`` on that server."""

    server: Server
    place: Place
    imap: Imap
    start: dt.datetime
    minutes: int = 0

    def __post_init__(self) -> None:
        self.watcher = Watcher(
            name="support",
            config=config(self.place.site, self.imap),
            store=self.place.store,
            now=lambda: self.start + dt.timedelta(minutes=self.minutes),
            process="test",
        )

    def after(self, minutes: int) -> int:
        """One pass, some minutes later; how many mails were kept."""
        self.minutes += minutes
        return self.watcher.once()


@contextmanager
def timed(
    server: Server, store: Store, site: Path, *, done: str | None = None, start: dt.datetime = EARLY
) -> Iterator[Bench[Server]]:
    """Nothing has been looked at yet; the watcher is closed at the end."""
    values = {"host": "127.0.0.1", "port": server.port, "security": "none", "insecure": True, "user": "u"}
    imap = Imap.model_validate(values | {"password_env": "PASSWORD", "done": done})
    place = Place(site=site, store=store, stack=MailStack.__new__(MailStack))
    bench = Bench(server=server, place=place, imap=imap, start=start)
    try:
        yield bench
    finally:
        bench.watcher.close()
