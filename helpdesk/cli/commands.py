"""Lists what staff may ask for at the top of a mail, as in #close."""

from __future__ import annotations

from helpdesk.cli import _room


def command(*, json: _room.Json = False) -> None:
    """Print name and purpose of each mail command."""
    _room.show("helpdesk.commands", what="command", json=json)
