"""Which mail is to blame for trouble of the database: one that fails alone while others are written well.

A mail may bring trouble about by itself, with a statement that takes too long, say; then it must not hold up all others
for ever. But most trouble is nobody's: a lock that is held for an hour fails every mail. So a failure counts against a
mail only when another mail was written well since its last one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence

from helpdesk.errors import StoreBroken, StoreBusy, StoreGone

BLAMED = (StoreBusy, StoreGone, StoreBroken)  # what of it a mail may bring about
# So many failures that count are one try of the mail. With the three tries that a mail has, and a pause after each
# failure, more than ten minutes pass before a person must look.
BLAMED_TIMES = 5
ASIDE = 1_000  # mails that failed one after the other; then it is the turn of the first again


class Blame:
    """What is known of the mails that were there when the database was in trouble, until they are decided."""

    def __init__(self) -> None:
        self._doubted: set[int] = set()  # they failed, together or alone
        self._aside: set[int] = set()  # they failed alone: others go before them
        self._failed: dict[int, bool] = {}  # alone; whether another mail has been written well since
        self._times: Counter[int] = Counter()  # failures that count

    def doubts(self, mails: Collection[int]) -> bool:
        """Whether these are to be written one by one: some failed together, and are not decided yet."""
        return not self._doubted.isdisjoint(mails)

    @property
    def seeks_proof(self) -> bool:
        """Whether one other mail is to be tried for those that failed alone; more would only pass them over."""
        return any(not self._times[mail] for mail in self._aside)

    @property
    def aside(self) -> Collection[int]:
        """Mails that are not to be tried at the moment."""
        return frozenset(self._aside)

    def troubled(self, mails: Sequence[int], error: Exception) -> bool:
        """These were written together when the trouble came; whether it is the one mail that is to blame."""
        self._doubted.update(mails)
        if len(mails) > 1 or not isinstance(error, BLAMED):
            return False
        (mail,) = mails
        if self._failed.get(mail):
            self._times[mail] += 1
        self._failed[mail] = False
        if len(self._aside) >= ASIDE:
            self._aside.clear()
        self._aside.add(mail)
        if self._times[mail] < BLAMED_TIMES:
            return False
        del self._times[mail]  # blamed once; the next try begins anew
        return True

    def decided(self, mails: Collection[int], *, proof: bool) -> None:
        """The trouble is not that of these; ``proof``: they were written well, through all tables that matter."""
        self._forget(mails)
        if proof:
            self._failed = dict.fromkeys(self._failed, True)
            # Who never failed beside a mail that was well is probably innocent, and has been passed over long enough.
            self._aside = {mail for mail in self._aside if self._times[mail]}

    def claimed(self, in_hand: Collection[int], newest: int | None) -> None:
        """Mails are claimed oldest first: what is doubted and not among them was decided by somebody else."""
        newer = {mail for mail in self._doubted if newest is not None and mail > newest}
        self._forget(self._doubted.difference(self._aside, in_hand, newer))

    def next_round(self) -> bool:
        """Nothing else waits: those aside are to be tried now; False when there are none."""
        any_aside = bool(self._aside)
        self._aside.clear()
        return any_aside

    def _forget(self, mails: Collection[int]) -> None:
        self._doubted.difference_update(mails)
        self._aside.difference_update(mails)
        for mail in mails:
            self._failed.pop(mail, None)
            self._times.pop(mail, None)
