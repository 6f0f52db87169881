"""The whole evening: opens the stage, plays the story, says what came, and stays open for whoever wants more."""

from __future__ import annotations

import shlex
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from helpdesk import console
from helpdesk.demo import company
from helpdesk.demo.accounts import Passed
from helpdesk.demo.play import play
from helpdesk.demo.received import Received
from helpdesk.demo.scene import Result
from helpdesk.demo.server import HOST
from helpdesk.demo.stage import Stage, opened_stage
from helpdesk.demo.view import Lines, Live, who

STAY_SECONDS = 0.3  # between two looks whether the daemon is still well


@dataclass(kw_only=True)
class _Watcher:
    """Hands the mails going by to whoever watches at the moment."""

    tell: Callable[[Passed], None]

    def __call__(self, mail: Passed) -> None:
        self.tell(mail)


def run(folder: Path, *, once: bool, pause: float, imap_port: int = 0, smtp_port: int = 0) -> bool:
    """Play in an empty folder; True when everything expected came. Without ``once`` it stays until Ctrl-C."""
    audience = Live() if console.is_terminal() else Lines()
    watcher = _Watcher(tell=audience.passed)
    began = time.monotonic()
    with opened_stage(folder, imap_port=imap_port, smtp_port=smtp_port, watch=watcher) as stage:
        with audience:
            results = play(stage, audience, pause=pause)
        _tell(results, time.monotonic() - began)
        if not once:
            watcher.tell = _told
            _stay(stage, folder)
    return all(result.met for result in results)


def _tell(results: tuple[Result, ...], seconds: float) -> None:
    missing = [result for result in results if not result.met]
    came, took = len(results) - len(missing), console.counted(round(seconds), "second")
    console.say()
    console.heading(f"{came} of {len(results)} things came as expected, in {took}.")
    for result in missing:
        console.say(f"  missing: {result.words} ({result.scene}): {result.why}")


def _invite(stage: Stage, folder: Path) -> None:
    server = stage.server
    console.say()
    console.heading("The mail server stays open until Ctrl-C. Connect any mail program to it:")
    console.say(f"  incoming   IMAP  {HOST}  port {server.imap_port}   no encryption, normal password")
    console.say(f"  outgoing   SMTP  {HOST}  port {server.smtp_port}   no encryption, normal password")
    console.say("  user name  the whole address")
    console.say()
    staff = {person.address: f"staff, {person.role}" for person in company.STAFF.values()}
    staff |= {department.address: "mailbox" for department in company.DEPARTMENTS}
    rows = [(a.name, staff.get(a.address, "customer"), a.address, a.password) for a in server.accounts.values()]
    console.table(("name", "is", "address", "password"), rows)
    console.say()
    console.say(
        f"Write as a customer to {company.DEPARTMENTS[0].address}, answer as a colleague, try #note and #close."
    )
    console.say("In another terminal:")
    console.command(f"{console.typed()} --site {shlex.quote(str(folder))} tickets list")
    console.say()


def _told(mail: Passed) -> None:
    read = Received.read(0, mail.raw)
    lost = "" if mail.account else "  (not delivered)"
    console.say(
        f"{mail.at.astimezone():%H:%M:%S}  {read.sender_name or read.sender} → {who(mail)}: {read.subject}{lost}"
    )


def _stay(stage: Stage, folder: Path) -> None:
    try:
        _invite(stage, folder)
        while True:
            stage.daemon.check()
            time.sleep(STAY_SECONDS)
    except KeyboardInterrupt:
        console.say("\nClosing.")
