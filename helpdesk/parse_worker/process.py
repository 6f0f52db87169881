"""One process in which mails are parsed: how it is started, what it is asked, and how it is seen to have died."""

from __future__ import annotations

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from helpdesk.errors import MailError, ParseFailed
from helpdesk.mail.message import Mail
from helpdesk.parse_worker.pipe import HTML, NO_LANGUAGE, Pipe, unpacked

Answer = Mail | MailError | ParseFailed
Timed = tuple[Answer, float]  # with the seconds that it took

CHILD = f"{__package__}.child"
START_SECONDS = 60.0  # for a new process to load what it needs, on a machine that is busy
CLOCK_FACTOR = 6  # times the processor time of a mail may pass on the clock: others want the processor, too
END_SECONDS = 5.0  # for a process that is told to end; then it is killed

# All that a child gets to know of the environment: passwords of mail servers stand there as well.
ENVIRONMENT = {"PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "TMPDIR", "TZ"}
ENVIRONMENT |= {"PYTHONHOME", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Orders:
    """What a process is told at its start."""

    seconds: float
    memory_mb: int
    with_html: bool
    with_language: bool

    def arguments(self) -> list[str]:
        """Of its command."""
        return [str(self.seconds), str(self.memory_mb), *self._words()]

    def _words(self) -> Iterator[str]:
        if self.with_html:
            yield HTML
        if not self.with_language:
            yield NO_LANGUAGE


class Died(Exception):
    """The process is no more; the text says what happened, as the end of a sentence."""


class Process:
    """One process that parses, as its parent sees it; ``answered`` counts its mails."""

    def __init__(self, orders: Orders) -> None:
        """Start it and wait until it is ready. Raises ParseFailed."""
        self.answered = 0
        self._seconds = orders.seconds
        ours, theirs = socket.socketpair()
        self._pipe = Pipe(ours)
        with ExitStack() as undo, theirs:
            undo.callback(self._pipe.close)
            try:
                self._child = _started(theirs, orders)
                undo.callback(self.end)
                theirs.close()
                self._await()
            except (OSError, EOFError) as error:
                raise _not_started(str(error) or "it ended at once") from error
            undo.pop_all()

    def _await(self) -> None:
        """An empty block says that it is ready; otherwise these are its last words."""
        if told := self._pipe.receive(START_SECONDS):
            raise _not_started(str(unpacked(told)))

    @property
    def alive(self) -> bool:
        """Whether it can be given mails."""
        return self._child.poll() is None

    def answers(self, raws: Sequence[bytes]) -> Iterator[Timed]:
        """One answer a mail. Raises Died."""
        with ExitStack() as undo:
            # Whatever ends this early: half of an answer may still be in the pipe.
            undo.callback(self.end)
            try:
                self._pipe.send(*raws, seconds=self._seconds * CLOCK_FACTOR)
                for _ in raws:
                    began = time.monotonic()
                    yield self._answer(), time.monotonic() - began
                    self.answered += 1
            except TimeoutError as error:
                message = f"it took more than {self._seconds * CLOCK_FACTOR:g} seconds"
                raise Died(message) from error
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                raise Died(self._fate()) from error
            undo.pop_all()

    def end(self, patience: float = 0.0) -> None:
        """It ends by itself when nobody is at the other side of the pipe, or is killed after so many seconds."""
        self._pipe.close()
        try:
            self._child.wait(patience)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()

    def _answer(self) -> Mail | MailError:
        answer = unpacked(self._pipe.receive(self._seconds * CLOCK_FACTOR))
        if isinstance(answer, str):
            raise Died(answer)
        return answer

    def _fate(self) -> str:
        """How it ended."""
        self.end(END_SECONDS)
        status = self._child.returncode
        if status == -signal.SIGPROF:
            return f"it took more than {self._seconds:g} seconds of processor time"
        if status < 0:
            return f"the process crashed ({signal.Signals(-status).name})"
        return f"the process ended with status {status}"


def _not_started(reason: str) -> ParseFailed:
    return ParseFailed(f"No process that parses mail can be started: {reason}.")


def _started(end: socket.socket, orders: Orders) -> subprocess.Popen[bytes]:
    """A new interpreter, not a copy of this process: no thread, connection or lock of ours gets into it."""
    return subprocess.Popen(  # noqa: S603 - all arguments are our own
        [sys.executable, "-P", "-m", CHILD, *orders.arguments()],
        stdin=end.fileno(),
        stdout=subprocess.DEVNULL,
        env=_environment(),
        # Ctrl-C in a terminal goes to a whole group; it does not concern the children.
        process_group=0,
    )


def _environment() -> dict[str, str]:
    """So little that no secret is in it; modules are found where the parent finds them."""
    kept = {name: value for name, value in os.environ.items() if name in ENVIRONMENT}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
