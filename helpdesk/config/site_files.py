"""The files of a site that a backup holds: settings and templates, never what passwords are kept in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath

from helpdesk.errors import UsageError

MAIN = "helpdesk.toml"
PATTERNS = (MAIN, "config/*.toml", "templates/*", "templates/*/*")


def read(site: Path) -> dict[str, bytes]:
    """Their bytes by their names within the folder, such as ``config/staff.toml``."""
    found = {path for pattern in PATTERNS for path in site.glob(pattern) if path.is_file()}
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in sorted(found)}


def write_new(site: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write those that are not there yet; their names. What is there stays as it is. Raises UsageError."""
    written = []
    for name, data in sorted(files.items()):
        path = site / name
        # Whoever made the file may have been somebody else.
        if not any(PurePosixPath(name).match(pattern) for pattern in PATTERNS) or ".." in name or name.startswith("/"):
            message = f"The backup holds a file {name}, which is none of a site; it was not written."
            raise UsageError(message)
        if path.exists():
            continue
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        except OSError as error:
            message = f"{path} cannot be written: {error.strerror}."
            raise UsageError(message) from error
        written.append(name)
    return written
