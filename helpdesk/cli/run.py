"""Runs the daemon: takes mail in, handles it, sends letters, until it is told to stop."""

from __future__ import annotations

import asyncio
import os
import signal
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import Context, opened
from helpdesk.errors import UsageError

if TYPE_CHECKING:
    from helpdesk.daemon import Daemon


def command(
    *,
    once: Annotated[bool, typer.Option("--once", help="One pass: fetch, handle, send, then end.")] = False,
    read_only: Annotated[
        bool, typer.Option("--read-only", help="Take mail in, send nothing: letters wait in the outbox.")
    ] = False,
    parts: Annotated[
        str,
        typer.Option("--parts", help="What this process does; the rest is for others, which need PostgreSQL."),
    ] = "inbox,intake,outbox,jobs",
) -> None:
    """Run until SIGTERM or Ctrl-C; the mail and the letter in hand are finished."""
    from helpdesk import console, memory
    from helpdesk.cli import _mistakes
    from helpdesk.config import load
    from helpdesk.daemon import Daemon
    from helpdesk.store.parts import ALL

    does = _parts(parts)
    if read_only and does == {"outbox"}:
        message = "--read-only sends nothing, and --parts outbox does nothing else: leave one of them out."
        raise UsageError(message)
    console.setup_log()
    memory.thrifty()
    # Before there is a database, which would look as if the daemon had run.
    _mistakes.refuse(load(Context.site, os.environ), sending=not read_only and "outbox" in does)
    with opened(daemon=True) as app:
        if app.store.path is not None and (left := sorted(set(ALL) - does)):
            console.problem("parts left undone", parts=",".join(left), reason="SQLite takes one process")
        daemon = Daemon(app, read_only=read_only, does=does)
        memory.settled()
        if once:
            asyncio.run(daemon.once())
        else:
            asyncio.run(_until_told(daemon))


def _parts(words: str) -> frozenset[str]:
    """What stands after ``--parts``. Raises UsageError for a word that is no part."""
    from helpdesk.store.parts import ALL

    does = frozenset(word.strip() for word in words.split(",") if word.strip())
    if not does or (unknown := sorted(does - set(ALL))):
        wrong = ", ".join(unknown) if does else "nothing"
        message = f"--parts takes some of {','.join(ALL)}, and not: {wrong}."
        raise UsageError(message)
    return does


async def _until_told(daemon: Daemon) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await daemon.run(stop)
