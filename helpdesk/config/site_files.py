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


def missing(site: Path, files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Those that a site without settings lacks; none when it has its settings. Raises UsageError; writes nothing."""
    for name in files:
        # Whoever made the file may have been somebody else.
        if not any(PurePosixPath(name).match(pattern) for pattern in PATTERNS) or ".." in name or name.startswith("/"):
            message = f"The backup holds a file {name}, which is none of a site."
            raise UsageError(message)
    if (site / MAIN).exists():
        return {}
    return {name: data for name, data in files.items() if not (site / name).exists()}


def write_new(site: Path, files: Mapping[str, bytes]) -> list[str]:
    """Write what is `missing`; the names. Raises UsageError; done once more it writes the rest."""
    # The main file is the last: as long as it is not there, the others are still written.
    for name in sorted(files, key=lambda name: (name == MAIN, name)):
        path = site / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(files[name])
        except OSError as error:
            message = (
                f"The database is in place, but {path} cannot be written: {error.strerror}. "
                "Mend that, and type the same once more."
            )
            raise UsageError(message) from error
    return sorted(files)
