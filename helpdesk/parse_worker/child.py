"""The process that parses: ``python -m helpdesk.parse_worker.child SECONDS MEGABYTES [WORD]...``, its input a socket.

The words say what of a mail is wanted: ``html`` and ``no-language``.
"""

from __future__ import annotations

import gc
import os
import resource
import signal
import socket
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from helpdesk.errors import MailError
from helpdesk.mail.message import Mail
from helpdesk.parse_worker.pipe import HTML, NO_LANGUAGE, Pipe, packed

Hook = Callable[[type[BaseException], BaseException, TracebackType | None], None]

CLOCK_FACTOR = 20  # times the processor time may pass on the clock; the parent, if it lives, is less patient
STATM_DATA = 5  # the field of /proc/self/statm that RLIMIT_DATA is compared with, in pages
# Parsed before the first mail, so that what is loaded only when it is used counts for no mail.
FIRST_MAIL = b"From: a@b.example\nContent-Type: text/html\n\n<p>Dear helpdesk, our printer is jammed since Monday."


def serve(pipe: Pipe, seconds: float, megabytes: int, *, with_html: bool, with_language: bool = True) -> None:
    """Parse bundle after bundle until the parent has gone.

    A mail may use so much processor time, and so much memory besides what is in use now and its own bytes.
    """
    allowed = _used_memory() + megabytes * 2**20
    while bundle := _next(pipe):
        _limit_memory(allowed + sum(map(len, bundle)))
        for raw in bundle:
            _watch(seconds)
            pipe.send(packed(_answer(raw, with_html=with_html, with_language=with_language)))
        _watch(0)


def _answer(raw: bytes, *, with_html: bool, with_language: bool = True) -> Mail | MailError:
    # Loaded here, so that whatever is wrong with it is told as everything else.
    from helpdesk.mail.parse import parse

    try:
        return parse(raw, with_html=with_html, with_language=with_language)
    except MailError as error:
        return MailError(str(error))


def _next(pipe: Pipe) -> list[bytes]:
    """The next bundle, empty when there will be none."""
    try:
        return pipe.receive_all()
    except (EOFError, ConnectionError):
        return []


def _watch(seconds: float) -> None:
    """The kernel ends this process when a mail takes longer, whatever code it is in; 0 ends the watch."""
    signal.setitimer(signal.ITIMER_PROF, seconds)
    # Should the parent have died meanwhile, nobody else looks at the clock.
    signal.setitimer(signal.ITIMER_REAL, seconds * CLOCK_FACTOR)


def _prepare() -> None:
    """Be deaf to signals that are meant for the parent, and silent: what libraries print has no place in its log."""
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # The parent decides when it is over: it may still want answers for what it has in hand.
        signal.signal(ignored, signal.SIG_IGN)
    # A dump of memory would leave what strangers wrote in some folder.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


def _limit_memory(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_DATA, (size, resource.RLIM_INFINITY))


def _used_memory() -> int:
    """What RLIMIT_DATA counts, in bytes."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[STATM_DATA]) * resource.getpagesize()
    except FileNotFoundError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _last_words(pipe: Pipe, megabytes: int) -> Hook:
    """What to do about an error that nobody expected: tell the parent, without a word of the mail, and end."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        place = traceback.extract_tb(trace)[-1]
        # The frames hold what filled the memory.
        traceback.clear_frames(trace)
        words = f"{kind.__name__} in {Path(place.filename).name}, line {place.lineno}"
        if issubclass(kind, MemoryError):
            words = f"it needed more than {megabytes} MB of memory"
        pipe.send(packed(words))

    return tell


def main(seconds: float, megabytes: int, *, with_html: bool, with_language: bool = True) -> None:
    """Get ready, say so with an empty block, and serve."""
    _prepare()
    pipe = Pipe(socket.socket(fileno=0))
    sys.excepthook = _last_words(pipe, megabytes)
    _answer(FIRST_MAIL, with_html=True, with_language=with_language)
    # What is loaded now stays for ever: to look through it for garbage again and again costs a tenth of a mail.
    gc.collect()
    gc.freeze()
    pipe.send(b"")
    serve(pipe, seconds, megabytes, with_html=with_html, with_language=with_language)


if __name__ == "__main__":
    _, asked_seconds, asked_megabytes, *words = sys.argv
    main(float(asked_seconds), int(asked_megabytes), with_html=HTML in words, with_language=NO_LANGUAGE not in words)
