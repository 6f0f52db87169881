"""The log: one line an event, for people on a terminal, as JSON elsewhere."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from collections.abc import Mapping
from typing import Any, TextIO

from helpdesk.console.safe import as_json, plain

LOG = logging.getLogger("helpdesk")


def event(word: str, **fields: object) -> None:
    """One log line: an event word and its fields; ids and verdicts, never bodies."""
    LOG.info(word, extra={"fields": fields})


def problem(word: str, **fields: object) -> None:
    """A log line about something that is not as it should be."""
    LOG.warning(word, extra={"fields": fields})


def setup_log(*, human: bool | None = None, stream: TextIO | None = None) -> None:
    """Log to standard error: one line an event, for people on a terminal, as JSON elsewhere; others' warnings too."""
    target = stream or sys.stderr
    handler = _Handler(target)
    handler.setFormatter(_Human() if (target.isatty() if human is None else human) else _Json())
    root = logging.getLogger()
    for logger in (LOG, root):
        logger.handlers[:] = [each for each in logger.handlers if not isinstance(each, _Handler)]
        logger.addHandler(handler)
    LOG.setLevel(logging.INFO)
    LOG.propagate = False
    root.setLevel(logging.WARNING)
    # Of a connection that is lost it tells what it ignores, with values in it; we tell of the loss ourselves.
    logging.getLogger("psycopg").setLevel(logging.ERROR)


class _Handler(logging.StreamHandler[TextIO]):
    """Ours, so that setting up twice does not print twice."""


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {"time": moment, "level": record.levelname.lower(), "event": record.getMessage()}
        # The fields cannot say another time, level or event.
        line = {**line, **_fields(record), **line}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return as_json(line)


class _Human(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        moment = dt.datetime.fromtimestamp(record.created).astimezone()
        level = "" if record.levelno <= logging.INFO else f"{record.levelname} "
        words = " ".join(f"{key}={_quoted(value)}" for key, value in _fields(record).items())
        text = f"{moment:%H:%M:%S} {level}{_one_line(record.getMessage())} {words}".rstrip()
        if not record.exc_info:
            return text
        # Indented, so that words of a mail in an error cannot pass for a log line.
        trace = (f"    {plain(line)}" for line in self.formatException(record.exc_info).splitlines())
        return "\n".join((text, *trace))


def _fields(record: logging.LogRecord) -> Mapping[str, Any]:
    return {key: value for key, value in getattr(record, "fields", {}).items() if value is not None}


def _quoted(value: object) -> str:
    text = _one_line(value)
    return json.dumps(text, ensure_ascii=False) if re.search(r"[\s\"=]", text) else text


def _one_line(value: object) -> str:
    return plain(value).replace("\n", "\\n")
