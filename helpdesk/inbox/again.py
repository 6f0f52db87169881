"""After a restored backup: mails that were filed away since it come in once more, from the folder for what is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence

from helpdesk import console
from helpdesk.inbox.fetcher import Fetcher, Got
from helpdesk.inbox.folder import Info
from helpdesk.inbox.imap import Door
from helpdesk.inbox.reader import INFOS_AT_ONCE, Rules, require_space
from helpdesk.store import positions, queues
from helpdesk.store.session import Store


def read(
    door: Door,
    rules: Rules,
    done: str | None,
    store: Store,
    *,
    now: Callable[[], dt.datetime],
    arrived: Callable[[], None],
) -> int:
    """Keep what the ledger has not; how many mails. Nothing to do but after a restore. Leaves another folder open.

    May be cut at any point: what was kept is known by its bytes the next time. Raises MailboxError, StoreError.
    """
    with store.reading() as session:
        place = positions.get(session, rules.mailbox)
    # Another account's folder has nothing to do with the backup.
    since = place.done_again_from if place is not None and place.account == rules.account else None
    if place is None or place.done_again_from is None:
        return 0
    search = _Search(door, rules, done or "", store, now)
    if done is None or since is None or not door.has_own(done):
        search.end(0)
        return 0
    folder = door.select(done, readonly=True, own=True)
    kept = search.keep_new(since)
    arrived()
    if not search.waits:
        search.end(kept, folder=folder.name, since=since)
    return kept


class _Search:
    """One pass over the folder."""

    def __init__(self, door: Door, rules: Rules, done: str, store: Store, now: Callable[[], dt.datetime]) -> None:
        self._door = door
        self._rules = rules
        self._store = store
        self._now = now
        self._fetcher = Fetcher(mailbox=rules.mailbox, folder=done, maximum_bytes=rules.maximum_bytes, now=now)

    @property
    def waits(self) -> bool:
        """Whether the server lists mails that it could not hand out yet: look again."""
        return bool(self._fetcher.waiting)

    def keep_new(self, since: dt.datetime) -> int:
        """Keep what arrived since then and is not known; how many mails."""
        kept = cursor = 0
        # The server compares days by a calendar of its own zone.
        while uids := self._door.uids_above(cursor, since=(since - dt.timedelta(days=1)).date()):
            for start in range(0, len(uids), INFOS_AT_ONCE):
                chunk = uids[start : start + INFOS_AT_ONCE]
                infos = [info for info in self._fetcher.infos(self._door, chunk) if _since(info, since)]
                for batch in self._fetcher.batches(infos):
                    require_space(self._store, self._rules)
                    kept += self._keep(self._fetcher.fetch(self._door, batch))
            cursor = uids[-1]
        return kept

    def end(self, kept: int, **fields: object) -> None:
        """Do not look again."""
        with self._store.writing() as session:
            positions.done_read_again(session, self._rules.mailbox)
        console.event("filed mail read again", mailbox=self._rules.mailbox, mails=kept, **fields)

    def _keep(self, got: Sequence[Got]) -> int:
        """In the transaction that looks whether they are known; what is not handed out whole was never filed by us."""
        whole = [one for one in got if one.whole]
        now = self._now()
        with self._store.writing() as session:
            new = queues.new_here(session, self._rules.mailbox, [one.raw for one in whole])
            mails = [self._mail(one, now) for one, is_new in zip(whole, new, strict=True) if is_new]
            queues.keep(session, mails, now)
        return len(mails)

    def _mail(self, got: Got, now: dt.datetime) -> queues.Fetched:
        return queues.Fetched(
            mailbox=self._rules.mailbox,
            raw=got.raw,
            received=min(got.info.received or now, now),
            acknowledge=False,
            again=True,
            source=got.source,
            filed=True,
        )


def _since(info: Info, since: dt.datetime) -> bool:
    # Servers tell arrival in whole seconds.
    return info.received is None or info.received >= since.replace(microsecond=0)
