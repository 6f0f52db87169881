"""What is to be done at once, on a slow machine too."""

from __future__ import annotations

import time
from collections.abc import Callable

AT_ONCE = 5.0  # seconds of processor time; what grows faster than its input takes minutes


def seconds(work: Callable[[], object]) -> float:
    """How much processor time it takes."""
    began = time.process_time()
    work()
    return time.process_time() - began
