"""How long the way in waits: for a server's answer, for news, and before it connects again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Waits:
    """All in seconds. The values that stand here are the product's; another server or a test may need others."""

    connect: float = 20  # some servers let strangers wait before they greet
    answer: float = 60  # a server that says nothing for so long in the middle of an answer is gone
    goodbye: float = 3  # for the answer to LOGOUT, which nobody needs
    idle: float = 240  # routers drop quiet connections after five minutes
    beat: float = 60  # between signs of life while a slow poll is waited for
    unready: float = 20  # until the next look at a mail that the server could not hand out yet
    store: float = 15  # until the next try after the database failed or the disk was full
    first_retry: float = 1  # after a lost connection; doubled each time
    longest_retry: float = 300
    first_login_retry: float = 60  # many servers lock an account after some refused logins; doubled each time
    longest_login_retry: float = 900
    first_move_retry: float = 60  # after a server would not move mails (a full quota, say); doubled each time
    longest_move_retry: float = 3600
    steady: float = 60  # a connection that lived so long was a good one: the next retry is soon again
    silent: float = 420  # a watcher hangs: its longest healthy silence is one IDLE and one answer, five minutes

    def before_retry(self, failures: int, *, refused: bool) -> float:
        """The longest pause before connecting again after so many failures in a row, the first of them being 0.

        ``refused``: the server does not want user or password, which asking again does not mend.
        """
        if refused:
            return _doubled(self.first_login_retry, failures, self.longest_login_retry)
        return _doubled(self.first_retry, failures, self.longest_retry)

    def before_move(self, refusals: int) -> float:
        """The pause before mails are moved again, after so many refusals in a row, the first of them being 0."""
        return _doubled(self.first_move_retry, refusals, self.longest_move_retry)


def _doubled(first: float, times: int, longest: float) -> float:
    return min(first * 2.0 ** min(times, MOST_DOUBLINGS), longest)


MOST_DOUBLINGS = 30  # beyond it a power of two is no longer a number of seconds

WAITS = Waits()
