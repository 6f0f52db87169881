"""How the play is watched: a live board on a terminal, plain lines elsewhere."""

from __future__ import annotations

import shutil
import threading
import time
from collections import deque
from types import TracebackType
from typing import Self

from helpdesk import console
from helpdesk.console import Pane, Word
from helpdesk.demo import company
from helpdesk.demo.accounts import Passed
from helpdesk.demo.received import Received
from helpdesk.demo.scene import Result
from helpdesk.demo.stage import Stage
from helpdesk.store.browse import Row

REDRAW_SECONDS = 0.2  # often enough to look alive, seldom enough to leave the machine to the daemon
LINES_AROUND = 12  # of a terminal's height: borders, headings, the prompt
TICKETS_SHOWN = 6
MAILS_KEPT = 40
STATUS_STYLES = {"new": "cyan", "open": "yellow", "pending": "blue", "on_hold": "blue", "closed": "dim"}


class Lines:
    """One line a scene and a result; for pipes, logs and tests."""

    def passed(self, mail: Passed) -> None:
        """Mails going by are not told of."""

    def scene(self, title: str) -> None:
        """Its title."""
        console.say(title)

    def result(self, result: Result) -> None:
        """A tick or a cross."""
        console.say(f"  {'✓' if result.met else '✗'} {result.words}{_after(result)}")

    def look(self, stage: Stage) -> None:
        """Nothing to draw."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        pass


class Live(Lines):
    """The story so far, the tickets, and the mails going by."""

    def __init__(self) -> None:
        self._board = console.Board()
        self._scenes: list[tuple[str, list[Result]]] = []
        self._mails: deque[Passed] = deque(maxlen=MAILS_KEPT)
        self._lock = threading.Lock()
        self._drawn = 0.0

    def __enter__(self) -> Self:
        self._board.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._board.__exit__(kind, error, at)

    def passed(self, mail: Passed) -> None:
        """One more mail; comes from the server's thread."""
        with self._lock:
            self._mails.append(mail)

    def scene(self, title: str) -> None:
        """One more line of the story."""
        self._scenes.append((title, []))

    def result(self, result: Result) -> None:
        """One more line under the scene."""
        self._scenes[-1][1].append(result)
        self._drawn = 0.0

    def look(self, stage: Stage) -> None:
        """Draw anew, now and then."""
        if time.monotonic() - self._drawn < REDRAW_SECONDS:
            return
        tickets = stage.tickets()[:TICKETS_SHOWN]
        with self._lock:
            mails = list(self._mails)
        story = _story(self._scenes)
        left = shutil.get_terminal_size().lines - LINES_AROUND - len(story) - len(tickets)
        self._board.show((_pane(story), _tickets(tickets), _mails(mails[-max(3, left) :])))
        self._drawn = time.monotonic()


def _pane(rows: list[tuple[Word, ...]]) -> Pane:
    return Pane(title=f"{company.NAME} – the story", rows=rows)


def _story(scenes: list[tuple[str, list[Result]]]) -> list[tuple[Word, ...]]:
    """One row a scene; the one being played, and whatever is missing, in full."""
    rows: list[tuple[Word, ...]] = []
    for place, (title, results) in enumerate(scenes, 1):
        last = place == len(scenes)
        failed = any(not result.met for result in results)
        mark = Word("✗", "red") if failed else Word("▸", "yellow") if last else Word("✓", "green")
        rows.append((mark, Word(title, "bold" if last else "")))
        rows += [_line(result) for result in results if last or not result.met]
    return rows


def _line(result: Result) -> tuple[Word, ...]:
    mark = Word("  ✓", "green") if result.met else Word("  ✗", "red")
    return (Word("", ""), Word(f"{mark.text.strip()} {result.words}{_after(result)}", mark.style))


def _after(result: Result) -> str:
    if not result.met:
        return f" – {result.why}"
    return f"  ({result.seconds:.1f} s)" if result.seconds >= 0.1 else ""


def _tickets(tickets: list[Row]) -> Pane:
    rows = [
        (
            Word(f"HD-{row['number']}", "bold"),
            Word(row["status"].value, STATUS_STYLES[row["status"].value]),
            row["department"],
            row["owner"] or "–",
            row["contact_name"] or row["contact"],
            row["subject"],
        )
        for row in tickets
    ]
    return Pane(title="Tickets", columns=("ticket", "status", "department", "owner", "customer", "subject"), rows=rows)


def _mails(mails: list[Passed]) -> Pane:
    rows = []
    for mail in mails:
        read = Received.read(0, mail.raw)
        machine = read.field("Auto-Submitted").partition(" ")[0] not in ("", "no")
        rows.append(
            (
                Word(f"{mail.at.astimezone():%H:%M:%S}", "dim"),
                read.sender_name or read.sender or "–",
                Word("→", "dim" if mail.account else "red"),
                who(mail),
                Word(read.subject, "dim" if machine else ""),
            )
        )
    return Pane(title="Mail", columns=("", "from", "", "to", "subject"), rows=rows)


def who(mail: Passed) -> str:
    """The recipient by name, or the address that nobody has."""
    known = {person.address: person.name for person in (*company.STAFF.values(), *company.CUSTOMERS.values())}
    known |= {department.address: department.name for department in company.DEPARTMENTS}
    return known.get(mail.account or "", mail.recipient)
