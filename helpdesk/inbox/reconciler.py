"""Compares one mailbox on its server with the ledger, and mends what can be mended, beside a running daemon or without.

Nothing is changed on the server, and no bodies are fetched but those of mails that were passed over.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import ceil

from helpdesk.config import Config
from helpdesk.console import counted
from helpdesk.desk.changes import LedgerOutcome
from helpdesk.errors import ConfigError, MailboxError, StoreBusy
from helpdesk.inbox import comparing
from helpdesk.inbox.comparing import Compared, Difference, Finding, Ledger, Server
from helpdesk.inbox.folder import Folder
from helpdesk.inbox.imap import Door
from helpdesk.inbox.reader import INFOS_AT_ONCE, Reader, first_day, floor, is_old, rules
from helpdesk.store import accounting, leases, positions, reconciliations
from helpdesk.store.positions import ReadTo
from helpdesk.store.session import Store

LEASE_SECONDS = 600  # ten thousand passed-over mails are fetched in less; for so long a process that died is waited for

PASSED_OVER = "passed over, although later mail was taken in"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How a mailbox compares. Every mail that arrived is accounted for when it has ended in an outcome."""

    mailbox: str
    account: str
    in_folder: int
    """Mails in the folder now, of which ``kept`` are in the ledger; ``before_start`` never will be."""
    kept: int
    before_start: int
    endings: Mapping[LedgerOutcome, int]
    on_the_way: int
    """Kept, and not handled yet."""
    new: int
    """On the server, and not fetched yet."""
    findings: tuple[Finding, ...]

    @property
    def missing(self) -> int:
        """Mails that were passed over and could not be taken in."""
        return sum(len(each.numbers) for each in self.staying if each.what is Difference.MISSED)

    @property
    def accounted(self) -> int:
        return sum(self.endings.values())

    @property
    def arrived(self) -> int:
        return self.accounted + self.on_the_way + self.new + self.missing

    @property
    def staying(self) -> list[Finding]:
        """What was not mended."""
        return [finding for finding in self.findings if not finding.mended]

    @property
    def keys(self) -> list[str]:
        """Of all that stays."""
        return [key for finding in self.staying for key in finding.keys]


class Reconciler:
    """For one mailbox. Two at once would do no harm but fetch the same mails, so a lease lets one in."""

    def __init__(
        self, *, name: str, config: Config, store: Store, now: Callable[[], dt.datetime], process: str
    ) -> None:
        """``name`` is the mailbox's."""
        self._rules = rules(config, name)
        self._imap = config.mailboxes[name].imap
        self._config = config
        self._store = store
        self._now = now
        self._process = process

    def run(self, *, move: bool = False) -> Report:
        """Compare, mend, and remember how it was. ``move``: mails that lie there although they were moved go once more.

        Raises MailboxError and ConfigError, which are remembered as well; StoreError, StoreBusy when another process
        is at it.
        """
        with self._alone():
            try:
                report = self._reconciled(move=move)
            except (MailboxError, ConfigError) as error:
                with self._store.writing() as session:
                    reconciliations.failed(session, self._rules.mailbox, str(error), now=self._now())
                raise
            with self._store.writing() as session:
                reconciliations.compared(
                    session,
                    report.mailbox,
                    account=report.account,
                    arrived=report.arrived,
                    accounted=report.accounted,
                    findings=[finding.as_json() for finding in report.staying],
                    keys=report.keys,
                    now=self._now(),
                )
        return report

    @contextmanager
    def _alone(self) -> Iterator[None]:
        name = f"reconcile:{self._rules.mailbox}"
        with self._store.writing() as session:
            held = leases.acquire(session, name, owner=self._process, now=self._now(), seconds=LEASE_SECONDS)
        if held is None:
            message = (
                f"The mailbox {self._rules.mailbox} is being compared by another process; try again in ten minutes."
            )
            raise StoreBusy(message)
        try:
            yield
        finally:
            with self._store.writing() as session:
                leases.release(session, held)

    def _reconciled(self, *, move: bool) -> Report:
        door = Door(self._imap, password=self._config.secret(self._imap), site=self._config.site)
        whole = False
        try:
            report = self._compared(door, move=move)
            whole = True
        finally:
            door.close(polite=whole)
        return report

    def _compared(self, door: Door, *, move: bool) -> Report:
        # In this order nothing that the daemon fetches meanwhile looks like a difference: it is above the position.
        folder = door.select(self._rules.folder, readonly=True)
        place = self._place(folder)
        uids = frozenset(_uids(door))
        ledger = self._ledger(place, uids)
        server = Server(uids=uids, old=self._old(door, place, comparing.unknown(Server(uids=uids), ledger)))
        found = comparing.compare(server, ledger, files_away=self._rules.files_away, now=self._now())
        if found.left:
            # What it moved meanwhile was listed before and is in the ledger as moved now: look anew, as a server may
            # show a folder as it was when it was opened.
            door.select(self._rules.folder, readonly=True)
            still = frozenset(_uids(door))
            found = replace(found, left=tuple(uid for uid in found.left if uid in still))
        findings = [
            *self._fetched(door, place, found.missed),
            *self._settled(place, found),
            *self._unmoved(place, found, ledger, move=move),
        ]
        return self._report(place, found, findings, in_folder=len(uids))

    def _place(self, folder: Folder) -> ReadTo:
        """The kept position, under which the UIDs of the folder mean what they mean in the ledger."""
        mailbox = self._rules.mailbox
        with self._store.reading() as session:
            place = positions.get(session, mailbox)
        if place is None:
            message = f"The mailbox {mailbox} has never been read: there is nothing to compare before `helpdesk run`."
        elif place.account != self._rules.account:
            message = (
                f"The mailbox {mailbox} is {self._rules.account} now, and the ledger knows {place.account}: "
                "`helpdesk run` reads it from the beginning, then it can be compared."
            )
        elif place.uidvalidity != folder.uidvalidity:
            message = (
                f"All UIDs of {place.account} have become void (UIDVALIDITY was {place.uidvalidity}, is "
                f"{folder.uidvalidity}): the daemon reads it from the beginning, then it can be compared."
            )
        else:
            return place
        raise MailboxError(message)

    def _ledger(self, place: ReadTo, uids: frozenset[int]) -> Ledger:
        with self._store.reading() as session:
            entries = accounting.entries(session, place, uids)
        return Ledger(generation=place.generation, start=place.start_uid, read_to=place.uid, entries=entries)

    def _old(self, door: Door, place: ReadTo, unknown: Sequence[int]) -> frozenset[int]:
        """Those of these mails that arrived before the instant from which on mail is taken in."""
        least = floor(self._rules, place)
        if least is None and place.start_uid is None:
            least = place.began
        day = first_day(least)
        if day is None or not unknown:
            return frozenset()
        recent = frozenset(_uids(door, since=day)) & frozenset(unknown)
        asked = sorted(recent)
        chunks = (asked[start : start + INFOS_AT_ONCE] for start in range(0, len(asked), INFOS_AT_ONCE))
        old = {info.uid for chunk in chunks for info in door.infos(chunk) if is_old(info, least)}
        return frozenset(unknown) - recent | old

    def _fetched(self, door: Door, place: ReadTo, missed: Sequence[int]) -> list[Finding]:
        """Mails that were passed over, taken in as the watcher would have done."""
        if not missed:
            return []
        reader = Reader(self._rules, self._store, now=self._now, arrived=lambda: None)
        reader.again(door, place, missed)
        with self._store.reading() as session:
            known = {entry.uid for entry in accounting.entries(session, place, missed)}
        there = door.still_there([uid for uid in missed if uid not in known])
        found = []
        for uid in missed:
            if uid in known:
                found.append(
                    self._finding(place, Difference.MISSED, (uid,), f"{PASSED_OVER}; fetched now", mended=True)
                )
            elif uid in there:
                why = f"{PASSED_OVER}, and the server lists it but does not hand it out"
                found.append(self._finding(place, Difference.MISSED, (uid,), why))
        return comparing.grouped(found)

    def _settled(self, place: ReadTo, found: Compared) -> list[Finding]:
        """Somebody was faster than the daemon: nothing is left to be moved."""
        if not found.gone:
            return []
        with self._store.writing() as session:
            # The daemon may have moved and noted some of them in this moment.
            news = accounting.settle(session, found.gone)
        why = f"kept here, and moved or deleted by somebody before we moved it; left out of {self._rules.folder}"
        return [self._finding(place, Difference.GONE, tuple(news), why, mended=True)] if news else []

    def _unmoved(self, place: ReadTo, found: Compared, ledger: Ledger, *, move: bool) -> list[Finding]:
        findings = []
        if found.not_moved:
            why = (
                f"kept here but still to be moved to {self._imap.done}; `helpdesk status` says what hinders the daemon"
            )
            findings.append(self._finding(place, Difference.NOT_MOVED, found.not_moved, why))
        if found.left and move:
            with self._store.writing() as session:
                accounting.move_again(session, [entry.id for entry in ledger.entries if entry.uid in set(found.left)])
            minutes = counted(ceil(self._imap.poll_seconds / 60), "minute")
            why = (
                f"kept here and still in {self._rules.folder}; the daemon moves it once more at its next look, within "
                f"{minutes} while it runs"
            )
            findings.append(self._finding(place, Difference.LEFT, found.left, why, mended=True))
        elif found.left:
            why = (
                f"kept here and said to be moved, but still in {self._rules.folder} (the move failed, or `done` was "
                "set later); to move it: helpdesk reconcile --move"
            )
            findings.append(self._finding(place, Difference.LEFT, found.left, why))
        return findings

    def _finding(
        self, place: ReadTo, what: Difference, numbers: tuple[int, ...], why: str, *, mended: bool = False
    ) -> Finding:
        return Finding(what=what, generation=place.generation, numbers=numbers, why=why, mended=mended)

    def _report(self, place: ReadTo, found: Compared, findings: Sequence[Finding], *, in_folder: int) -> Report:
        now, mailbox = self._now(), self._rules.mailbox
        with self._store.reading() as session:
            accounts = accounting.accounts(session, mailbox)
            ailing = accounting.unhandled(session, mailbox, now - comparing.PATIENCE)
            no_bytes = accounting.without_bytes(session, mailbox)
        within = comparing.ailments(place.generation, ailing, no_bytes)
        return Report(
            mailbox=mailbox,
            account=place.account,
            in_folder=in_folder,
            kept=found.kept,
            before_start=found.before_start,
            endings=accounts.endings,
            on_the_way=accounts.on_the_way,
            new=found.new,
            findings=(*findings, *comparing.grouped(within)),
        )


def _uids(door: Door, *, since: dt.date | None = None) -> Iterator[int]:
    """All UIDs of the selected folder."""
    last = 0
    while some := door.uids_above(last, since=since):
        yield from some
        last = some[-1]
