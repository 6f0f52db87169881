"""Measures the daemon: `python -m bench.run --mails 10000 --store sqlite`; ends with 1 when anything came out wrong.

Each run prints one JSON object and appends it to `bench/results.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import platform
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.daemon import Asked, Figures, measure
from bench.servers import lacking, running
from helpdesk import console

RESULTS = Path(__file__).with_name("results.jsonl")
PACKAGES = ("imapclient", "aiosmtplib", "sqlalchemy", "sqlmodel", "mail-parser", "jinja2", "psycopg")
STORES = ("sqlite", "postgresql")


def versions() -> dict[str, str]:
    """Of everything that a figure depends on."""
    return {"python": platform.python_version(), "sqlite": sqlite3.sqlite_version} | {
        package: version(package) for package in PACKAGES
    }


def machine() -> dict[str, object]:
    """Processor, cores, system."""
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.machine(), "cores": len(models), "system": platform.platform()}


def commit() -> str:
    """What is measured; with a plus when files have changed since."""
    here = Path(__file__).parent
    asked = ["git", "-C", str(here), "describe", "--always", "--dirty=+", "--exclude=*"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() or "unknown"


def note(row: dict[str, object], *, file: Path = RESULTS) -> None:
    """Print a result, and keep it for later comparisons on this machine."""
    whole = {"time": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit(), **row}
    whole |= {"versions": versions(), "machine": machine()}
    with file.open("a", encoding="utf-8") as results:
        results.write(json.dumps(whole) + "\n")
    sys.stdout.write(json.dumps(row) + "\n")
    sys.stdout.flush()


def rounds(asked: Asked, count: int) -> list[Figures]:
    """Measure the same so many times, each on a fresh site, on the same servers."""
    with running(asked.store) as servers:
        return [_round(lambda: measure(servers, asked), asked) for _ in range(count)]


def _round(work: Callable[[], Figures], asked: Asked) -> Figures:
    figures = work()
    note({"measure": "daemon", **vars(asked), **figures.row, "right": not figures.came.faults})
    return figures


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser(prog="python -m bench.run", description="Measure the daemon.")
    asked.add_argument("--mails", type=int, default=1_000, help="how many lie in the mailbox (default: 1000)")
    asked.add_argument("--store", choices=STORES, default="sqlite")
    asked.add_argument("--tickets", type=int, default=1_000, help="how many are there before (default: 1000)")
    asked.add_argument("--agents", type=int, default=1, help="staff who get a letter about each mail (default: 1)")
    asked.add_argument("--rounds", type=int, default=1)
    given = asked.parse_args(arguments)
    if (reason := lacking(given.store)) is not None:
        sys.exit(f"Nothing can be measured: {reason}. Type: make servers")
    what = Asked(mails=given.mails, store=given.store, tickets=given.tickets, agents=given.agents)
    wrong = [fault for figures in rounds(what, given.rounds) for fault in figures.came.faults]
    if wrong:
        console.warn("\n".join(wrong[:20]))
        sys.exit(f"{len(wrong)} things came out wrong.")


if __name__ == "__main__":
    main()
