"""Connections to the mail server that rest between letters, so that not every letter has to log in."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from helpdesk.outbox.smtp import Connection

IDLE_SECONDS = 60  # servers may hang up after five minutes (RFC 5321 4.5.3.2.7), many do so much earlier


class Pool:
    """Connections that rest between letters; the newest is used first, so that the others may be closed."""

    def __init__(self, connect: Callable[[], Awaitable[Connection]]) -> None:
        self._connect = connect
        self._idle: list[Connection] = []
        self._busy: set[Connection] = set()

    async def take(self, *, fresh: bool = False) -> Connection:
        """A connection that rests, or a new one; ``fresh``: those that rest are not to be trusted."""
        while self._idle:
            connection = self._idle.pop()
            if connection.is_whole and not fresh:
                break
            connection.discard()
        else:
            connection = await self._connect()
        self._busy.add(connection)
        return connection

    def give_back(self, connection: Connection) -> None:
        """Let it rest, if it is whole."""
        self._busy.discard(connection)
        if connection.is_whole:
            connection.idle_since = time.monotonic()
            self._idle.append(connection)

    async def close_idle(self, *, seconds: float = IDLE_SECONDS) -> None:
        """Say goodbye to those that have rested for so long."""
        past = time.monotonic() - seconds
        tired = [each for each in self._idle if each.idle_since <= past]
        self._idle = [each for each in self._idle if each.idle_since > past]
        await asyncio.gather(*(each.close() for each in tired))

    def cut(self) -> None:
        """Break those that are at work: whoever waits for an answer there gets none."""
        for connection in self._busy:
            connection.discard()
