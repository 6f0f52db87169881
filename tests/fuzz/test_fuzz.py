"""Two thousand spoilt mails, in `make soak` two hundred thousand: a Mail or a MailError comes of each."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import CORPUS, WAYS, WAYS_A_MAIL, mutated
from tests.fuzz.soundness import require_sound

FEW, MANY = 2_000, 200_000
FREELY = settings(deadline=None, suppress_health_check=list(HealthCheck), database=None)
GUIDED_SECONDS = 1_800
SOAK_SECONDS = 4 * 3_600
# A number for each way instead of every choice: what is drawn costs more than what is done with it.
SPOILT = st.builds(
    mutated,
    st.sampled_from(CORPUS),
    st.lists(st.tuples(st.sampled_from(WAYS), st.integers(0, 2**32 - 1)), min_size=1, max_size=WAYS_A_MAIL),
)


@pytest.mark.parametrize("number", range(len(CORPUS)))
def test_every_mail_of_the_corpus_is_sound(number: int) -> None:
    """Before anything is changed."""
    require_sound(CORPUS[number])


@settings(FREELY, max_examples=FEW)
@given(raw=SPOILT)
def test_a_spoilt_mail_is_read_soon_and_can_be_stored_and_shown(raw: bytes) -> None:
    """Bytes, fields, boundaries, character sets, encodings, nesting; two mails in one."""
    require_sound(raw)


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
@settings(FREELY, max_examples=MANY)
@given(raw=SPOILT)
def test_a_great_many_spoilt_mails(raw: bytes) -> None:
    """The same, a hundred times as often."""
    require_sound(raw)


@pytest.mark.soak
@pytest.mark.timeout(SOAK_SECONDS)
@pytest.mark.skipif(find_spec("atheris") is None, reason="atheris is not installed: `make soak` does so where it can")
def test_a_fuzzer_that_sees_the_code_finds_nothing(tmp_path: Path) -> None:
    """Half an hour of mails that lead into code which none has reached before."""
    folder = Path(os.environ.get("FUZZ_FOLDER", tmp_path))
    command = [sys.executable, "-m", "tests.fuzz.guided", str(folder), str(GUIDED_SECONDS)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    found = sorted(file.name for pattern in ("crash-*", "timeout-*", "oom-*") for file in folder.glob(pattern))
    assert (done.returncode, found) == (0, []), done.stderr[-3_000:]
