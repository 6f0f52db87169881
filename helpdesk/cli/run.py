"""Runs the daemon: takes mail in, handles it, sends letters, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import opened

if TYPE_CHECKING:
    from helpdesk.daemon import Daemon


def command(
    *,
    once: Annotated[bool, typer.Option("--once", help="One pass: fetch, handle, send, then end.")] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Take mail in, send nothing: letters wait in the outbox.")
    ] = False,
) -> None:
    """Run until SIGTERM or Ctrl-C; the mail and the letter in hand are finished."""
    from helpdesk import console
    from helpdesk.cli import _mistakes
    from helpdesk.daemon import Daemon

    console.setup_log()
    with opened(daemon=True) as app:
        _mistakes.refuse(app.config, sending=not read_only)
        daemon = Daemon(app, read_only=read_only)
        if once:
            asyncio.run(daemon.once())
        else:
            asyncio.run(_until_told(daemon))


async def _until_told(daemon: Daemon) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await daemon.run(stop)
