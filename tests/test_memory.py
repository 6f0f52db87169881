"""The daemon takes memory sparingly."""

from __future__ import annotations

import subprocess
import sys

ARENAS = """
import re, sys, threading
from helpdesk import memory
if sys.argv[1] == "thrifty" and not memory.thrifty():
    sys.exit("refused")
end, kept = threading.Barrier(9), []
def work():
    kept.append([bytes(500) for _ in range(2000)])
    end.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
end.wait()
# An arena of a thread reserves 64 MB of addresses, and uses some of them.
print(sum(int(last, 16) - int(first, 16) for first, last in re.findall(r"^(\\w+)-(\\w+) ---p 00000000 00:00 0 +$",
          open("/proc/self/maps").read(), re.M)) >> 20)
"""


def reserved_mb(how: str) -> int:
    """What the arenas of eight threads reserve."""
    done = subprocess.run([sys.executable, "-c", ARENAS, how], capture_output=True, text=True, check=True)
    return int(done.stdout)


def test_threads_share_one_arena() -> None:
    """glibc would give each of them its own, and none gives back what it had once."""
    assert reserved_mb("usual") > 2 * 60
    assert reserved_mb("thrifty") < 60
