"""A fuzzer that is led by the code which a mail reaches: `python -m tests.fuzz.guided FOLDER SECONDS`.

Needs atheris (`pip install -r requirements-fuzz.lock`). What it finds worth keeping goes into the folder, for the next
run; a mail that is not sound is written to `crash-...` there, and the exit code is not 0.
"""

from __future__ import annotations

import sys
from pathlib import Path
from random import Random

import atheris

from tests.fuzz.mutations import CORPUS, LARGEST, at_random

with atheris.instrument_imports(include=["helpdesk.mail", "helpdesk.filters", "helpdesk.desk", "mailparser"]):
    from tests.fuzz.soundness import require_sound

BLIND_SHARE = 0.5  # of changes that libFuzzer makes, byte by byte; the others are those of `tests.fuzz.mutations`
MAIL_SECONDS = 30  # on the clock, for a mail that never ends


def changed(data: bytes, largest: int, seed: int) -> bytes:
    """Another mail out of one that has reached something new."""
    random = Random(seed)
    if random.random() < BLIND_SHARE:
        return bytes(atheris.Mutate(data, largest))
    return at_random(data, random)[:largest]


def read(data: bytes) -> None:
    """One mail; raises for what is not sound."""
    require_sound(data)


def main(folder: Path, seconds: int) -> None:
    """Begin with the corpus; ends the process."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, raw in enumerate(CORPUS):
        (folder / f"corpus-{number}").write_bytes(raw)
    limits = [f"-max_total_time={seconds}", f"-max_len={LARGEST}", f"-timeout={MAIL_SECONDS}", "-rss_limit_mb=2000"]
    atheris.Setup([sys.argv[0], *limits, f"-artifact_prefix={folder}/", str(folder)], read, custom_mutator=changed)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
