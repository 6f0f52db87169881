"""Fills the shipped example of a site with what somebody answered."""

from __future__ import annotations

import json
import os
import re
import shlex
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

from helpdesk import console, plugins
from helpdesk.cli import _mistakes
from helpdesk.config import load
from helpdesk.config.lines import lines
from helpdesk.config.values import LANGUAGE
from helpdesk.errors import ConfigError, UsageError

MAIN, DEPARTMENTS, STAFF = "helpdesk.toml", "config/departments.toml", "config/staff.toml"
EXAMPLE = "anna"  # the key of the staff member in the shipped files


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What is known of the new site; None is still to be asked."""

    company: str | None = None
    language: str | None = None
    timezone: str | None = None
    address: str | None = None
    mail_host: str | None = None
    staff_name: str | None = None
    staff_address: str | None = None

    @property
    def staff_key(self) -> str:
        """The word that stands for the first staff member, from the address."""
        local = (self.staff_address or "").partition("@")[0].lower()
        return re.sub(r"[^a-z0-9_-]+", "-", local).strip("-") or EXAMPLE


class Question(NamedTuple):
    """A field of `Answers`, how it is asked, and the keys at which a wrong answer shows."""

    field: str
    words: str
    keys: tuple[str, ...]

    @property
    def option(self) -> str:
        """``--mail-host``."""
        return f"--{self.field.replace('_', '-')}"


QUESTIONS = (
    Question("company", "Name of the company, as customers read it", ("company.name",)),
    Question("language", "Its language (en, hu, pl, ru, bs)", ("company.language",)),
    Question("timezone", "Its time zone", ("company.timezone",)),
    Question("address", "Address that customers write to", ("mailboxes.support.address", "smtp.user")),
    Question("mail_host", "Mail server of that address", ("smtp.host",)),
    Question("staff_name", "Name of the first staff member", ("staff.*.name",)),
    Question("staff_address", "E-mail address of this person", ("staff.*.addresses",)),
)
EXAMPLES = Answers(
    company="Minta Kft.",
    language="hu",
    timezone="Europe/Budapest",
    address="support@minta.example",
    mail_host="mail.minta.example",
    staff_name="Kovács Anna",
    staff_address="anna@minta.example",
)


def refuse_existing(folder: Path) -> None:
    """UsageError when one of the files is there already."""
    for name in (MAIN, DEPARTMENTS, STAFF):
        if (folder / name).exists():
            message = f"{folder / name} is there already, and nothing was written; name another folder."
            raise UsageError(message)


def complete(given: Answers, *, ask: bool, examples: bool) -> Answers:
    """All answers: given ones are checked, others asked on a terminal or guessed. UsageError when one is missing."""
    answers, asks = given, ask and console.is_terminal()
    for question in QUESTIONS:
        if getattr(answers, question.field) is not None:
            if wrong := refused(question, answers):
                message = f"{question.option}: {wrong}"
                raise UsageError(message)
            continue
        guess = _guess(question.field, answers, examples=examples)
        if asks:
            answers = _asked(question, answers, guess)
        elif guess:
            answers = replace(answers, **{question.field: guess})
        else:
            message = f"{question.option} is missing; give it, or --yes to begin with examples."
            raise UsageError(message)
    return answers


def confirmed(folder: Path, answers: Answers, *, ask: bool) -> bool:
    """Whether to write: on a terminal the answers are shown together and asked for once."""
    if not (ask and console.is_terminal()):
        return True
    console.heading(f"\nThe site in {folder}")
    console.lines([(question.words, getattr(answers, question.field), "") for question in QUESTIONS])
    return console.decides("Write it?")


def _asked(question: Question, answers: Answers, guess: str) -> Answers:
    while True:
        answered = replace(answers, **{question.field: console.ask(question.words, guess)})
        wrong = refused(question, answered)
        if wrong is None:
            return answered
        console.warn(wrong[:1].upper() + wrong[1:])


def refused(question: Question, answers: Answers) -> str | None:
    """What is wrong with an answer, in a sentence: the site is made of it and of examples, and read."""
    languages = _languages()
    if (
        question.field == "language"
        and re.fullmatch(LANGUAGE, answers.language or "")
        and answers.language not in languages
    ):
        return " ".join(_mistakes.no_letters(answers.language or "", tuple(sorted(languages))))
    if question.field.endswith("address") and (wrong := _half_a_domain(getattr(answers, question.field))):
        return wrong
    filled = replace(EXAMPLES, **{q.field: value for q in QUESTIONS if (value := getattr(answers, q.field))})
    filled = replace(filled, **{question.field: getattr(answers, question.field)})
    with tempfile.TemporaryDirectory(prefix="helpdesk-init-") as folder:
        try:
            write(Path(folder), filled)
            load(Path(folder), {})
        except UnicodeEncodeError:
            return "it holds letters that cannot be written in UTF-8."
        except ConfigError as error:
            keys = [key.replace("*", filled.staff_key) for key in question.keys]
            found = [problem for problem in error.problems if problem.key in keys]
            return f"{found[0].message} {found[0].mend}" if found else None
    return None


def _half_a_domain(address: str) -> str | None:
    """What is typed too short, as nobody would hear of mail that cannot leave; ``check`` takes such names all the same.

    Inside a network they occur: who has one writes it into the file.
    """
    _, at, domain = address.rpartition("@")
    if not at or not domain or "." in domain or domain.lower() == "localhost":
        return None
    return (
        f'"{address}" has no dot behind the @; write the whole address, such as name@company.example. If mail inside'
        " your network goes to such a name, give another address here and change it in the file afterwards."
    )


def _guess(field: str, answers: Answers, *, examples: bool) -> str:
    """The answer that is offered; "" where only the person knows."""
    if field == "language":
        language = os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
        return language[:2] if language[:2] in _languages() else "en"
    if field == "timezone":
        return _timezone()
    if field == "mail_host" and answers.address:
        return f"mail.{answers.address.rpartition('@')[2]}"
    return getattr(EXAMPLES, field) if examples else ""


def _languages() -> frozenset[str]:
    return frozenset(path.name for path in plugins.data("templates").iterdir() if path.is_dir())


def _timezone() -> str:
    """The zone of this machine, else UTC."""
    zone = os.environ.get("TZ") or str(Path("/etc/localtime").resolve()).partition("/zoneinfo/")[2]
    return zone if re.fullmatch(r"[A-Za-z]+(/[A-Za-z_+-]+)+", zone) else "UTC"


def write(folder: Path, answers: Answers) -> None:
    """Write the three files; UsageError when the folder cannot be written. Existing files are never touched."""
    texts = {name: _filled(name, answers) for name in (MAIN, DEPARTMENTS, STAFF)}
    try:
        (folder / "config").mkdir(parents=True, exist_ok=True)
        for name, text in texts.items():
            with (folder / name).open("xb") as file:
                file.write(text.encode())
    except OSError as error:
        message = f"{error.filename} cannot be written: {error.strerror}. Name another folder."
        raise UsageError(message) from error


def _filled(name: str, answers: Answers) -> str:
    key = answers.staff_key
    values: Mapping[str, Mapping[str, object]] = {
        MAIN: {
            "company.name": answers.company,
            "company.language": answers.language,
            "company.timezone": answers.timezone,
            "smtp.host": answers.mail_host,
            "smtp.user": answers.address,
            "mailboxes.support.address": answers.address,
            "mailboxes.support.imap.host": answers.mail_host,
            "mailboxes.support.imap.user": answers.address,
        },
        DEPARTMENTS: {"departments.support.members": [key]},
        STAFF: {
            f"staff.{key}.name": answers.staff_name,
            f"staff.{key}.addresses": [answers.staff_address],
        },
    }
    shipped = plugins.data(name.partition("/")[0])
    path = shipped / name.partition("/")[2] if "/" in name else shipped
    text = path.read_text(encoding="utf-8").replace(f"[staff.{EXAMPLE}]", f"[staff.{key}]")
    return fill(text, values[name])


def fill(text: str, values: Mapping[str, object]) -> str:
    """A TOML text with other values at some keys; comments stay where they are."""
    found, rows = lines(text), text.split("\n")
    for key, value in values.items():
        number = found[key] - 1
        before, _, old = rows[number].partition("=")
        comment = re.search(r"\s+#.*$", old)
        # JSON's way to write text and lists is TOML's way as well.
        row = f"{before}= {json.dumps(value, ensure_ascii=False)}"
        if comment:
            column = rows[number].index("#", len(before))
            row = f"{row}  ".ljust(column) + comment[0].lstrip()
        rows[number] = row
    return "\n".join(rows)


def explain_next(folder: Path, answers: Answers) -> None:
    """Say what was written and the commands to type now."""
    here = shlex.quote(str(folder))
    console.say(f"Written: {folder / MAIN}, {folder / DEPARTMENTS}, {folder / STAFF}.")
    console.say(
        f"The passwords of {answers.address} never stand in them; set HELPDESK_IMAP_PASSWORD and HELPDESK_SMTP_PASSWORD"
        " in the environment, or name files with password_file. Then type:"
    )
    for command in COMMANDS:
        console.command(f"{console.typed()} --site {here} {command}")


COMMANDS = ("check", "doctor", "run")
