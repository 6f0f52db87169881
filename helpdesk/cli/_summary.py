"""Counts what many mails are, and lists those that a person would have to look at; memory does not grow with them."""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice

from helpdesk import console
from helpdesk.console import counted
from helpdesk.desk.verdict import Outcome
from helpdesk.errors import UsageError
from helpdesk.explaining import Explained, Explainer
from helpdesk.inbox.files import Problem, batches, read_all, size_of

SHOWN = 50  # mails that are listed for people
UNREAD = "unread"  # stands for a kind where there was nothing to find one in
MEGABYTE = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A mail, or a file, that a person would have to look at."""

    file: str
    kind: str
    reason: str


class Summary:
    """What is known of the mails so far."""

    def __init__(self) -> None:
        self.kinds: Counter[str] = Counter()
        self.outcomes: Counter[str] = Counter()
        self.bytes = self.unread = 0
        self.slowest, self.slowest_seconds = "", 0.0
        self._began = time.monotonic()

    def rows(self, explained: Iterable[Explained], problems: list[Problem]) -> Iterator[Row]:
        """Count them, and give what is held and what could not be read, as it comes."""
        for each in explained:
            yield from self._unread(problems)
            if (row := self._counted(each)) is not None:
                yield row
        yield from self._unread(problems)

    def figures(self) -> dict[str, object]:
        """For programs."""
        return {
            "mails": self.mails,
            "bytes": self.bytes,
            "kinds": dict(self.kinds.most_common()),
            "outcomes": dict(self.outcomes.most_common()),
            "unread": self.unread,
            "slowest": {"file": self.slowest, "seconds": round(self.slowest_seconds, 3)} if self.slowest else None,
            "seconds": round(self.seconds, 3),
            "mails_per_second": round(self.mails / self.seconds, 1),
        }

    def show(self, held: Sequence[Row], more: int) -> None:
        """For people: the kinds, the first of those that are held, how many ``more`` there are, and the speed."""
        shares = ((kind, count, f"{count / self.mails:.1%}") for kind, count in self.kinds.most_common())
        console.table(("kind", "mails", "share"), shares, empty="No mail.")
        if held:
            console.say()
            console.heading("Held, in quarantine, or not to be read")
            console.table(("file", "kind", "reason"), (tuple(asdict(row).values()) for row in held))
        if more:
            console.say(f"... and {more} more; --json has all.")
        console.say()
        size = f"{self.bytes / MEGABYTE:.1f} MB"
        console.say(f"{counted(self.mails, 'mail')}, {size}, in {self.seconds:.1f} s: {self._rate}")
        if self.slowest:
            console.say(f"The slowest took {self.slowest_seconds:.2f} s: {self.slowest}")

    @property
    def mails(self) -> int:
        """How many."""
        return self.kinds.total()

    @property
    def seconds(self) -> float:
        """Since the beginning."""
        return max(time.monotonic() - self._began, 0.001)

    @property
    def _rate(self) -> str:
        return f"{self.mails / self.seconds:.0f} mails/s."

    def _counted(self, each: Explained) -> Row | None:
        self.kinds[each.kind.value] += 1
        self.outcomes[outcome := each.outcome] += 1
        self.bytes += len(each.raw)
        if each.seconds > self.slowest_seconds:
            self.slowest, self.slowest_seconds = each.file, each.seconds
        held = outcome == Outcome.HOLD.word
        return Row(file=each.file, kind=each.kind.value, reason=each.reason) if held else None

    def _unread(self, problems: list[Problem]) -> Iterator[Row]:
        while problems:
            self.unread += 1
            source, sentence = problems.pop(0)
            yield Row(file=source, kind=UNREAD, reason=sentence)


def summarise(files: list[str], explainer: Explainer, *, json: bool) -> None:
    """Count all mails of the files. Raises UsageError at the end when some could not be read."""
    problems: list[Problem] = []
    summary = Summary()
    explained = explainer.explain_all(batches(read_all(files, problems.append)))
    # On one terminal the bar and a list that is written meanwhile would disturb each other.
    if console.is_terminal(sys.stderr) and not (json and console.is_terminal()):
        explained = console.progress(explained, total=size_of(files) or None, size=lambda each: len(each.raw))
    rows = summary.rows(explained, problems)
    if json:
        console.json_listing("held", map(asdict, rows), summary.figures)
    else:
        held = list(islice(rows, SHOWN))
        more = sum(1 for _ in rows)
        summary.show(held, more)
    if summary.unread:
        message = f"{counted(summary.unread, 'file or folder', 'files or folders')} could not be read."
        raise UsageError(message)
