"""Lists what the daemon does by the clock."""

from __future__ import annotations

from helpdesk.cli import _room


def command(*, json: _room.Json = False) -> None:
    """Print name and purpose of each job."""
    _room.show("helpdesk.jobs", what="job", json=json)
