"""Mails are parsed in processes of their own: one that crashes, hangs or eats memory there harms only itself.

Mails go there in bundles, answers come back one by one, so that it is known over which mail a process died. Nobody is
condemned for his neighbours: such a mail is tried once more as the first of a new process before it is given up.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing

from helpdesk.errors import ParseFailed
from helpdesk.parse_worker.process import END_SECONDS, Answer, Died, Orders, Process, Timed

RECYCLE_MAILS = 5_000  # then a process makes room for a new one: what libraries leak is given back
# Cross at once and are written in one transaction; meanwhile the next ones are parsed. With fewer the commits take
# longer than all else on a slow disk, with more the first mail would wait long for the last.
BUNDLE_MAILS = 25
BUNDLE_BYTES = 4 * 2**20  # a bundle lies in the child's memory beside the mail at hand; a larger mail goes alone


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
        orders = Orders(seconds=seconds, memory_mb=memory_mb, with_html=with_html, with_language=with_language)
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


class _Worker:
    """One process after the other, used by one thread at a time."""

    def __init__(self, orders: Orders, recycle_mails: int) -> None:
        self._orders = orders
        self._recycle_mails = recycle_mails
        self._process: Process | None = None

    def parse(self, raws: Sequence[bytes]) -> list[Timed]:
        """All answers; a mail over which a new process died is given up, the others go on."""
        answers: list[Timed] = []
        while len(answers) < len(raws):
            process = self.living()
            began = time.monotonic()
            try:
                for answer in process.answers(raws[len(answers) :]):
                    answers.append(answer)
            except Died as death:
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

    def living(self) -> Process:
        """The process, a new one when it is dead or old."""
        process = self._process
        if process is None or not process.alive or process.answered >= self._recycle_mails:
            self.end()
            process = self._process = Process(self._orders)
        return process
