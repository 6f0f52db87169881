"""How well mail is understood: `python -m bench.understanding [FOLDER]`, of our own corpus or of any folder of mails.

A folder holds .eml files and `expected.jsonl`: an object a line with ``file`` and what is known of that mail, or a
.toml beside each mail with the same keys (`KEYS`). What is said of a mail is what `helpdesk explain --json` says of it,
without a site. ``--misses`` shows each difference.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import time
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench import processes
from helpdesk import console
from helpdesk.explaining import Explainer
from helpdesk.inbox.files import Found

CORPUS = Path(__file__).resolve().parent.parent / "tests" / "corpus"
EXPECTED = "expected.jsonl"
PERSON, BOUNCE, REPLY, MACHINE = "person", "bounce", "auto_reply", "auto_generated"
BY_PEOPLE = ("ticket", "reply")  # kinds of `explain` that are answered
SLOW_MS = 10.0  # what an ordinary mail may take
SHOWN = 300  # characters of a difference

Shown = Mapping[str, Any]
Value = Any


def _words(value: str | None) -> str:
    """Text without the white space that nobody sees."""
    lines = [" ".join(line.split()) for line in (value or "").replace("\u200b", "").splitlines()]
    return "\n".join(line for line in lines if line)


def _line(value: str | None) -> str:
    return " ".join((value or "").split())


def _people(shown: Sequence[Mapping[str, str]]) -> list[str]:
    return sorted(person["address"].lower() for person in shown)


def _forwarded(shown: Shown) -> Mapping[str, Any]:
    return shown["forwarded"] or {}


def _author(shown: Shown, key: str) -> str:
    return _line((_forwarded(shown).get("from") or {}).get(key))


@dataclass(frozen=True, kw_only=True)
class Measure:
    """One question about a mail: what it says, read from `explain`, and how the expected value is to be compared."""

    key: str
    got: Callable[[Shown], Value]
    wanted: Callable[[Value], Value] = lambda value: value


MEASURES = {
    "subject": Measure(key="subject", got=lambda shown: _line(shown["subject"]), wanted=_line),
    "sender's address": Measure(
        key="from_address",
        got=lambda shown: (shown["from"] or {"address": ""})["address"].lower(),
        wanted=lambda value: (value or "").lower(),
    ),
    "sender's name": Measure(
        key="from_name", got=lambda shown: _line((shown["from"] or {"name": ""})["name"]), wanted=_line
    ),
    "To": Measure(key="to", got=lambda shown: _people(shown["to"]), wanted=lambda value: sorted(map(str.lower, value))),
    "Cc": Measure(key="cc", got=lambda shown: _people(shown["cc"]), wanted=lambda value: sorted(map(str.lower, value))),
    "attachments": Measure(
        key="attachments", got=lambda shown: sorted(each["name"] for each in shown["attachments"]), wanted=sorted
    ),
    "new words": Measure(key="text", got=lambda shown: _words(shown["text"]), wanted=_words),
    "language": Measure(key="language", got=lambda shown: shown["language"]),
    "bounced addresses": Measure(
        key="bounced",
        got=lambda shown: sorted({each["address"].lower() for each in shown["bounced"]}),
        wanted=lambda value: sorted({each.split()[0].lower() for each in value}),
    ),
    "permanent": Measure(key="permanent", got=lambda shown: any(each["permanent"] for each in shown["bounced"])),
    "forwarded: sender": Measure(
        key="forwarded_from", got=lambda shown: _author(shown, "address").lower(), wanted=lambda value: value.lower()
    ),
    "forwarded: name": Measure(key="forwarded_name", got=lambda shown: _author(shown, "name"), wanted=_line),
    "forwarded: date": Measure(key="forwarded_date", got=lambda shown: _forwarded(shown).get("date") or ""),
    "forwarded: subject": Measure(
        key="forwarded_subject", got=lambda shown: _line(_forwarded(shown).get("subject")), wanted=_line
    ),
    "forwarded: words": Measure(
        key="forwarded_text", got=lambda shown: _words(_forwarded(shown).get("text")), wanted=_words
    ),
    "forwarded: comment": Measure(
        key="forwarded_comment", got=lambda shown: _words(_forwarded(shown).get("comment")), wanted=_words
    ),
    "kind as expected": Measure(key="kind", got=lambda shown: _kind(shown["kind"])),
}
KEYS = ("file", "note", *(measure.key for measure in MEASURES.values()))


def _kind(kind: str) -> str:
    return PERSON if kind in BY_PEOPLE else MACHINE if kind == "list" else kind


@dataclass(frozen=True, kw_only=True)
class Example:
    """One mail and what is known of it."""

    name: str
    raw: bytes
    expected: Mapping[str, Value]


@dataclass(kw_only=True)
class Tally:
    """Right of so many, and the differences in words."""

    right: int = 0
    count: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, got: Value, wanted: Value) -> None:
        """Count one answer."""
        self.count += 1
        if got == wanted:
            self.right += 1
        else:
            self.misses.append(f"{name}\n    expected {str(wanted)[:SHOWN]!r}\n    got      {str(got)[:SHOWN]!r}")


class Unfit(Exception):
    """The folder cannot be measured; says why."""


def examples(folder: Path) -> list[Example]:
    """What is to be measured; raises Unfit with the file and what is wrong in it."""
    listed = folder / EXPECTED
    found = list(_listed(listed) if listed.is_file() else _beside(folder))
    if not found:
        problem = f"{folder} holds neither {EXPECTED} nor .eml files with a .toml beside each."
        raise Unfit(problem)
    for name, expected in found:
        if unknown := set(expected) - set(KEYS):
            problem = f"{name}: unknown key {sorted(unknown)[0]}; known are {', '.join(KEYS)}."
            raise Unfit(problem)
    return [Example(name=name, raw=(folder / name).read_bytes(), expected=expected) for name, expected in found]


def _listed(file: Path) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            expected = json.loads(line)
            name = expected["file"]
        except (ValueError, KeyError, TypeError) as wrong:
            problem = f"{file}, line {number}: every line must be a JSON object with the key file."
            raise Unfit(problem) from wrong
        if not (file.parent / name).is_file():
            problem = f"{file}, line {number}: there is no {name} beside it."
            raise Unfit(problem)
        yield name, expected


def _beside(folder: Path) -> Iterator[tuple[str, Mapping[str, Value]]]:
    for file in sorted(folder.glob("*.eml")):
        expected = tomllib.loads(file.with_suffix(".toml").read_text(encoding="utf-8"))
        yield file.name, {key: value for key, value in expected.items() if key in KEYS}


def measured(mails: Sequence[Example]) -> tuple[dict[str, Tally], list[float], int]:
    """The tallies by name, milliseconds a mail, and the highest memory of the parse process in bytes."""
    tallies = {name: Tally() for name in ("survived", *MEASURES, *MACHINES)}
    times: list[float] = []
    with Explainer(None, {}) as explainer:
        for mail in console.progress(mails):
            began = time.perf_counter()
            (explained,) = explainer.explain([Found(source=mail.name, raw=mail.raw)])
            times.append((time.perf_counter() - began) * 1000)
            shown = explained.as_json()
            tallies["survived"].add(mail.name, shown["error"], None)
            if shown["error"] is None:
                _compare(mail, shown, tallies)
        here, *workers = processes.tree(os.getpid())
    return tallies, times, max((worker.peak for worker in workers), default=here.peak)


def _compare(mail: Example, shown: Shown, tallies: Mapping[str, Tally]) -> None:
    for name, measure in MEASURES.items():
        if measure.key in mail.expected:
            tallies[name].add(mail.name, measure.got(shown), measure.wanted(mail.expected[measure.key]))
    for name, (expected, got) in MACHINES.items():
        if mail.expected.get("kind") in expected:
            tallies[name].add(mail.name, got(shown), True)


MACHINES: dict[str, tuple[tuple[str, ...], Callable[[Shown], bool]]] = {
    "bounces found": ((BOUNCE,), lambda shown: shown["kind"] == "bounce"),
    "automatic answers not answered": ((REPLY,), lambda shown: shown["outcome"] != "accept"),
    "automatic mail not answered": ((REPLY, MACHINE, BOUNCE), lambda shown: shown["outcome"] != "accept"),
    "people not taken for bounces": ((PERSON,), lambda shown: shown["kind"] != "bounce"),
    "people not taken for machines": ((PERSON,), lambda shown: shown["outcome"] != "mute"),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures; 0 when the folder could be measured."""
    parser = argparse.ArgumentParser(prog="python -m bench.understanding", description=__doc__.partition("\n")[0])
    parser.add_argument("folder", nargs="?", type=Path, default=CORPUS, help="default: our own corpus")
    parser.add_argument("--misses", action="store_true", help="show each difference")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
    asked = parser.parse_args(arguments)
    try:
        mails = examples(asked.folder)
    except (Unfit, OSError, tomllib.TOMLDecodeError) as unfit:
        console.fail(str(unfit))
        return 2
    tallies, times, memory = measured(mails)
    speed = {
        "mails": len(mails),
        "median_ms": round(statistics.median(times), 2),
        "slowest_ms": round(max(times), 1),
        "over_10_ms": sum(each > SLOW_MS for each in times),
        "peak_mb": round(memory / 1_000_000, 1),
    }
    counted = {name: tally for name, tally in tallies.items() if tally.count}
    if asked.json:
        found = {name: {"right": tally.right, "of": tally.count} for name, tally in counted.items()}
        console.json_out({**speed, "measures": found})
        return 0
    for name, tally in counted.items():
        console.say(f"{name:32} {tally.right:5} of {tally.count:5} {tally.right * 100 / tally.count:6.1f} %")
        for miss in tally.misses if asked.misses else ():
            console.say(f"  {miss}")
    console.say(", ".join(f"{name.replace('_', ' ')} {value}" for name, value in speed.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
