"""Lists every key in force with its value and where it came from, passwords masked."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from helpdesk.config import keys
from helpdesk.config.models import Config
from helpdesk.config.values import Section

# What stands between "user:" and "@" in a URL is a password; it may itself hold an "@".
_PASSWORD_IN_URL = re.compile(r"(://[^/:@\s]*):[^/\s]*@")


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """One key in force."""

    section: str
    """The table: ``mailboxes.support.imap``."""
    name: str
    """The word in the table: ``host``."""
    value: Any
    """Fit to be shown."""
    origin: str
    """``helpdesk.toml:12``, ``HELPDESK_SMTP__HOST`` or ``default``."""

    @property
    def key(self) -> str:
        """Dotted."""
        return f"{self.section}.{self.name}"

    @property
    def place(self) -> str:
        """The origin for people; the name of a variable follows from the key, and is too long for a line."""
        return self.origin if self.origin == "default" or ":" in self.origin else "environment"

    @property
    def text(self) -> str:
        """The value as it is written in TOML; a dash where there is none."""
        if self.value is None:
            return "–"
        return str(self.value) if isinstance(self.value, dt.date) else json.dumps(self.value, ensure_ascii=False)


def settings(config: Config) -> Iterator[Setting]:
    """Every key with a value, in the order of the reference."""
    for section in keys.fields(Config):
        yield from _settings(section, getattr(config, section), config)


def _settings(above: str, value: Section | Mapping[str, Section], config: Config) -> Iterator[Setting]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _settings(f"{above}.{name}", inner, config)
        return
    tables = []
    for name in keys.fields(type(value)):
        inner = getattr(value, name)
        if isinstance(inner, Section):
            tables.append((f"{above}.{name}", inner))
        else:
            yield Setting(section=above, name=name, value=_masked(inner), origin=config.origin(f"{above}.{name}"))
    for key, table in tables:
        yield from _settings(key, table, config)


def _masked(value: Any) -> Any:
    return _PASSWORD_IN_URL.sub(r"\1:***@", value) if isinstance(value, str) else value
