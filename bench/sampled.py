"""Runs a helpdesk command and looks all the time where each of its threads is: `python -m bench.sampled OUT ...`.

Whatever processor time a thread has used since the last look is put down to all functions that it is in. At the end
the sums are written to OUT as JSON. SIGUSR1 lets it begin anew.
"""

from __future__ import annotations

import json
import signal
import sys
import threading
import time
from collections import defaultdict
from pathlib import Path
from types import FrameType

LOOK_SECONDS = 0.003
SWITCH_SECONDS = 0.0005  # a thread gives way so soon: else we would only ever see those that wait for something
NANOSECOND = 1e-9
OURS = "helpdesk"


class Sampler(threading.Thread):
    """Looks at all other threads until it is told to end."""

    def __init__(self) -> None:
        super().__init__(name="sampler", daemon=True)
        self.ended = threading.Event()
        self.anew = threading.Event()
        self._used: dict[int, float] = {}
        self._sums: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))

    def run(self) -> None:
        while not self.ended.is_set():
            time.sleep(LOOK_SECONDS)
            if self.anew.is_set():
                self.anew.clear()
                self._sums.clear()
            self._look()

    def sums(self) -> dict[str, dict[str, float]]:
        """Seconds by thread and function; those of the whole thread stand under "all"."""
        return {name: dict(found) for name, found in self._sums.items()}

    def _look(self) -> None:
        frames = sys._current_frames()
        for thread in threading.enumerate():
            if thread is self or thread.ident is None or thread.native_id is None:
                continue
            used = _used(thread.native_id)
            spent = used - self._used.get(thread.native_id, used)
            self._used[thread.native_id] = used
            if spent > 0 and (frame := frames.get(thread.ident)) is not None:
                found = self._sums[thread.name.partition(":")[0]]
                for name in {"all", *_names(frame)}:
                    found[name] += spent


def _used(native: int) -> float:
    """Seconds of processor time of a thread, to the nanosecond."""
    try:
        return int(Path(f"/proc/self/task/{native}/schedstat").read_text().split()[0]) * NANOSECOND
    except OSError:
        return 0.0


def _names(frame: FrameType | None) -> set[str]:
    """Our own functions on the stack, and the packages of others in which they are."""
    found = set()
    while frame is not None:
        module = str(frame.f_globals.get("__name__", "?"))
        package = module.partition(".")[0]
        found.add(f"{module}.{frame.f_code.co_qualname}" if package == OURS else f"({package})")
        frame = frame.f_back
    return found


def main() -> None:
    """Run the command line that follows the name of the file."""
    from helpdesk import cli

    out = Path(sys.argv.pop(1))
    sampler = Sampler()
    sys.setswitchinterval(SWITCH_SECONDS)
    signal.signal(signal.SIGUSR1, lambda number, frame: sampler.anew.set())
    sampler.start()
    try:
        cli.main()
    finally:
        sampler.ended.set()
        sampler.join()
        out.write_text(json.dumps(sampler.sums()), encoding="utf-8")


if __name__ == "__main__":
    main()
