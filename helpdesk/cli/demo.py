"""Plays a small company with an embedded mail server, then stays open for your own mail program."""

from __future__ import annotations

import signal
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import typer

from helpdesk.cli._exits import FAILED
from helpdesk.errors import UsageError

PAUSE_SECONDS = 2.5  # between two scenes, so that a person can read them

FAILS = "with --once: an expected mail was not in its mailbox"


def command(
    *,
    once: Annotated[
        bool, typer.Option("--once", help="Play and end; exit 1 when an expected mail is not in its mailbox.")
    ] = False,
    keep: Annotated[
        Path | None,
        typer.Option("--keep", metavar="DIR", help="Write the site into this new or empty folder and leave it."),
    ] = None,
    speed: Annotated[
        float,
        typer.Option("--speed", min=0.1, max=100, help="How fast the story goes on a terminal: 2 is twice as fast."),
    ] = 1.0,
    imap_port: Annotated[
        int, typer.Option("--imap-port", min=0, max=65535, help="Port for IMAP; 0 takes a free one.")
    ] = 0,
    smtp_port: Annotated[
        int, typer.Option("--smtp-port", min=0, max=65535, help="Port for SMTP; 0 takes a free one.")
    ] = 0,
) -> None:
    """Play the demo; nothing of it leaves this machine."""
    from helpdesk import console, demo

    demo.require()
    from helpdesk.demo import show

    pause = PAUSE_SECONDS / speed if console.is_terminal() and not once else 0.0
    with ExitStack() as stack:
        # A polite end by `kill` is an end by Ctrl-C.
        stack.callback(signal.signal, signal.SIGTERM, signal.signal(signal.SIGTERM, signal.default_int_handler))
        folder = (
            _kept(keep) if keep else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="helpdesk-demo-")))
        )
        well = show.run(folder, once=once, pause=pause, imap_port=imap_port, smtp_port=smtp_port)
    if not well:
        raise typer.Exit(FAILED)


def _kept(folder: Path) -> Path:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        message = f"--keep needs a new or empty folder, and {folder} is none."
        raise UsageError(message)
    folder.mkdir(parents=True, exist_ok=True)
    return folder
