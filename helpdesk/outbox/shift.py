"""One run of the sender: letters are claimed, handed to the mail server, and what came of each is written down.

Claim, commit, network, commit. The store is only touched in threads, so that a database that is busy never keeps a
connection waiting for its next command; no session lives across an ``await``.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from typing import Any

from helpdesk import console
from helpdesk.config import tls
from helpdesk.errors import ChannelError, ChannelLost, ConfigError, StoreError
from helpdesk.outbox import judge, status
from helpdesk.outbox.means import Means
from helpdesk.outbox.outcomes import Broken, Outcome
from helpdesk.outbox.pool import Pool
from helpdesk.outbox.smtp import Connection
from helpdesk.outbox.writer import STORE_SECONDS, Writer
from helpdesk.store.queues import Ending, ToSend
from helpdesk.store.tables import OutgoingState

BATCH = 100  # letters claimed at once; what is not sent at a stop is handed back
LOW_WATER = 20  # with so few left the next batch is claimed, so that no connection waits for it
POLL_SECONDS = 5  # a letter that a shell command queued, or whose retry is due, waits at most so long
# Where letters are queued by another process nobody rings: a look every second is a small question to PostgreSQL.
POLL_ALONE_SECONDS = 1
# For each connection beside the one whose letter is first to be written down: so it is never what limits the letters a
# second, and with one connection, where no other letter can join, there is none.
GATHER_SECONDS = 0.001
HEART_SECONDS = 30  # between signs of life; the status worries after ten minutes
ONCE_SECONDS = 1  # a pause of at most this is waited for in a single pass: the first one, after a mere hiccup
STOP_SECONDS = 20  # for the letters in hand; then their connections are cut
CUT_SECONDS = 2  # for what was cut to be written down


class Shift:
    """One run of the sender, on one event loop."""

    def __init__(self, means: Means) -> None:
        self._means = means
        self._loop = asyncio.get_running_loop()
        self.news = asyncio.Event()
        self.settled = 0
        self._channel = means.channel
        self._status = means.status
        self._pool = Pool(self._connect)
        self._waiting: deque[ToSend] = deque()
        self._in_hand: set[int] = set()
        self._begins: dict[int, asyncio.Future[bool]] = {}
        self._store_rests_until = 0.0
        self._fault: BaseException | None = None
        self._workers: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Event()
        self._closing = False
        self._writer = Writer(
            means.ledger,
            written=lambda begun, ends: self.call(self._written, begun, ends),
            fails=lambda error: self.call(self._store_fails, error),
            gather_seconds=GATHER_SECONDS * (means.config.smtp.connections - 1),
        )
        self._writing = self._task(asyncio.to_thread(self._writer.run))
        self._beating = self._task(self._heart())

    def call(self, act: Callable[..., None], *arguments: object) -> None:
        """Do it on our loop soon; from any thread."""
        with suppress(RuntimeError):  # the loop has just been closed
            self._loop.call_soon_threadsafe(act, *arguments)

    async def work(self) -> None:
        """Until the sender is to stop."""
        while not self._means.stopping:
            if (seconds := self._rest_seconds()) > 0:
                await self._rest(seconds)
                continue
            await self._claim()
            if not (self._waiting or self._workers or self._channel.proven):
                await self._knock()
            self._hire()
            poll = POLL_ALONE_SECONDS if self._means.alone else POLL_SECONDS
            await self._rest(min(poll, self._rest_seconds() or poll))

    async def work_once(self) -> None:
        """Until nothing is due, or the channel or the store fails for more than a moment."""
        while not self._means.stopping and self._rest_seconds() <= ONCE_SECONDS:
            await asyncio.sleep(self._rest_seconds())
            await self._claim()
            self._hire()
            if not self._workers:
                return
            await asyncio.wait(self._workers, return_when=asyncio.FIRST_COMPLETED)
            self._check()

    async def end(self) -> None:
        """Finish the letters in hand, hand back the others, write everything down."""
        self._hand_back_waiting()
        try:
            await self._finish_workers()
            await self._pool.close_idle(seconds=0)
        finally:
            self._writer.close()
            self._closing = True
            self._changed.set()
        # Not cancelled: its threads would go on, and might say last that all is running.
        await asyncio.gather(self._writing, self._beating, return_exceptions=True)
        await asyncio.to_thread(self._means.failures.report)
        await asyncio.to_thread(self._status.beat, frozenset(self._in_hand), stopped=self._means.stopping)

    async def _finish_workers(self) -> None:
        late = self._workers
        if late:
            _, late = await asyncio.wait(late, timeout=STOP_SECONDS)
        if late:
            self._pool.cut()
            _, late = await asyncio.wait(late, timeout=CUT_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._workers.discard(task)
        if not task.cancelled() and (fault := task.exception()) is not None:
            self._fault = fault
        self.news.set()

    def _check(self) -> None:
        """A part of ours that died takes the whole with it; it is started again from outside."""
        if self._fault is not None:
            raise self._fault

    async def _rest(self, seconds: float) -> None:
        """Until there is something to do, at most so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.news.wait()
        self.news.clear()
        self._check()

    def _rest_seconds(self) -> float:
        return max(self._channel.rest_seconds, self._store_rests_until - time.monotonic())

    async def _claim(self) -> None:
        """Fetch letters while there is room; when the channel is doubtful, one, to see whether it passes."""
        probing = self._channel.probing
        if len(self._waiting) > LOW_WATER or (probing and (self._workers or self._waiting)):
            return
        try:
            claimed = await asyncio.to_thread(
                self._means.ledger.claim, 1 if probing else BATCH, in_hand=frozenset(self._in_hand)
            )
        except StoreError as error:
            self._store_fails(error)
            self._store_rests_until = time.monotonic() + STORE_SECONDS
            return
        self._store_works()
        # After a long sleep our own claim may have run out while the letter still lies here.
        new = [letter for letter in claimed if letter.id not in self._in_hand]
        self._waiting.extend(new)
        self._in_hand.update(letter.id for letter in new)

    def _hire(self) -> None:
        most = 1 if self._channel.probing else self._means.config.smtp.connections
        for _ in range(min(most - len(self._workers), len(self._waiting))):
            self._workers.add(self._task(self._labour()))

    async def _labour(self) -> None:
        while self._waiting and not self._means.stopping:
            letter = self._waiting.popleft()
            if len(self._waiting) == LOW_WATER:
                self.news.set()
            await self._send(letter)

    async def _send(self, letter: ToSend) -> None:
        end = judge.before(letter, channel=self._channel, now=self._means.now())
        if end is None:
            try:
                outcome = await self._outcome(letter)
            except (ChannelError, ConfigError) as error:
                self._channel.fails(error, connecting=True)
                end = judge.handed_back(letter)
            else:
                end = judge.after(letter, outcome, channel=self._channel, now=self._means.now())
        self._settle(letter, end)
        self._look_round()

    async def _outcome(self, letter: ToSend) -> Outcome:
        outcome, used = await self._deliver(letter, fresh=False)
        if isinstance(outcome, Broken) and used and isinstance(outcome.error, ChannelLost):
            # Servers hang up on connections that rested or sent enough; that says nothing about them or the letter.
            outcome, _ = await self._deliver(letter, fresh=True)
        return outcome

    async def _deliver(self, letter: ToSend, *, fresh: bool) -> tuple[Outcome, bool]:
        """What came of it, and whether the connection had been used before."""
        connection: Connection | None = None
        try:
            connection = await self._pool.take(fresh=fresh)
            used = connection.letters > 0
            return await connection.deliver(letter, begin=lambda: self._begun(letter)), used
        except asyncio.CancelledError:
            # An end in haste. What the server may have is settled as unknown when the claim has run out.
            if connection is None or not connection.handed_over:
                self._writer.settle(judge.handed_back(letter))
            raise
        finally:
            if connection is not None:
                self._pool.give_back(connection)

    async def _begun(self, letter: ToSend) -> bool:
        """Whether the letter may be handed over, now that it is written down that it will be."""
        answer: asyncio.Future[bool] = self._loop.create_future()
        self._begins[letter.id] = answer
        self._writer.begun(letter.id)
        return await answer

    async def _connect(self) -> Connection:
        config = self._means.config
        smtp = config.smtp
        context = None if smtp.security == "none" else tls.context(smtp, config.site)
        password = config.secret(smtp) if smtp.user is not None else ""
        connection = await Connection.open(smtp, password=password, context=context)
        console.event("smtp connected", host=smtp.host, security=smtp.security)
        self._channel.connected()
        self._tell()
        return connection

    async def _knock(self) -> None:
        """See whether the server lets us in, without a letter."""
        try:
            self._pool.give_back(await self._pool.take())
        except (ChannelError, ConfigError) as error:
            self._channel.fails(error, connecting=True)
        self._look_round()

    def _look_round(self) -> None:
        """While the channel rests, the letters wait in the queue and lose nothing."""
        if self._channel.rest_seconds:
            self._hand_back_waiting()
        self._tell()

    def _settle(self, letter: ToSend, end: Ending | None) -> None:
        if end is None:
            self._in_hand.discard(letter.id)
            console.event("letter taken over by another sender", letter=letter.id)
            return
        self.settled += status.tell_end(letter, end)
        self._writer.settle(end)

    def _hand_back_waiting(self) -> None:
        while self._waiting:
            self._writer.settle(judge.handed_back(self._waiting.popleft()))

    def _written(self, begun: Mapping[int, bool], endings: Sequence[Ending]) -> None:
        self._store_works()
        for letter, ours in begun.items():
            answer = self._begins.pop(letter, None)
            if answer is not None and not answer.done():
                answer.set_result(ours)
        self._in_hand.difference_update(end.id for end in endings)
        if any(end.state is OutgoingState.FAILED for end in endings):
            self._changed.set()

    def _store_fails(self, error: StoreError) -> None:
        self._status.store_trouble = error
        self._tell()

    def _store_works(self) -> None:
        self._status.store_trouble = None
        self._tell()

    def _tell(self) -> None:
        """The status learns of a change at the next beat, which is now."""
        if self._status.tell():
            self._changed.set()

    async def _heart(self) -> None:
        """Signs of life, failures to be told of, and connections that have rested long enough."""
        while not self._closing:
            self._channel.forget_senders(self._means.now())
            self._tell()
            self._changed.clear()
            await asyncio.to_thread(self._status.beat, frozenset(self._in_hand))
            await asyncio.to_thread(self._means.failures.report)
            await self._pool.close_idle()
            with suppress(TimeoutError):
                async with asyncio.timeout(HEART_SECONDS):
                    await self._changed.wait()
