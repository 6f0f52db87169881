"""How this process takes memory from the system: sparingly, as it runs for months beside other programs."""

from __future__ import annotations

import ctypes
import gc

# Numbers of glibc's malloc.h, where mallopt(3) explains them.
M_MMAP_THRESHOLD = -3
M_ARENA_MAX = -8
OBJECTS = 10_000  # that may be made before young garbage is looked for; Python's 700 are made by one mail
LARGE_BYTES = 131_072  # glibc's own first value; set by hand it does not grow, and large mails are given back


def thrifty() -> bool:
    """Let all threads share one arena, before the first of them begins; False where the C library is not glibc.

    Threads wait for the interpreter anyway, so arenas of their own gain nothing and hold a sixth of the memory.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is None:
        return False
    return bool(mallopt(M_ARENA_MAX, 1)) and bool(mallopt(M_MMAP_THRESHOLD, LARGE_BYTES))


def settled() -> None:
    """What was loaded until now stays as long as the process: it is not looked through for garbage any more.

    Otherwise that takes a tenth of the time of a mail, again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(OBJECTS)
