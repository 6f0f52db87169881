"""After a restored backup: mails that were filed away since it come in once more, from the folder for what is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice

from helpdesk import console
from helpdesk.errors import ServerRefused
from helpdesk.inbox.fetcher import STRIKES, UNREADABLE, Fetcher, Got
from helpdesk.inbox.folder import Folder, Info
from helpdesk.inbox.imap import Door
from helpdesk.inbox.reader import INFOS_AT_ONCE, Rules, first_day, is_old, require_space
from helpdesk.inbox.waits import WAITS, Waits
from helpdesk.store import positions, queues
from helpdesk.store.positions import ReadTo
from helpdesk.store.session import Store

# Before new mail is looked for again: 64 MB, which slow lines carry in a minute.
BATCHES_AT_ONCE = 16
# Looks that failed in a row, after which the next one waits for its turn like any look at the mailbox: by then a mail
# over which the line breaks has been put aside, so the trouble is another.
HASTY_FALLS = 2 * STRIKES


@dataclass(frozen=True, kw_only=True, slots=True)
class _Era:
    """What the search goes on under: another restore or another UIDVALIDITY is another search."""

    uidvalidity: int
    restored: dt.datetime | None


class Again:
    """The search in one mailbox, in pieces; how far it came is in the store. Nothing to do but after a restore."""

    def __init__(
        self,
        rules: Rules,
        done: str | None,
        store: Store,
        *,
        now: Callable[[], dt.datetime],
        arrived: Callable[[], None],
        waits: Waits = WAITS,
    ) -> None:
        """``arrived`` is called after each batch, which is a sign of life, too."""
        self._rules = rules
        self._done = done
        self._store = store
        self._now = now
        self._arrived = arrived
        self._fetcher = Fetcher(
            mailbox=rules.mailbox, folder=done or "", maximum_bytes=rules.maximum_bytes, now=now, waits=waits
        )
        self._era: _Era | None = None
        self._reached = 0  # looked at; what the server could not hand out below is asked for again
        self._more = self._fell = False
        self._falls = 0
        self._complaint: str | None = None
        self._missing = False

    @property
    def more(self) -> bool:
        """Whether the next look need not wait."""
        return self._more

    @property
    def waits(self) -> bool:
        """Whether the server lists mails that it could not hand out yet: look again soon."""
        return bool(self._fetcher.waiting)

    @property
    def complaint(self) -> str | None:
        """Why the folder could not be looked through; it is tried again."""
        return self._complaint

    @property
    def bars_filing(self) -> bool:
        """Whether nothing may be moved: that would make the folder that is missing, and end the search."""
        return self._missing

    def look(self, door: Door) -> int:
        """Keep what the ledger has not, of the next piece; how many mails. May leave another folder open.

        After one that failed nothing is done once: new mail goes before what makes trouble. May be cut at any point:
        what was kept is known by its bytes the next time. Raises ConnectionLost, StoreError.
        """
        self._more = False
        if self._fell:
            self._fell = False
            self._more = self._falls < HASTY_FALLS
            return 0
        self._complaint = None
        self._missing = False
        with self._store.reading() as session:
            place = positions.get(session, self._rules.mailbox)
        if place is None:
            # When it is begun, it may turn out that a backup lost it.
            self._more = True
            return 0
        # Another account's folder has nothing to do with the backup.
        if place.done_again_from is None or place.account != self._rules.account:
            return 0
        self._fell = True
        self._falls += 1
        kept = self._look_or_complain(door, place, place.done_again_from)
        self._fell = False
        self._falls = 0
        return kept

    def _look_or_complain(self, door: Door, place: ReadTo, since: dt.datetime) -> int:
        try:
            return self._look(door, place, since)
        except ServerRefused as error:
            self._complaint = str(error)
            return 0

    def _look(self, door: Door, place: ReadTo, since: dt.datetime) -> int:
        if self._done is None or not door.has_own(self._done):
            self._miss(place)
            return 0
        folder = door.select(self._done, readonly=True, own=True)
        self._go_on(place, folder)
        kept = self._piece(door, folder, since.replace(microsecond=0))  # servers tell arrival in whole seconds
        if not self._more and not self.waits:
            self._end(folder=folder.name, since=since)
        return kept

    def _miss(self, place: ReadTo) -> None:
        """There is nothing to look through; that is as it should be where nothing can have been filed."""
        noted = place.done_again_folder
        if noted is None and not (self._done is not None and self._may_have_filed(place)):
            self._end()
        elif self._done is not None:
            self._missing = True
            moved = f"was moved to {noted}" if noted else "may have been moved there"
            self._complaint = (
                f"The folder {self._done} is not there. Mail {moved} before the backup was restored: give it its name "
                "again, or make an empty one. Until then nothing is moved."
            )

    def _may_have_filed(self, place: ReadTo) -> bool:
        """No name was noted by versions before, before the first move, or where the server does not tell its state."""
        with self._store.reading() as session:
            return queues.may_have_filed(session, place)

    def _go_on(self, place: ReadTo, folder: Folder) -> None:
        """From where the store says, unless this process has come further."""
        era = _Era(uidvalidity=folder.uidvalidity, restored=place.restored)
        if era != self._era:
            self._era = era
            same = (place.done_again_folder, place.done_again_uidvalidity) == (folder.name, folder.uidvalidity)
            self._reached = (place.done_again_uid or 0) if same else 0
            self._fetcher.forget()

    def _piece(self, door: Door, folder: Folder, since: dt.datetime) -> int:
        uids = door.uids_above(self._reached, since=first_day(since))[:INFOS_AT_ONCE]
        asked = sorted({*self._fetcher.waiting, *uids})
        infos = [info for info in self._fetcher.infos(door, asked) if not is_old(info, since)]
        batches = list(self._fetcher.batches(infos))
        kept = 0
        for batch in islice(batches, BATCHES_AT_ONCE):
            kept += self._take(door, folder, batch)
        if len(batches) <= BATCHES_AT_ONCE and uids:
            self._commit([], folder, reached=uids[-1])
        self._more = bool(uids)
        return kept

    def _take(self, door: Door, folder: Folder, batch: Sequence[Info]) -> int:
        require_space(self._store, self._rules)
        kept = self._commit(self._fetcher.fetch(door, batch), folder, reached=batch[-1].uid)
        self._arrived()
        return kept

    def _commit(self, got: Sequence[Got], folder: Folder, *, reached: int) -> int:
        """In the transaction that looks whether they are known. What is too large was never filed by us."""
        ours = [one for one in got if one.whole or one.source == UNREADABLE]
        now, mailbox = self._now(), self._rules.mailbox
        self._reached = max(self._reached, reached)
        safe = min([self._reached, *(uid - 1 for uid in self._fetcher.waiting)])
        with self._store.writing() as session:
            new = queues.new_here(session, mailbox, [one.raw for one in ours])
            mails = [self._mail(one, now) for one, is_new in zip(ours, new, strict=True) if is_new]
            queues.keep(session, mails, now)
            positions.done_read_to(session, mailbox, folder=folder.name, uidvalidity=folder.uidvalidity, uid=safe)
        return len(mails)

    def _end(self, **fields: object) -> None:
        """Do not look again."""
        with self._store.writing() as session:
            positions.done_read_again(session, self._rules.mailbox)
        console.event("filed mail read again", mailbox=self._rules.mailbox, **fields)

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
