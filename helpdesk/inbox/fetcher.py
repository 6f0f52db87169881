"""Gets mails from the server in batches, with patience for those that it lists but does not hand out (yet)."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

from helpdesk import console
from helpdesk.errors import ConnectionLost, ServerRefused
from helpdesk.inbox import stub
from helpdesk.inbox.folder import Info
from helpdesk.inbox.imap import Door
from helpdesk.inbox.waits import WAITS, Waits

BATCH_MAILS = 100  # fetched and committed together; twice as many are only a tenth faster
BATCH_BYTES = 4 * 2**20  # held in memory at once, several times over; a larger mail goes alone

# Some servers list a mail before its content exists. After this it is not waited for any longer.
EMPTY_PATIENCE = dt.timedelta(minutes=15)
# Connections that broke over one mail, fetched alone. Then it is put aside like an empty one, as it may be the mail or
# the line: the others come in, and it is tried again from time to time as long as it is waited for.
STRIKES = 5

UNREADABLE = "imap-unreadable"  # the source of a note in the place of a mail that the server does not hand out


@dataclass(frozen=True, kw_only=True, slots=True)
class Got:
    """What came for a mail; not ``whole``: a note stands in for it, the mail itself is to be left where it is."""

    info: Info
    raw: bytes
    source: str
    whole: bool


class Fetcher:
    """For one mailbox; remembers which mails the server was not ready to hand out, and which it broke over."""

    def __init__(
        self, *, mailbox: str, folder: str, maximum_bytes: int, now: Callable[[], dt.datetime], waits: Waits = WAITS
    ) -> None:
        self._mailbox = mailbox
        self._folder = folder
        self._maximum = maximum_bytes
        self._now = now
        # By then a connection has proved to be a good one, so that the next break is not another one in a row.
        self._between_tries = dt.timedelta(seconds=2 * waits.steady)
        self._waiting: dict[int, dt.datetime] = {}
        self._suspects: set[int] = set()  # in the batch over which the connection broke
        self._strikes: Counter[int] = Counter()
        self._next_try: dict[int, dt.datetime] = {}

    @property
    def waiting(self) -> Collection[int]:
        """UIDs of mails that the server lists but could not hand out yet."""
        return self._waiting.keys()

    def forget(self) -> None:
        """UIDs mean other mails from now on."""
        self._waiting.clear()
        self._suspects.clear()
        self._strikes.clear()
        self._next_try.clear()

    def forget_vanished(self, door: Door) -> None:
        """Do not wait for mails that somebody has removed meanwhile."""
        if self._waiting:
            there = door.still_there(list(self._waiting))
            self._settle([uid for uid in self._waiting if uid not in there])

    def infos(self, door: Door, uids: Sequence[int]) -> list[Info]:
        """Size and arrival of mails; of size 0 when the server lists one but tells nothing of it."""
        told = {info.uid: info for info in self._told(door, uids)}
        silent = door.still_there([uid for uid in uids if uid not in told])
        told |= {uid: Info(uid=uid, size=0, received=None) for uid in silent}
        self._settle(uid for uid in uids if uid not in told)
        return [told[uid] for uid in sorted(told)]

    def batches(self, infos: Sequence[Info]) -> Iterator[list[Info]]:
        """In order, limited by count and size; after a broken connection the mails of that batch one by one."""
        batch: list[Info] = []
        size = 0
        for info in infos:
            weight = min(info.size, self._maximum)
            alone = {info.uid, *(other.uid for other in batch[-1:])} & self._suspects
            if batch and (alone or len(batch) >= BATCH_MAILS or size + weight > BATCH_BYTES):
                yield batch
                batch, size = [], 0
            batch.append(info)
            size += weight
        if batch:
            yield batch

    def fetch(self, door: Door, batch: Sequence[Info]) -> list[Got]:
        """What the server hands out, in order; mails that vanished or are not ready are missing."""
        tried = [info for info in batch if self._worth_a_try(info.uid)]
        bodies = self._bodies(door, [info for info in tried if info.size <= self._maximum])
        got = [self._got(door, info, bodies) if info in tried else self._put_aside(info) for info in batch]
        self._suspects.difference_update(info.uid for info in batch)
        return [one for one in got if one is not None]

    def _told(self, door: Door, uids: Sequence[int]) -> list[Info]:
        try:
            return door.infos(uids)
        except ServerRefused:
            return [] if len(uids) == 1 else [info for uid in uids for info in self._told(door, [uid])]

    def _bodies(self, door: Door, infos: Sequence[Info]) -> dict[int, bytes]:
        """Bytes by UID: empty for those that are listed but not handed out, missing for those that vanished."""
        uids = [info.uid for info in infos]
        if not uids:
            return {}
        try:
            bodies = self._asked(door, uids)
            # A body that is shorter than announced may still be on its way; some servers just cannot count.
            if short := [info.uid for info in infos if 0 < len(bodies.get(info.uid, b"")) < info.size]:
                bodies |= self._asked(door, short)
        except ConnectionLost:
            self._broke(uids)
            raise
        return bodies | dict.fromkeys(door.still_there([uid for uid in uids if uid not in bodies]), b"")

    def _asked(self, door: Door, uids: Sequence[int]) -> dict[int, bytes]:
        try:
            return door.bodies(uids)
        except ServerRefused:
            # One mail that the server cannot read must not hold back its neighbours.
            return {} if len(uids) == 1 else {k: v for uid in uids for k, v in self._asked(door, [uid]).items()}

    def _worth_a_try(self, uid: int) -> bool:
        return self._strikes[uid] < STRIKES or self._now() >= self._next_try[uid]

    def _broke(self, uids: Sequence[int]) -> None:
        self._suspects.update(uids)
        if len(uids) == 1:
            self._strikes[uids[0]] += 1
            self._next_try[uids[0]] = self._now() + self._between_tries

    def _got(self, door: Door, info: Info, bodies: dict[int, bytes]) -> Got | None:
        if info.size > self._maximum:
            return self._oversize(door, info)
        raw = bodies.get(info.uid)
        if raw:
            self._settle([info.uid])
            self._compare(info, raw)
            return Got(info=info, raw=raw, source="imap", whole=True)
        if raw is None:
            self._settle([info.uid])
            return None
        return self._put_aside(info)

    def _put_aside(self, info: Info) -> Got | None:
        """Wait for it; a note in its place when that has taken too long."""
        return None if self._patient(info.uid) else self._unreadable(info)

    def _oversize(self, door: Door, info: Info) -> Got | None:
        try:
            header = door.header(info.uid)
        except ServerRefused:
            header = b""
        except ConnectionLost:
            self._broke([info.uid])
            raise
        self._settle([info.uid])
        if header is None:
            return None
        raw = stub.oversize(header, size=info.size, limit=self._maximum, folder=self._folder)
        console.problem("mail too large", mailbox=self._mailbox, uid=info.uid, size=info.size)
        return Got(info=info, raw=raw, source="imap-oversize", whole=False)

    def _unreadable(self, info: Info) -> Got:
        self._settle([info.uid])
        console.problem("mail not handed out", mailbox=self._mailbox, uid=info.uid)
        raw = stub.unreadable(uid=info.uid, folder=self._folder)
        return Got(info=info, raw=raw, source=UNREADABLE, whole=False)

    def _patient(self, uid: int) -> bool:
        now = self._now()
        return now - self._waiting.setdefault(uid, now) < EMPTY_PATIENCE

    def _settle(self, uids: Iterator[int] | Sequence[int]) -> None:
        for uid in uids:
            self._waiting.pop(uid, None)
            self._strikes.pop(uid, None)
            self._next_try.pop(uid, None)

    def _compare(self, info: Info, raw: bytes) -> None:
        if len(raw) != info.size:
            console.event("size differs", mailbox=self._mailbox, uid=info.uid, told=info.size, came=len(raw))
