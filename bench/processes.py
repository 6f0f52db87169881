"""What processes have used: CPU and memory, as the kernel counts them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # of the kernel's clock, in a second
PROC = Path("/proc")


@dataclass(frozen=True, kw_only=True)
class Used:
    """Seconds of CPU (user and system, ended children too) and the highest memory (bytes) of one process."""

    pid: int
    what: str
    cpu: float
    peak: int


def tree(root: int) -> list[Used]:
    """A process and all its living descendants, the root first."""
    children = _children()
    found, waiting = [], [root]
    while waiting:
        pid = waiting.pop(0)
        if (one := _used(pid)) is not None:
            found.append(one)
        waiting += children.get(pid, [])
    return found


def cpu(used: Iterable[Used]) -> float:
    """Seconds of all of them."""
    return sum(each.cpu for each in used)


def threads(pid: int) -> Mapping[int, float]:
    """Seconds of CPU by native thread id, the main thread first."""
    tasks = sorted(int(each.name) for each in (PROC / str(pid) / "task").iterdir())
    found: dict[int, float] = {}
    for task in tasks:
        fields = _stat(PROC / str(pid) / "task" / str(task) / "stat")
        if fields is not None:
            found[task] = (int(fields[11]) + int(fields[12])) / TICKS
    return found


def _children() -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for each in PROC.iterdir():
        fields = _stat(each / "stat") if each.name.isdigit() else None
        if fields is not None:
            found.setdefault(int(fields[1]), []).append(int(each.name))
    return found


def _used(pid: int) -> Used | None:
    """None when it has ended meanwhile."""
    fields = _stat(PROC / str(pid) / "stat")
    try:
        status = (PROC / str(pid) / "status").read_text()
        command = (PROC / str(pid) / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return None
    if fields is None:
        return None
    peak = next((int(line.split()[1]) * 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)
    return Used(pid=pid, what=command, cpu=sum(map(int, fields[11:15])) / TICKS, peak=peak)


def _stat(path: Path) -> list[str] | None:
    """The fields of proc(5) ``stat`` from the state on: 1 is the parent, 11 to 14 utime, stime and the children's."""
    try:
        return path.read_text().rpartition(") ")[2].split()
    except OSError:
        return None
