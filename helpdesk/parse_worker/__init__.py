"""Mails are parsed in processes of their own: one that crashes, hangs or eats memory there harms only itself.

Mails go there in bundles, answers come back one by one, so that it is known over which mail a process died. Nobody is
condemned for his neighbours: such a mail is tried once more as the first of a new process before it is given up.
"""

from __future__ import annotations

import os
import pickle
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, closing
from dataclasses import dataclass

from helpdesk.errors import MailError, ParseFailed
from helpdesk.mail.message import Mail
from helpdesk.parse_worker.pipe import HTML, NO_LANGUAGE, Pipe, unpacked

Answer = Mail | MailError | ParseFailed
Timed = tuple[Answer, float]  # with the seconds that it took

CHILD = f"{__name__}.child"
RECYCLE_MAILS = 5_000  # then a process makes room for a new one: what libraries leak is given back
# Cross at once and are written in one transaction; meanwhile the next ones are parsed. With fewer the commits take
# longer than all else on a slow disk, with more the first mail would wait long for the last.
BUNDLE_MAILS = 25
BUNDLE_BYTES = 4 * 2**20  # a bundle lies in the child's memory beside the mail at hand; a larger mail goes alone
START_SECONDS = 60.0  # for a new process to load what it needs, on a machine that is busy
CLOCK_FACTOR = 6  # times the processor time of a mail may pass on the clock: others want the processor, too
END_SECONDS = 5.0  # for a process that is told to end; then it is killed

# All that a child gets to know of the environment: passwords of mail servers stand there as well.
ENVIRONMENT = {"PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "LD_LIBRARY_PATH", "TMPDIR", "TZ"}
ENVIRONMENT |= {"PYTHONHOME", "PYTHONUTF8", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}


@dataclass(frozen=True, kw_only=True, slots=True)
class _Orders:
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


class Parsing:
    """Mails that are being parsed."""

    def __init__(self, bundles: Sequence[Future[list[Timed]]]) -> None:
        self._bundles = bundles

    def __iter__(self) -> Iterator[list[Answer]]:
        """The answers of bundle after bundle, each as soon as it is there; the next ones are parsed meanwhile.

        Raises ParseFailed when no process can be started.
        """
        for answers in self.timed():
            yield [answer for answer, _ in answers]

    def timed(self) -> Iterator[list[Timed]]:
        """The same with the time that each took."""
        for bundle in self._bundles:
            yield bundle.result()

    def close(self) -> None:
        """Nobody waits for what has not been begun."""
        for bundle in self._bundles:
            bundle.cancel()


class ParseWorkers:
    """Up to ``count`` processes that parse; started when they are needed. May be used by several threads at once."""

    def __init__(
        self,
        count: int,
        *,
        seconds: float,
        memory_mb: int,
        recycle_mails: int = RECYCLE_MAILS,
        with_html: bool = False,
        with_language: bool = True,
    ) -> None:
        """A mail may use ``seconds`` of processor time and, besides its own size, ``memory_mb`` MB (2**20 bytes).

        ``with_html`` and ``with_language`` as in `mail.parse`.
        """
        self._count = count
        self._lock = threading.Lock()
        self._pool: ThreadPoolExecutor | None = None
        orders = _Orders(seconds=seconds, memory_mb=memory_mb, with_html=with_html, with_language=with_language)
        self._workers = [_Worker(orders, recycle_mails) for _ in range(count)]
        self._idle: queue.LifoQueue[_Worker] = queue.LifoQueue()
        for worker in self._workers:
            self._idle.put(worker)

    @property
    def alive(self) -> bool:
        """Whether a process lives that mails can be given to."""
        return any(worker.alive for worker in self._workers)

    def start(self) -> None:
        """Have a process before there are mails for it. Raises ParseFailed when none can be started."""
        worker = self._idle.get()
        try:
            worker.living()
        finally:
            self._idle.put(worker)

    def parse_many(self, raws: Sequence[bytes]) -> list[Answer]:
        """One answer a mail, in order: the Mail, MailError where there is none, ParseFailed for one that was given up.

        Raises ParseFailed when no process can be started: that is no mail's fault.
        """
        with closing(self.begin(raws)) as parsing:
            return [answer for answers in parsing for answer in answers]

    def begin(self, raws: Sequence[bytes]) -> Parsing:
        """The same in bundles, begun at once, behind those that were begun before."""
        with self._lock:
            if self._pool is None:
                self._pool = ThreadPoolExecutor(self._count, thread_name_prefix="parse")
            return Parsing([self._pool.submit(self._parse, bundle) for bundle in _bundles(raws)])

    def close(self) -> None:
        """End the processes, after the mails that they have in hand; they would be started again when needed."""
        with self._lock:
            if self._pool is not None:
                self._pool.shutdown()
                self._pool = None
        workers = [self._idle.get() for _ in range(self._count)]
        for worker in workers:
            worker.end()
            self._idle.put(worker)

    def _parse(self, raws: Sequence[bytes]) -> list[Timed]:
        worker = self._idle.get()
        try:
            return worker.parse(raws)
        finally:
            self._idle.put(worker)


def _bundles(raws: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
    start = size = 0
    for index, raw in enumerate(raws):
        if index > start and (index - start >= BUNDLE_MAILS or size + len(raw) > BUNDLE_BYTES):
            yield raws[start:index]
            start, size = index, 0
        size += len(raw)
    if start < len(raws):
        yield raws[start:]


class _Died(Exception):
    """The process is no more; the text says what happened, as the end of a sentence."""


class _Worker:
    """One process after the other, used by one thread at a time."""

    def __init__(self, orders: _Orders, recycle_mails: int) -> None:
        self._orders = orders
        self._recycle_mails = recycle_mails
        self._process: _Process | None = None

    def parse(self, raws: Sequence[bytes]) -> list[Timed]:
        """All answers; a mail over which a new process died is given up, the others go on."""
        answers: list[Timed] = []
        while len(answers) < len(raws):
            process = self.living()
            began = time.monotonic()
            try:
                for answer in process.answers(raws[len(answers) :]):
                    answers.append(answer)
            except _Died as death:
                if process.answered == 0:
                    failed = ParseFailed(f"The mail could not be parsed: {death}.")
                    answers.append((failed, time.monotonic() - began))
        return answers

    @property
    def alive(self) -> bool:
        """Whether there is a process; may be asked from any thread."""
        process = self._process
        return process is not None and process.alive

    def end(self) -> None:
        """Let the process go."""
        if self._process is not None:
            self._process.end(END_SECONDS)
            self._process = None

    def living(self) -> _Process:
        """The process, a new one when it is dead or old."""
        process = self._process
        if process is None or not process.alive or process.answered >= self._recycle_mails:
            self.end()
            process = self._process = _Process(self._orders)
        return process


class _Process:
    """One process that parses, as its parent sees it; ``answered`` counts its mails."""

    def __init__(self, orders: _Orders) -> None:
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
        """One answer a mail. Raises _Died."""
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
                raise _Died(message) from error
            except (OSError, EOFError, pickle.UnpicklingError) as error:
                raise _Died(self._fate()) from error
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
            raise _Died(answer)
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


def _started(end: socket.socket, orders: _Orders) -> subprocess.Popen[bytes]:
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
