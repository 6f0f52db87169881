"""A restore that is killed (`tests.dying`), and what is in the database then."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from helpdesk.store import restoring
from helpdesk.store.session import Store
from tests.builders import NOW


def work(database: str, file: str) -> None:
    """Restore as the command does."""
    store = Store(f"sqlite:///{database}", site=Path())
    with store.daemon_lock():
        restoring.restore(store, Path(file), now=NOW)
    store.close()


def look(database: str, file: str) -> dict[str, Any]:
    """Which database it is, by its tickets, and whether it is sound; the same of all that are kept."""
    path = Path(database)
    kept = sorted({tuple(_tickets(each)) for each in path.parent.glob(f"{path.name}.replaced-*[0-9]")})
    return {"tickets": _tickets(path), "kept": kept, "left": sorted(each.name for each in path.parent.glob("*.part"))}


def _tickets(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        return [subject for (subject,) in connection.execute("SELECT subject FROM tickets ORDER BY number")]
