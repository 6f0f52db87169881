"""Measures the daemon: `python -m bench.run --mails 10000 --store sqlite`; ends with 1 when anything came out wrong.

Each run prints one JSON object and appends it to `bench/results.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import platform
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench import generate, latency
from bench.alone import parsing
from bench.daemon import Asked, Figures, measure
from bench.explained import summary
from bench.servers import lacking, running
from helpdesk import console

RESULTS = Path(__file__).with_name("results.jsonl")
PACKAGES = ("imapclient", "aiosmtplib", "sqlalchemy", "sqlmodel", "mail-parser", "jinja2", "psycopg")
STORES = ("sqlite", "postgresql")
WHAT = ("all", "daemon", "explain", "latency", "parsing", "profile")
SMALL, LARGE = 1_000, 10_000  # mails
MANY_TICKETS = 100_000
LETTERS = 100  # of which it is measured how long they take
LEAST_MS = 0.3  # a mail: what costs less is left out of a profile
# Everything of a thread happens inside these.
PLUMBING = {"all", "(threading)", "(concurrent)", "(runpy)", "(__main__)", "(typer)", "(contextlib)", "(functools)"}
SHOWN = 20  # faults told in words


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


def daemon(asked: Asked, *, count: int = 1) -> list[Figures]:
    """Measure the same so many times, each on a fresh site, on the same servers."""
    found = []
    with running(asked.store) as servers:
        for _ in range(count):
            figures = measure(servers, asked)
            note({"measure": "daemon", **vars(asked), **figures.row, "right": not figures.came.faults})
            found.append(figures)
    return found


def profiled(asked: Asked) -> list[Figures]:
    """Where the time goes."""
    with running(asked.store) as servers:
        figures = measure(servers, asked)
    for line in where(figures, asked.mails):
        console.say(line)
    return [figures]


def where(figures: Figures, mails: int) -> Iterator[str]:
    """CPU ms a mail by thread of the daemon and function; a function's time holds that of the functions it calls."""
    yield f"{figures.cpu_ms_per_mail:6.2f}  all our processes, with what the looking itself costs"
    for thread, found in sorted(figures.parts.items(), key=lambda part: -part[1]["all"]):
        yield f"{found['all'] * 1000 / mails:6.2f}  {thread}"
        costs = {name: used * 1000 / mails for name, used in found.items() if name not in PLUMBING}
        for name, cost in sorted(costs.items(), key=lambda each: -each[1]):
            if cost >= LEAST_MS:
                yield f"{cost:6.2f}      {name}"


def alone(mails: int) -> None:
    """The parsing by itself."""
    for row in parsing(list(generate.mails(mails))):
        note(row)


def explained(mails: int) -> None:
    """`explain --summary`, and beside it the bare parser on the same mails."""
    made = list(generate.mails(mails))
    bare, found = next(parsing(made)), summary(made)
    note(bare)
    ratio = float(str(found["cpu_ms_per_mail"])) / float(str(bare["cpu_ms_per_mail"]))
    note(found | {"times_the_bare_parser": round(ratio, 2)})


def waits(store: str, mails: int) -> None:
    """From delivery to the acknowledgement in the customer's box."""
    note({"measure": "latency", "store": store, **latency.measure(store, mails).row})


def everything() -> list[Figures]:
    """What `make bench` measures: the figures that docs/performance.md holds."""
    alone(SMALL)
    explained(SMALL)
    for store in STORES:
        waits(store, LETTERS)
    (small,) = daemon(Asked(mails=SMALL, store="sqlite"))
    found = {
        "acknowledgements alone, no letters to staff": Asked(mails=SMALL, store="sqlite", agents=0),
        "with 100,000 tickets there": Asked(mails=SMALL, store="sqlite", tickets=MANY_TICKETS),
        "of a backlog of 10,000": Asked(mails=LARGE, store="sqlite"),
        "on PostgreSQL": Asked(mails=SMALL, store="postgresql"),
    }
    figures = {what: daemon(asked)[0] for what, asked in found.items()}
    for what, one in figures.items():
        console.say(f"{one.mails_per_second / small.mails_per_second:5.2f} times the mails a second {what}")
    return [small, *figures.values()]


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser(prog="python -m bench.run", description="Measure the daemon.")
    asked.add_argument("--what", choices=WHAT, default="daemon", help="all: the whole set of docs/performance.md")
    asked.add_argument("--mails", type=int, default=SMALL, help=f"how many lie in the mailbox (default: {SMALL})")
    asked.add_argument("--store", choices=STORES, default="sqlite")
    asked.add_argument("--tickets", type=int, default=1_000, help="how many are there before (default: 1000)")
    asked.add_argument("--agents", type=int, default=1, help="staff who get a letter about each mail (default: 1)")
    asked.add_argument("--rounds", type=int, default=1)
    given = asked.parse_args(arguments)
    # Whoever ends us means the servers, too.
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit("Ended before it was done."))
    if (reason := lacking(given.store)) is not None:
        sys.exit(f"Nothing can be measured: {reason}. Type: make servers")
    wrong = [fault for figures in _measured(given) for fault in figures.came.faults]
    if wrong:
        console.warn("\n".join(wrong[:SHOWN]))
        sys.exit(f"{len(wrong)} things came out wrong.")


def _measured(given: argparse.Namespace) -> list[Figures]:
    """Figures whose counts can be right or wrong."""
    what = Asked(mails=given.mails, store=given.store, tickets=given.tickets, agents=given.agents)
    if given.what == "all":
        return everything()
    if given.what == "daemon":
        return daemon(what, count=given.rounds)
    if given.what == "profile":
        return profiled(replace(what, profile=True))
    if given.what == "latency":
        waits(given.store, given.mails)
    elif given.what == "explain":
        explained(given.mails)
    else:
        alone(given.mails)
    return []


if __name__ == "__main__":
    main()
