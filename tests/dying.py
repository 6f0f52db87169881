"""Runs a piece of work again and again in processes that are killed, each one step later, and looks at what they left.

``python -m tests.dying MODULE ARGUMENTS``: the module has ``work(**arguments)`` and ``look(**arguments)``; every look
after a death is printed as JSON, at last the one after the work that nobody killed. A step is whatever changes
something: a statement of SQLite or PostgreSQL, a file that is opened, renamed, linked or removed.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

ROOT = Path(__file__).resolve().parent.parent
FILES = {"os.rename", "os.remove", "os.link", "open"}
LONGEST_SECONDS = 300


def left_behind(module: str, **arguments: Any) -> list[Any]:
    """What each killed process left, and at the end the one that was not killed."""
    command = [sys.executable, "-m", "tests.dying", module, json.dumps(arguments)]
    ended = subprocess.run(command, check=False, capture_output=True, text=True, cwd=ROOT, timeout=LONGEST_SECONDS)
    assert ended.returncode == 0, ended.stderr
    return [json.loads(line) for line in ended.stdout.splitlines()]


def main() -> None:
    """Kill at the first step, at the second, and so on."""
    module, arguments = importlib.import_module(sys.argv[1]), json.loads(sys.argv[2])
    every = arguments.pop("every", 1)
    number = 1
    while _killed_at(number, module.work, arguments):
        print(json.dumps(module.look(**arguments)), flush=True)
        number += every
    print(json.dumps(module.look(**arguments)), flush=True)


def _killed_at(number: int, work: Any, arguments: dict[str, Any]) -> bool:
    child = os.fork()
    if child == 0:
        _die_at(number)
        work(**arguments)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL:
        return True
    assert status == 0, f"step {number}: status {status}"
    return False


def _die_at(number: int) -> None:
    left = number

    def step(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def hook(name: str, arguments: tuple[Any, ...]) -> None:
        if name in FILES and not str(arguments[0]).endswith((".py", ".pyc")):
            step()

    def connect(*words: Any, **options: Any) -> sqlite3.Connection:
        made: sqlite3.Connection = opened(*words, **options)
        made.set_trace_callback(step)
        return made

    def remote(connection: Any, *_: Any) -> None:
        if connection.dialect.name != "sqlite":
            step()

    opened = sqlite3.connect
    for module in (sqlite3, sqlite3.dbapi2):
        vars(module)["connect"] = connect
    sys.addaudithook(hook)
    for moment in ("before_cursor_execute", "commit"):
        event.listen(Engine, moment, remote)


if __name__ == "__main__":
    main()
