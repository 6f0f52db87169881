"""Lists the checks that every incoming mail passes."""

from __future__ import annotations

from helpdesk.cli import _room


def command(*, json: _room.Json = False) -> None:
    """Print name and purpose of each filter; their order does not matter, the strictest wins."""
    _room.show("helpdesk.filters", what="filter", json=json)
