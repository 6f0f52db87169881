"""How the parts of the daemon are, told to the log and noted for `helpdesk status`."""

from __future__ import annotations

from helpdesk import console
from helpdesk.app import App
from helpdesk.errors import HelpdeskError
from helpdesk.store import parts

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
        self.tell(name, "failed", f"{type(error).__name__}: {error}"[:WORDS])
