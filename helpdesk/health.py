"""How the parts of the daemon are, told to the log and noted for `helpdesk status`."""

from __future__ import annotations

from helpdesk import console
from helpdesk.app import App
from helpdesk.errors import HelpdeskError, StoreError
from helpdesk.store import parts

RESTART_SECONDS = (1, 5, 30, 120)  # a part that died is started again after this long; the last one for ever
STORE_SECONDS = 15  # the longest pause after a fault of the database: it is back before anybody has looked
WORDS = 300  # characters of what ails a part


class Health:
    """What this process says of its parts; from any thread."""

    def __init__(self, app: App) -> None:
        self._app = app

    def tell(self, name: str, state: str, error: str | None = None) -> None:
        """Note how a part is; while the database itself is the trouble, the log has to do."""
        app = self._app
        try:
            with app.store.writing() as session:
                parts.beat(session, name, process=app.process, state=state, now=app.now(), error=error)
        except HelpdeskError as failure:
            console.problem("state not noted", part=name, state=state, error=str(failure))

    def died(self, name: str, error: Exception) -> None:
        """A part has failed; a fault that nobody foresaw is told with its place in the program."""
        console.LOG.error(
            "part failed",
            extra={"fields": {"part": name, "error": str(error)[:WORDS]}},
            exc_info=None if isinstance(error, HelpdeskError) else error,
        )
        if isinstance(error, StoreError):
            self.tell(name, "waiting", str(error)[:WORDS])
        else:
            self.tell(name, "failed", f"{type(error).__name__}: {error}"[:WORDS])


def pause_seconds(attempt: int, error: Exception) -> int:
    """How long to wait before a part that died is started for the ``attempt``-th time, counted from 1."""
    longest = STORE_SECONDS if isinstance(error, StoreError) else RESTART_SECONDS[-1]
    return min(RESTART_SECONDS[min(attempt, len(RESTART_SECONDS)) - 1], longest)
