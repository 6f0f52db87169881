"""A small disk of its own: a tmpfs that can be filled to the last page, and be made read-only."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PAGE = 4096  # bytes; what a tmpfs gives out at once


class Disk:
    """Mounted at ``path``."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._ballast = path / "ballast"

    @property
    def free_pages(self) -> int:
        """How many pages can still be written."""
        return os.statvfs(self.path).f_bavail

    def fill(self, *, leave: int) -> None:
        """Take all pages but so many."""
        with self._ballast.open("ab") as ballast:
            ballast.write(bytes(max(self.free_pages - leave, 0) * PAGE))
        assert self.free_pages <= leave

    def empty(self) -> None:
        """Give back what `fill` took."""
        self._ballast.unlink(missing_ok=True)

    def mount(self, options: str) -> None:
        """Mount it again with other options; nobody may have a file open for writing."""
        subprocess.run(["mount", "-o", f"remount,{options}", str(self.path)], check=True)


@contextmanager
def small_disk(path: Path, *, megabytes: int) -> Iterator[Disk]:
    """A disk of this size. Raises PermissionError where nothing may be mounted."""
    path.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(path)]
    if os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        raise PermissionError("mounting a tmpfs is not allowed here")
    try:
        yield Disk(path)
    finally:
        subprocess.run(["umount", "-l", str(path)], check=True)
