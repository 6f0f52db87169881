"""Measures `helpdesk explain --summary` over a folder of ordinary mails, in processes of its own as anybody runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bench.generate import Made


def summary(made: Sequence[Made]) -> dict[str, object]:
    """A row of figures; the processor time is that of all its processes, from their start to their end."""
    with tempfile.TemporaryDirectory() as folder:
        mails = Path(folder) / "mails"
        mails.mkdir()
        for number, each in enumerate(made):
            (mails / f"{number:06}.eml").write_bytes(each.raw)
        command = [sys.executable, "-m", "helpdesk", "explain", "--summary", "--json", str(mails)]
        # In a folder without a site, as for whoever only thinks of switching over.
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=folder, env=_environment()) as running:
            assert running.stdout is not None
            told = json.loads(running.stdout.read())
            _, status, used = os.wait4(running.pid, 0)
            running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode or told["mails"] != len(made):
        raise RuntimeError(f"{told['mails']} of {len(made)} mails were explained.")
    cpu = used.ru_utime + used.ru_stime
    return {
        "measure": "explain --summary",
        "mails": len(made),
        "mean_bytes": round(told["bytes"] / len(made)),
        "mails_per_second": told["mails_per_second"],
        "cpu_ms_per_mail": round(cpu * 1000 / len(made), 2),
        "mails_per_cpu_second": round(len(made) / cpu, 1),
        "peak_mb": round(used.ru_maxrss / 1024),
    }


def _environment() -> dict[str, str]:
    """Where our modules are, and no site that somebody's shell names."""
    found = {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}
    return found | {"PYTHONPATH": str(Path(__file__).parent.parent)}
