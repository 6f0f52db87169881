"""Takes in what is new in a folder: a position that only moves up, committed together with the bytes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from helpdesk import console
from helpdesk.config import Config
from helpdesk.errors import MailboxError, StoreError, StoreFull
from helpdesk.inbox import stub
from helpdesk.inbox.fetcher import Fetcher, Got
from helpdesk.inbox.folder import Folder, Info, account
from helpdesk.inbox.imap import Door
from helpdesk.inbox.waits import WAITS, Waits
from helpdesk.store import positions, queues, restores
from helpdesk.store.positions import ReadTo
from helpdesk.store.restores import Lost
from helpdesk.store.session import Store

INFOS_AT_ONCE = 500  # mails whose sizes are asked for in one command: the answer stays short

# A server's clock may be behind ours; what comes after the first start shall be acknowledged all the same.
CLOCK_SLACK = dt.timedelta(minutes=5)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What of a mailbox is taken in. ``since`` None: what comes after the first start."""

    mailbox: str
    account: str
    """The account and folder that the mailbox's name stands for (`folder.account`)."""
    folder: str
    files_away: bool
    """Whether mails are moved to another folder once they are kept."""
    since: dt.datetime | None
    maximum_bytes: int
    minimum_free_mb: int


def rules(config: Config, mailbox: str) -> Rules:
    """The rules of a mailbox; a date begins at midnight in the company's time zone."""
    box = config.mailboxes[mailbox]
    zone = ZoneInfo(config.company.timezone)
    return Rules(
        mailbox=mailbox,
        account=account(box.imap),
        folder=box.imap.folder,
        files_away=box.imap.done is not None,
        since=None if box.since == "now" else dt.datetime.combine(box.since, dt.time.min, tzinfo=zone),
        maximum_bytes=config.mail.maximum_mb * stub.MEGABYTE,
        minimum_free_mb=config.store.minimum_free_mb,
    )


def floor(what: Rules, place: ReadTo) -> dt.datetime | None:
    """What arrived before is not taken in; None while the UIDs alone tell what is new."""
    if what.since is not None:
        return what.since
    began = _second(place.began)
    read_anew = place.acknowledge_from >= began
    return began if read_anew else None


def first_day(least: dt.datetime | None) -> dt.date | None:
    """The day to ask the server from: it compares days by a calendar of its own zone, so one more than is meant."""
    return None if least is None else (least - dt.timedelta(days=1)).date()


def is_old(info: Info, least: dt.datetime | None) -> bool:
    """Whether a mail arrived before the instant from which on mail is taken in."""
    return least is not None and info.received is not None and info.received < least


class Reader:
    """Reads one mailbox; everything that must survive a restart is in the store."""

    def __init__(
        self,
        what: Rules,
        store: Store,
        *,
        now: Callable[[], dt.datetime],
        arrived: Callable[[], None],
        waits: Waits = WAITS,
    ) -> None:
        self._rules = what
        self._store = store
        self._now = now
        self._arrived = arrived
        self._fetcher = Fetcher(
            mailbox=what.mailbox, folder=what.folder, maximum_bytes=what.maximum_bytes, now=now, waits=waits
        )
        self._generation = 0
        self._reached = 0
        self._ahead: set[int] = set()  # kept already, above a mail that was not ready

    @property
    def rules(self) -> Rules:
        """What of the mailbox is taken in."""
        return self._rules

    @property
    def waits(self) -> bool:
        """Whether the server lists mails that it could not hand out yet."""
        return bool(self._fetcher.waiting)

    @property
    def generation(self) -> int:
        """That of the position, once there was a `read`: UIDs that were kept under another one are void."""
        return self._generation

    def read(self, door: Door, folder: Folder) -> int:
        """Take in everything above the position; the number of mails kept. Raises MailboxError, StoreError."""
        place = self._place(folder)
        day = first_day(floor(self._rules, place))
        self._fetcher.forget_vanished(door)
        kept, cursor = 0, place.uid
        while uids := door.uids_above(cursor, since=day):
            for start in range(0, len(uids), INFOS_AT_ONCE):
                chunk = uids[start : start + INFOS_AT_ONCE]
                kept += self._take(door, place, [uid for uid in chunk if uid not in self._ahead])
                cursor = chunk[-1]
                self._commit(place, [], reached=cursor)
        return kept

    def again(self, door: Door, place: ReadTo, uids: Sequence[int]) -> int:
        """Take in mails below ``place`` that were passed over; the position stays where it is. How many were kept.

        By the same rules as `read`: what is old stays, what arrived early is not acknowledged.
        """
        self._generation, self._reached = place.generation, place.uid
        chunks = (uids[start : start + INFOS_AT_ONCE] for start in range(0, len(uids), INFOS_AT_ONCE))
        return sum(self._take(door, place, chunk) for chunk in chunks)

    def _place(self, folder: Folder) -> ReadTo:
        """The kept position; begun at the first start, begun anew when all UIDs have become void."""
        with self._store.reading() as session:
            place = positions.get(session, self._rules.mailbox)
        if place is None:
            place = self._begin(folder)
        elif place.account != self._rules.account:
            self._require_first_look(place)
            place = self._begin_anew(folder, "account changed", before=place.account, after=self._rules.account)
        elif place.uidvalidity != folder.uidvalidity:
            numbers = {"before": place.uidvalidity, "after": folder.uidvalidity}
            place = self._begin_anew(folder, "uidvalidity changed", **numbers)
        if self._generation != place.generation:
            self._generation = place.generation
            self._ahead.clear()
            self._fetcher.forget()
        self._reached = place.uid
        return place

    def _require_first_look(self, place: ReadTo) -> None:
        """Another account is believed at the start only; taking turns would read everything anew for ever."""
        if self._generation:
            message = (
                f"Another process reads {place.account} for the mailbox {self._rules.mailbox}, this one "
                f"{self._rules.account}: give both the same configuration and start them again."
            )
            raise MailboxError(message)

    def _begin_anew(self, folder: Folder, why: str, **fields: object) -> ReadTo:
        """All UIDs are void: read from the bottom, and acknowledge nothing that lies there already."""
        console.problem(why, mailbox=self._rules.mailbox, **fields)
        return self._reset(folder, uid=0, acknowledge_from=_second(self._now()))

    def _begin(self, folder: Folder) -> ReadTo:
        now = self._now()
        with self._store.reading() as session:
            lost = restores.lately(session, now)
        if lost is not None:
            return self._begin_once_more(folder, lost)
        if self._rules.since is None:
            return self._reset(folder, uid=folder.uidnext - 1, acknowledge_from=now - CLOCK_SLACK)
        return self._reset(folder, uid=0, acknowledge_from=_second(now))

    def _begin_once_more(self, folder: Folder, lost: Lost) -> ReadTo:
        """The backup does not know this mailbox: take in what came since, by the rules of a mailbox that it knows."""
        since = lost.since - CLOCK_SLACK if self._rules.since is None else self._rules.since
        console.event("mailbox unknown to the backup", mailbox=self._rules.mailbox, since=since)
        again = Lost(since=_second(since), until=lost.until)
        return self._reset(folder, uid=0, acknowledge_from=lost.until, lost=again)

    def _reset(self, folder: Folder, *, uid: int, acknowledge_from: dt.datetime, lost: Lost | None = None) -> ReadTo:
        mailbox, now = self._rules.mailbox, self._now()
        with self._store.writing() as session:
            positions.reset(
                session,
                mailbox,
                account=self._rules.account,
                uidvalidity=folder.uidvalidity,
                uid=uid,
                acknowledge_from=acknowledge_from,
                now=now,
                lost=lost,
            )
            place = positions.get(session, mailbox)
        if place is None:
            raise StoreError
        console.event("mailbox begun", mailbox=mailbox, account=place.account, **_era(place), uid=uid)
        return place

    def _take(self, door: Door, place: ReadTo, uids: Sequence[int]) -> int:
        infos = self._fetcher.infos(door, uids) if uids else []
        least = floor(self._rules, place)
        wanted = [info for info in infos if not is_old(info, least)]
        if len(wanted) < len(infos):
            console.event("old mail left", mailbox=self._rules.mailbox, mails=len(infos) - len(wanted))
        kept = 0
        for batch in self._fetcher.batches(wanted):
            require_space(self._store, self._rules)
            got = self._fetcher.fetch(door, batch)
            self._commit(place, got, reached=batch[-1].uid)
            kept += len(got)
        return kept

    def _commit(self, place: ReadTo, got: Sequence[Got], *, reached: int) -> None:
        """Keep mails and move the position up in one transaction, not past a mail that is still waited for."""
        safe = min([reached, *(uid - 1 for uid in self._fetcher.waiting)])
        if got or safe > self._reached:
            now = self._now()
            with self._store.writing() as session:
                queues.keep(session, [self._mail(one, place, now) for one in got], now)
                positions.advance(session, self._rules.mailbox, **_era(place), uid=safe, now=now)
            self._reached = max(safe, self._reached)
        kept = self._ahead | {one.info.uid for one in got}
        self._ahead = {uid for uid in kept if uid > safe}
        if got:
            console.event("mail kept", mailbox=self._rules.mailbox, mails=len(got), uid=got[-1].info.uid)
            self._arrived()

    def _mail(self, got: Got, place: ReadTo, now: dt.datetime) -> queues.Fetched:
        received = _received(got.info, now)
        return queues.Fetched(
            mailbox=self._rules.mailbox,
            **_era(place),
            uid=got.info.uid,
            raw=got.raw,
            received=received,
            acknowledge=received >= place.acknowledge_from,
            again=place.restored is not None and received < _second(place.restored),
            source=got.source,
            filed=not (got.whole and self._rules.files_away),
        )


def require_space(store: Store, what: Rules) -> None:
    """Raises StoreFull while there is less room than the configuration wants: mail waits on the server."""
    free, needed = store.free_mb(), what.minimum_free_mb
    if free is not None and free < needed:
        message = f"Only {free} MB are free, less than minimum_free_mb = {needed}: mail waits on the server."
        raise StoreFull(message)


def _era(place: ReadTo) -> dict[str, int]:
    """What a UID must be said with."""
    return {"generation": place.generation, "uidvalidity": place.uidvalidity}


def _received(info: Info, now: dt.datetime) -> dt.datetime:
    """The server's time of arrival; ours when it tells none, or one that is still to come."""
    return now if info.received is None else min(info.received, now)


def _second(instant: dt.datetime) -> dt.datetime:
    """Servers tell arrival in whole seconds."""
    return instant.replace(microsecond=0)
