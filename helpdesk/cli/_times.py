"""Times as the people of the company read them: in its time zone, whose short name stands beside them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from helpdesk.config import Config


def writer(config: Config) -> Callable[[datetime | None], str | None]:
    """Writes an instant as ``2026-03-02 09:00 CET``; None where there is none. JSON stays in UTC."""
    zone = ZoneInfo(config.company.timezone)

    def written(moment: datetime | None) -> str | None:
        return None if moment is None else f"{moment.astimezone(zone):%Y-%m-%d %H:%M %Z}"

    return written
