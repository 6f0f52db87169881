"""Logs in everywhere, sends a probe out and back, and says for each thing what is wrong and the exact repair."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from helpdesk.cli import Context
from helpdesk.cli._advice import typeable
from helpdesk.cli._exits import FAILED

if TYPE_CHECKING:
    from helpdesk.doctor import Check

WAIT_SECONDS = 60  # most mail is back within seconds; greylisting and virus checks take longer

FAILS = "a check found something wrong (a note is none)"


def command(
    *,
    probe: Annotated[
        bool, typer.Option("--probe/--no-probe", help="Send a letter to every mailbox, and remove it again.")
    ] = True,
    wait: Annotated[
        float, typer.Option("--wait", min=1, max=3600, metavar="SECONDS", help="Patience with the probe.")
    ] = WAIT_SECONDS,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Print a line for each check; exit 1 when something is wrong."""
    from helpdesk import console

    checks = _checks(with_probe=probe, wait_seconds=wait)
    done = list(checks) if json else _printed(checks)
    if json:
        console.json_out({"ok": not any(check.wrong for check in done), "checks": [_jsonable(each) for each in done]})
    if any(check.wrong for check in done):
        raise typer.Exit(FAILED)


def _checks(*, with_probe: bool, wait_seconds: float) -> Iterator[Check]:
    from helpdesk import doctor
    from helpdesk.app import utc_now
    from helpdesk.config import load
    from helpdesk.doctor import findings
    from helpdesk.errors import ConfigError

    try:
        config = load(Context.site, os.environ)
    except ConfigError as error:
        for problem in error.problems:
            yield findings.check("configuration", partial(findings.mistake, problem))
        return
    yield from doctor.examine(config, with_probe=with_probe, wait_seconds=wait_seconds, now=utc_now)


def _printed(checks: Iterable[Check]) -> list[Check]:
    """Each as soon as it is known: some take long."""
    from helpdesk import console

    done = []
    for check in checks:
        finding = check.finding
        console.item(f"{finding.state.value:<8}{check.seconds:6.2f} s  ", f"{check.what}: {typeable(finding.said)}")
        if finding.mend:
            console.item(f"{'':18}→ ", typeable(finding.mend))
        done.append(check)
    wrong = sum(check.wrong for check in done)
    console.heading(
        f"{wrong} of {console.counted(len(done), 'check')} found something wrong." if wrong else "All is well."
    )
    return done


def _jsonable(check: Check) -> dict[str, object]:
    return {
        "check": check.what,
        "state": check.finding.state.value,
        "said": check.finding.said,
        "mend": check.finding.mend or None,
        "seconds": round(check.seconds, 3),
    }
