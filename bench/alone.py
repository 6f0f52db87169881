"""Parses the generated mails alone, beside the bare parser in the same run: on a busy machine only ratios count."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import mailparser

from bench.generate import Made
from helpdesk.mail.parse import parse


def parsing(made: Sequence[Made]) -> Iterator[dict[str, object]]:
    """A row of figures for mail-parser, and one for all that we want to know of a mail."""
    yield _row("mail-parser alone", made, lambda raw: mailparser.parse_from_bytes(raw).text_plain)
    yield _row("mail.parse", made, parse)


def _row(name: str, made: Sequence[Made], work: Callable[[bytes], object]) -> dict[str, object]:
    began, used = time.perf_counter(), time.process_time()
    for each in made:
        work(each.raw)
    seconds, cpu = time.perf_counter() - began, time.process_time() - used
    rate, each_ms = round(len(made) / seconds, 1), round(cpu * 1000 / len(made), 2)
    return {"measure": name, "mails": len(made), "mails_per_second": rate, "cpu_ms_per_mail": each_ms}
