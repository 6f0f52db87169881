"""The files of a site whose mailbox lies on a private mail server, for fault runs and for the bench."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

Table = Mapping[str, object]

# What every such site says; whoever writes one says the rest, or something else.
PLAIN = {"security": "none", "insecure": True}
BASE: Mapping[str, Table] = {
    "company": {"name": "Minta Kft.", "language": "en"},
    "store": {"minimum_free_mb": 1},
    "smtp": {"host": "127.0.0.1", **PLAIN},
    "mailboxes.support": {"address": "support@helpdesk.test", "department": "support"},
    "mailboxes.support.imap": {"user": "support@helpdesk.test", "password_env": "PASSWORD"},
}


def write(folder: Path, main: Mapping[str, Table], people: Mapping[str, Table]) -> None:
    """``helpdesk.toml`` with these tables over those of `BASE`; the ``people`` are the department's members."""
    (folder / "config").mkdir(parents=True, exist_ok=True)
    department = {"name": "Support", "members": list(people)}
    files: dict[str, dict[str, Table]] = {
        "helpdesk.toml": {name: {**BASE.get(name, {}), **main.get(name, {})} for name in {**BASE, **main}},
        "config/departments.toml": {"departments.support": department},
        "config/staff.toml": {f"staff.{key}": {"id": id_, **each} for id_, (key, each) in enumerate(people.items(), 1)},
    }
    for name, tables in files.items():
        (folder / name).write_text("\n".join(map(_toml, tables, tables.values())), encoding="utf-8")


def _toml(name: str, table: Table) -> str:
    # JSON's way to write text, numbers and lists is TOML's way as well.
    lines = (f"{key} = {json.dumps(value, ensure_ascii=False)}\n" for key, value in table.items())
    return f"[{name}]\n{''.join(lines)}"
