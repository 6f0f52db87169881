"""A coroutine on an event loop of its own, in a thread of its own: how the mail server and the daemon run in a demo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

BEGIN_SECONDS = 10  # for the thread to have its loop
STOP_SECONDS = 30  # for the slowest part to end by itself before it is called stuck


class Background:
    """Runs ``run(stop)`` until it ends by itself or `stop` sets its event."""

    def __init__(self, name: str, run: Callable[[asyncio.Event], Coroutine[Any, Any, None]]) -> None:
        self._run = run
        self._stop = asyncio.Event()
        self._loop: Future[asyncio.AbstractEventLoop] = Future()
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=name)
        self._ended: Future[None] | None = None

    def start(self) -> None:
        """Begin; returns as soon as there is a loop."""
        self._ended = self._pool.submit(self._turn)
        self._loop.result(BEGIN_SECONDS)

    def check(self) -> None:
        """Raise what it died of, if it did."""
        if self._ended is not None and self._ended.done():
            self._ended.result()

    def stop(self) -> None:
        """Tell it to stop and wait for its end; raises what it died of."""
        if self._ended is None:
            return
        if not self._ended.done():
            self._loop.result().call_soon_threadsafe(self._stop.set)
        self._ended.result(STOP_SECONDS)
        self._pool.shutdown()

    def _turn(self) -> None:
        with asyncio.Runner() as runner:
            self._loop.set_result(runner.get_loop())
            runner.run(self._run(self._stop))
