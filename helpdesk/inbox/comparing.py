"""What differs between a folder on the server and the ledger: values in, findings out, nothing is asked or changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from helpdesk.store.accounting import Ailing, Entry
from helpdesk.store.tables import IncomingState

PATIENCE = timedelta(minutes=15)  # for a mail to be handled and moved; a healthy site takes seconds
NAMED = 10  # numbers that are printed of a finding; the JSON has them all


class Difference(StrEnum):
    """The ways in which server and ledger can differ."""

    MISSED = "missed"
    """On the server, below the position, and not in the ledger."""
    GONE = "gone"
    """In the ledger as still to be moved, for too long, and no longer in the folder."""
    NOT_MOVED = "not_moved"
    """In the ledger as still to be moved, for too long."""
    LEFT = "left"
    """In the ledger as moved, and still in the folder."""
    UNHANDLED = "unhandled"
    """In the ledger without an outcome, for too long."""
    NO_BYTES = "no_bytes"
    """In the ledger, but what it says is lost."""


BY_UID = (Difference.MISSED, Difference.NOT_MOVED, Difference.LEFT)
# However many there are of these, they have one reason, of which the admin is told once.
ONE_REASON = (Difference.NOT_MOVED, Difference.LEFT)


@dataclass(frozen=True, kw_only=True, slots=True)
class Server:
    """A folder as the server lists it: UIDs; ``old`` are those that arrived too early to be taken in."""

    uids: frozenset[int]
    old: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class Ledger:
    """What is noted of that folder. ``start`` None: it was not noted where the reading began."""

    generation: int
    start: int | None
    read_to: int
    entries: Sequence[Entry]


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Mails that differ in one way and for one reason, by UID or (see `BY_UID`) by their number in the ledger."""

    what: Difference
    generation: int
    numbers: tuple[int, ...]
    why: str
    mended: bool = False

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of it that are the same tomorrow, by which the admin is told of each once."""
        stem = f"{self.what}:{self.generation}"
        return (stem,) if self.what in ONE_REASON else tuple(f"{stem}:{number}" for number in self.numbers)

    def __str__(self) -> str:
        noun = "UID" if self.what in BY_UID else "mail"
        more = f" and {len(self.numbers) - NAMED} more" if len(self.numbers) > NAMED else ""
        return f"{noun} {', '.join(map(str, self.numbers[:NAMED]))}{more}: {self.why}"

    def as_json(self) -> dict[str, Any]:
        """With all its numbers."""
        numbers = {"uids" if self.what in BY_UID else "mails": list(self.numbers)}
        return {"what": self.what.value, **numbers, "why": self.why, "mended": self.mended}


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """How a folder and the ledger compare: every mail of the folder is in exactly one of the three counts or missed."""

    kept: int
    new: int
    """Above the position: the daemon fetches them at its next look."""
    before_start: int
    """Never to be taken in."""
    missed: tuple[int, ...]
    gone: tuple[int, ...]
    not_moved: tuple[int, ...]
    left: tuple[int, ...]


def unknown(server: Server, ledger: Ledger) -> list[int]:
    """UIDs of the folder that are not in the ledger although they came after the start, ascending."""
    known = {entry.uid for entry in ledger.entries}
    return sorted(uid for uid in server.uids - known if ledger.start is None or uid > ledger.start)


def compare(server: Server, ledger: Ledger, *, files_away: bool, now: datetime) -> Compared:
    """``files_away``: mails are moved to another folder once they are kept.

    ``gone`` are numbers of the ledger, all others UIDs.
    """
    known = {entry.uid: entry for entry in ledger.entries}
    strange = [uid for uid in unknown(server, ledger) if uid not in server.old]
    here = [known[uid] for uid in sorted(known.keys() & server.uids)]
    # The daemon may be about to move a mail, or to note that it did.
    unfiled = [entry for entry in ledger.entries if not entry.filed and entry.kept_at < now - PATIENCE]
    return Compared(
        kept=len(here),
        new=sum(uid > ledger.read_to for uid in strange),
        before_start=len(server.uids) - len(here) - len(strange),
        missed=tuple(uid for uid in strange if uid <= ledger.read_to),
        gone=tuple(entry.id for entry in unfiled if entry.uid not in server.uids),
        not_moved=tuple(entry.uid for entry in unfiled if files_away and entry.uid in server.uids),
        left=tuple(entry.uid for entry in here if files_away and entry.filed and entry.whole),
    )


def ailments(generation: int, ailing: Sequence[Ailing], no_bytes: Collection[int]) -> list[Finding]:
    """What is wrong within the ledger, whatever the server says."""
    reasons: Mapping[int, str] = {mail.id: _ails(mail) for mail in ailing}
    found = [
        Finding(what=Difference.UNHANDLED, generation=generation, numbers=(number,), why=why)
        for number, why in reasons.items()
    ]
    if no_bytes:
        why = "what came is not in the database any more; put back a backup that has it"
        found.append(Finding(what=Difference.NO_BYTES, generation=generation, numbers=tuple(sorted(no_bytes)), why=why))
    return found


def grouped(findings: Sequence[Finding]) -> list[Finding]:
    """Those of one reason as one, in the order of the first of each."""
    groups: dict[tuple[Difference, str, bool], Finding] = {}
    for finding in findings:
        key = (finding.what, finding.why, finding.mended)
        before = groups.get(key)
        numbers = (*before.numbers, *finding.numbers) if before else finding.numbers
        groups[key] = replace(finding, numbers=numbers)
    return list(groups.values())


def _ails(mail: Ailing) -> str:
    tries = f", tried {mail.attempts} times" if mail.attempts > 1 else ", tried once" if mail.attempts else ""
    reason = f": {mail.reason}" if mail.reason else ""
    if mail.state is IncomingState.WAITING:
        mend = "" if mail.attempts else "; is the daemon running?"
        return f"kept but not handled{tries}{reason}{mend}"
    if mail.state is IncomingState.WORKING:
        return f"taken up by a process that has not been heard of since{tries}{reason}"
    return f"said to be {mail.state.value} without an outcome{reason}"
