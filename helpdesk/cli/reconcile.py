"""Compares the mailboxes on their servers with the ledger, mail by mail, and mends what can be mended."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from helpdesk.cli import _counts, existing
from helpdesk.cli._advice import typeable
from helpdesk.cli._exits import FAILED

if TYPE_CHECKING:
    from helpdesk.app import App
    from helpdesk.inbox.reconciler import Report

SHOWN = (
    "mailbox",
    "account",
    "arrived",
    "accounted",
    "on_the_way",
    "new",
    "missing",
    "in_folder",
    "kept",
    "before_start",
)

FAILS = "a mailbox could not be compared, or something stays that differs"


def command(
    *,
    mailbox: Annotated[str | None, typer.Option("--mailbox", metavar="NAME", help="Only this one.")] = None,
    move: Annotated[
        bool, typer.Option("--move", help="Let mails that are kept but lie in the folder all the same be moved again.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="One JSON document.")] = False,
) -> None:
    """Fetch what was passed over, say what differs and why; exit 1 when anything stays."""
    from helpdesk import console

    with existing() as app:
        names = _names(app, mailbox)
        # All of them before anything is said: what is printed would run into the bar.
        reports = list(console.progress(_reports(app, names, move=move), total=len(names), what="mailboxes"))
    done = [_jsonable(name, report) for name, report in reports]
    for name, report in reports if not json else ():
        _print(name, report)
    failed = any(each["error"] or each["staying"] for each in done)
    if json:
        console.json_out({"ok": not failed, "mailboxes": done})
    if failed:
        raise typer.Exit(FAILED)


def _names(app: App, mailbox: str | None) -> list[str]:
    from helpdesk.errors import UsageError

    known = list(app.config.mailboxes)
    if mailbox is None:
        return known
    if mailbox not in known:
        message = f"There is no mailbox {mailbox}; known are {', '.join(known)}."
        raise UsageError(message)
    return [mailbox]


def _reports(app: App, names: list[str], *, move: bool) -> Iterator[tuple[str, Report | str]]:
    """Each mailbox with its report, or why there is none: one that is dead keeps no other from being compared."""
    from helpdesk.errors import ConfigError, MailboxError, StoreBusy
    from helpdesk.inbox.reconciler import Reconciler

    for name in names:
        reconciler = Reconciler(name=name, config=app.config, store=app.store, now=app.now, process=app.process)
        try:
            yield name, reconciler.run(move=move)
        except (MailboxError, ConfigError, StoreBusy) as error:
            yield name, str(error)


def _print(name: str, report: Report | str) -> None:
    from helpdesk import console

    console.heading(name)
    if isinstance(report, str):
        console.say(f"  not compared: {typeable(report)}")
        return
    missing = {"on the way": report.on_the_way, "still to be fetched": report.new, "passed over": report.missing}
    console.say(f"  {_counts.accounted(report.arrived, report.accounted, missing)}")
    endings = ", ".join(f"{count} {outcome}" for outcome, count in report.endings.items())
    if endings:
        console.say(f"  {endings}")
    here = f"of these {report.kept} are kept, and {report.before_start} came before the start"
    console.say(f"  In the folder now: {report.in_folder}; {here}.")
    for finding in report.findings:
        console.say(f"  {'mended' if finding.mended else 'STAYS'}: {typeable(str(finding))}")


def _jsonable(name: str, report: Report | str) -> dict[str, Any]:
    """The same keys also where there is no report, so that whoever reads it need not look first."""
    if isinstance(report, str):
        nothing = dict.fromkeys(SHOWN)
        return {"error": report, **nothing, "mailbox": name, "endings": {}, "staying": [], "mended": []}
    return {
        "error": None,
        **{name: getattr(report, name) for name in SHOWN},
        "endings": {outcome.value: count for outcome, count in report.endings.items()},
        "staying": [finding.as_json() for finding in report.staying],
        "mended": [finding.as_json() for finding in report.findings if finding.mended],
    }
