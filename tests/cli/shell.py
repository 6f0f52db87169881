"""Types commands as a person does, and gives what was printed and the exit code."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import select
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from helpdesk.app import App, opened
from helpdesk.cli import main
from helpdesk.intake import Intake
from helpdesk.store import queues
from helpdesk.store.queues import Fetched
from tests.builders import raw_mail
from tests.config import sites

HOSTILE = "\x1b[31m\x07red\x9b2J\u202eevil [bold]x[/bold] :smile: " + "very long " * 20
DIALOGUE_SECONDS = 30  # on a busy machine
PASSWORDS = {"HELPDESK_SMTP_PASSWORD": "one", "HELPDESK_IMAP_PASSWORD": "two"}


class Screen(io.TextIOWrapper):
    """A terminal of 80 columns, as it is to a program."""

    def isatty(self) -> bool:
        """A person looks at it."""
        return True


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What a command printed."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The one document on standard output."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Shell:
    """A shell in front of a site; what it prints goes into a pipe, or with ``terminal`` onto a screen."""

    site: Path

    def __call__(self, *words: str, environ: Mapping[str, str] = PASSWORDS, terminal: bool = False) -> Answer:
        """Type a command at this site; in this process, as starting one takes longer than most commands."""
        return typed("--site", str(self.site), *words, environ=environ, terminal=terminal)

    def command(self, *words: str) -> list[str]:
        """What starts it in a process of its own."""
        return [sys.executable, "-m", "helpdesk", "--site", str(self.site), *words]

    @contextmanager
    def opened(self) -> Iterator[App]:
        """The site as the daemon sees it."""
        with opened(self.site, {}) as app:
            yield app


def typed(*words: str, environ: Mapping[str, str] = PASSWORDS, terminal: bool = False, styles: bool = False) -> Answer:
    """What comes of all the words after the program's name; bold and dim are left out unless ``styles``."""
    kind = Screen if terminal else io.TextIOWrapper
    out, err = (kind(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
        patch.setattr(os, "environ", {**clean_environ(), "TERM": "dumb", **environ})
        patch.setattr(sys, "argv", ["helpdesk", *words])
        with pytest.raises(SystemExit) as ended:
            main()
    code = ended.value.code
    assert isinstance(code, int) or code is None
    shown = [_text(stream) if styles else _without_bold(_text(stream)) for stream in (out, err)]
    return Answer(code=code or 0, out=shown[0], err=shown[1])


def _without_bold(text: str) -> str:
    """Headings are bold on a screen, and remarks dim."""
    return re.sub("\x1b\\[[012]m", "", text)


def _text(stream: io.TextIOWrapper) -> str:
    stream.flush()
    buffer = stream.buffer
    assert isinstance(buffer, io.BytesIO)
    return buffer.getvalue().decode()


def clean_environ() -> dict[str, str]:
    """This process's, without what would configure a site."""
    return {name: value for name, value in os.environ.items() if not name.startswith("HELPDESK_")}


def written(folder: Path) -> Shell:
    """A shell in front of a small site that is in order."""
    main = sites.changed(sites.MAIN, "minimum_free_mb = 500", "minimum_free_mb = 1")
    return Shell(sites.write(folder, main=main))


def keep(app: App, count: int = 1, *, now: datetime | None = None) -> list[int]:
    """Put mails into the queue, as a watcher does."""
    now = now or datetime.now(UTC)
    mails = [
        Fetched(mailbox="support", raw=raw_mail(number), received=now, uidvalidity=1, uid=number)
        for number in range(1, count + 1)
    ]
    with app.store.writing() as session:
        return queues.keep(session, mails, now)


def handle(app: App) -> None:
    """Let the daemon's intake work on everything that waits."""
    intake = Intake(app, letters_ready=lambda: None)
    try:
        while intake.once():
            pass
    finally:
        intake.close()


def fits(text: str) -> bool:
    """Whether everything stands within 80 columns, and nothing moves the cursor."""
    safe = not any(sign in text for sign in "\x1b\x07\x9b\u202e")
    return safe and all(len(line) <= 80 for line in text.splitlines())


def dialogue(command: Sequence[str], *answers: str) -> tuple[int, str]:
    """Type answers at a terminal, each when a question stands there; exit code, and all that was to be seen."""
    ours, theirs = pty.openpty()
    environ = clean_environ() | {"TERM": "dumb", "LANG": "C.UTF-8", "TZ": "Europe/Budapest"}
    with subprocess.Popen(command, env=environ, stdin=theirs, stdout=theirs, stderr=theirs) as asked:
        os.close(theirs)
        seen = ""
        for answer in answers:
            seen += until(ours, ": ")
            os.write(ours, answer.encode() + b"\n")
        seen += until(ours, None)
        code = asked.wait(DIALOGUE_SECONDS)
    os.close(ours)
    return code, seen


def until(terminal: int, ending: str | None) -> str:
    """What is to be seen until it ends so, or (None) until nobody writes any more."""
    seen = b""
    while ending is None or not seen.decode(errors="ignore").endswith(ending):
        ready, _, _ = select.select([terminal], [], [], DIALOGUE_SECONDS)
        assert ready, seen
        try:
            new = os.read(terminal, 4096)
        except OSError:  # the other end is closed
            new = b""
        if not new:
            return seen.decode()
        seen += new
    return seen.decode()
