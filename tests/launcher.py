"""Runs the real daemon from outside: with wrapped doors that kill it at a chosen step, and with a given clock.

``python -m tests.launcher`` imports everything once and then forks a daemon for each line that it reads; it has no
thread, connection or engine of its own that a fork could harm. A `Launcher` is its other side, in the test.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import IO, NamedTuple, NoReturn

RUN_SECONDS = 90  # for a daemon to be killed or to have done everything; it takes one or two
STARTED_SECONDS = 60  # for everything to be imported

# Where a daemon may be killed; the names are those of the way of a mail, in its order.
STEPS = {
    "S1": "after FETCH",
    "S2": "raw mails written, in the open transaction",
    "S3": "in the middle of the COMMIT of raw mails",
    "S4": "raw mails committed",
    "S5": "parsed",
    "S6": "ticket written, before COMMIT",
    "S7": "ticket committed",
    "S8": "before MOVE",
    "S9": "after MOVE",
    "S10": "letters claimed",
    "S11": "noted that a letter is being handed over",
    "S12": "final dot sent",
    "S13": "250 received",
    "S14": "noted that a letter was sent",
}
RECOVERY = {
    "R1": "claims of the dead let go, before COMMIT",
    "R2": "the same, committed",
    "R3": "letters of the dead settled, before COMMIT",
    "R4": "the same, committed",
}


@dataclass(frozen=True, kw_only=True)
class Run:
    """One life of the daemon on a site; without a ``step`` it ends by itself when everything is done."""

    site: str
    mails: int
    """How many mails the ledger holds when everything is done."""
    step: str | None = None
    passing: int = 1
    """It is killed when it passes the step for this time."""
    fraction: float = 0.0
    """Of an average COMMIT, that S3 lets pass before the kill."""
    portion: int | None = None
    """Mails or letters that are fetched, claimed and moved at once; None: as many as usual."""
    minutes: float = 0.0
    """How far its clock is ahead."""
    worker: str | None = None
    """A folder whose ``sitecustomize`` the processes that parse load first."""
    forked: bool = True
    """Whether its first process that parses is forked too, and not a new interpreter: that takes half a second."""


class End(NamedTuple):
    """How a life of the daemon ended: at its step, or by itself with an exit code (negative: by a signal)."""

    reached: bool
    code: int


class Launcher:
    """The process that forks daemons, as a test sees it; one daemon at a time."""

    def __init__(self, environ: dict[str, str]) -> None:
        here = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONWARNINGS": "ignore"}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.launcher"],
            env={**os.environ, **here, **environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        self._answer(STARTED_SECONDS)

    def run(self, run: Run) -> End:
        """Start a daemon and wait until it has ended. Raises AssertionError when it does not end."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asdict(run)).encode() + b"\n")
        self._process.stdin.flush()
        reached, code = self._answer(RUN_SECONDS + STARTED_SECONDS)
        assert code is not None, f"{run} did not end:\n{log(Path(run.site))}"
        return End(reached, code)

    def close(self) -> None:
        """End it."""
        for end in (self._process.stdin, self._process.stdout):
            if end is not None:
                end.close()
        self._process.wait(20)

    def _answer(self, seconds: float) -> tuple[bool, int | None]:
        output: IO[bytes] | None = self._process.stdout
        assert output is not None
        assert select.select([output], [], [], seconds)[0], "the launcher does not answer"
        reached, code = json.loads(output.readline())
        return bool(reached), code


def log(site: Path) -> str:
    """What the daemons of a site said, the last of it."""
    return (site / "log").read_text(encoding="utf-8")[-4000:]


def _serve() -> None:
    """Fork a daemon for each line of standard input and say how it ended."""
    from tests.faults import doors, forked  # the import of everything

    forked.warm_up()
    gc.freeze()  # or the first collection in each daemon would copy all of this process
    print(json.dumps([True, 0]), flush=True)
    for line in sys.stdin:
        run = Run(**json.loads(line))
        parser = forked.ForkedParser() if run.forked else None
        told, tells = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(told)
            _become_daemon(run, partial(doors.work, run, tells, parser))
        os.close(tells)
        code = _waited(child)
        if parser is not None:
            parser.reap()
        reached = os.read(told, 1) != b""
        os.close(told)
        print(json.dumps([reached, code]), flush=True)


def _become_daemon(run: Run, work: Callable[[], None]) -> NoReturn:
    """In the child: its own log, nothing of the launcher's input and output."""
    code = 1
    try:
        nothing = os.open(os.devnull, os.O_RDONLY)
        output = os.open(Path(run.site) / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        for source, target in ((nothing, 0), (output, 1), (output, 2)):
            os.dup2(source, target)
        work()
        code = 0
    finally:
        # A forked copy must not go on as a second launcher, whatever happened.
        traceback.print_exc()
        sys.stderr.flush()
        os._exit(code)


def _waited(child: int) -> int | None:
    """The exit code of a child; None when it had to be killed because it did not end."""
    ended = os.pidfd_open(child)
    in_time = select.select([ended], [], [], RUN_SECONDS)[0]
    os.close(ended)
    if not in_time:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) if in_time else None


if __name__ == "__main__":
    _serve()
