"""Lists the checks that every answer of staff passes before it leaves."""

from __future__ import annotations

from helpdesk.cli import _room


def command(*, json: _room.Json = False) -> None:
    """Print name and purpose of each guard."""
    _room.show("helpdesk.guards", what="guard", json=json)
