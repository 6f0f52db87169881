"""Writes a new site, with every key explained, and asks the few questions that matter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from helpdesk.cli._exits import FAILED


def command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where to write; made when it is not there.")],
    *,
    company: Annotated[str | None, typer.Option("--company", help="The company's name.")] = None,
    language: Annotated[str | None, typer.Option("--language", help="Its language: en, hu, pl, ru, bs.")] = None,
    timezone: Annotated[str | None, typer.Option("--timezone", help="Its time zone, such as Europe/Budapest.")] = None,
    address: Annotated[str | None, typer.Option("--address", help="The address that customers write to.")] = None,
    mail_host: Annotated[str | None, typer.Option("--mail-host", help="The mail server of that address.")] = None,
    staff_name: Annotated[str | None, typer.Option("--staff-name", help="The first staff member's name.")] = None,
    staff_address: Annotated[str | None, typer.Option("--staff-address", help="And e-mail address.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Ask nothing; what is not given is an example.")] = False,
) -> None:
    """Write helpdesk.toml and config/; files that are there already are never touched."""
    from helpdesk import console
    from helpdesk.cli import _site

    given = _site.Answers(
        company=company,
        language=language,
        timezone=timezone,
        address=address,
        mail_host=mail_host,
        staff_name=staff_name,
        staff_address=staff_address,
    )
    _site.refuse_existing(folder)
    answers = _site.complete(given, ask=not yes, examples=yes)
    asked = not yes and None in (company, language, timezone, address, mail_host, staff_name, staff_address)
    if not _site.confirmed(folder, answers, ask=asked):
        console.say("Nothing was written.")
        raise typer.Exit(FAILED)
    _site.write(folder, answers)
    _site.explain_next(folder, answers)
