"""`helpdesk take` keeps mails of files and of a mail server's pipe: safe, or tried again later."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from helpdesk.errors import ConfigError, UsageError
from helpdesk.store import queues
from helpdesk.store.session import Store
from helpdesk.store.tables import Incoming
from helpdesk.store.tables.base import table
from tests.builders import raw_mail
from tests.cli.conftest import Type
from tests.cli.shell import Shell, dialogue

INCOMING = table(Incoming)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What the ledger says of a mail."""

    mailbox: str
    source: str
    acknowledge: bool
    filed: bool
    received: datetime


def ledger(site: Path) -> list[Row]:
    """All of it, in order."""
    store = Store("sqlite:///helpdesk.db", site=site)
    columns = [INCOMING.c[name] for name in Row.__dataclass_fields__]
    with store.reading() as session:
        rows = session.connection().execute(sa.select(*columns).order_by(INCOMING.c.id)).mappings().all()
    store.close()
    return [Row(**row) for row in rows]


def claimed(site: Path) -> Sequence[bytes]:
    """What the intake would get."""
    store = Store("sqlite:///helpdesk.db", site=site)
    now = datetime.now(UTC)
    with store.writing() as session:
        mails = queues.claim(session, owner="test", now=now, limit=100, lease_seconds=60)
    store.close()
    return [mail.raw for mail in mails]


def typed(site: Path, *words: str, stdin: bytes) -> subprocess.CompletedProcess[bytes]:
    """A command as a mail server starts it."""
    command = [sys.executable, "-m", "helpdesk", "--site", str(site), *words]
    return subprocess.run(command, input=stdin, capture_output=True, check=False)


def test_files_wait_for_the_daemon_byte_for_byte(type_: Type, site: Path, tmp_path: Path) -> None:
    """Old mail: nobody gets an acknowledgement, and nothing is to be done on a server."""
    raws = [raw_mail(1), b"no mail \0 at all", b""]
    for number, raw in enumerate(raws):
        (tmp_path / f"{number}.eml").write_bytes(raw)
    result = type_("take", *(tmp_path / f"{number}.eml" for number in range(3)))
    assert (result.exit_code, result.stdout) == (0, "3 mails kept: 3 for support.\n")
    assert claimed(site) == raws
    assert {(row.acknowledge, row.filed) for row in ledger(site)} == {(False, True)}
    assert ledger(site)[0].source == str(tmp_path / "0.eml")


def test_a_mail_from_the_pipe_is_new(type_: Type, site: Path) -> None:
    """It is acknowledged, it came now, and a mail server has nothing to log."""
    result = type_("take", "-", stdin=raw_mail(1))
    [row] = ledger(site)
    assert (result.exit_code, result.output, claimed(site)) == (0, "", [raw_mail(1)])
    assert (row.source, row.acknowledge) == ("pipe", True)
    assert datetime.now(UTC) - row.received < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("options", "acknowledged"), [(["--acknowledge"], {True}), (["--no-acknowledge"], {False}), ([], {True, False})]
)
def test_who_gets_an_acknowledgement_can_be_said(
    type_: Type, site: Path, tmp_path: Path, options: list[str], acknowledged: set[bool]
) -> None:
    """Without a word it is the mail from the pipe."""
    (tmp_path / "a.eml").write_bytes(raw_mail(1))
    assert type_("take", *options, tmp_path / "a.eml", "-", stdin=raw_mail(2)).exit_code == 0
    assert {row.acknowledge for row in ledger(site)} == acknowledged


@pytest.mark.parametrize(
    ("fields", "mailbox"),
    [
        ("To: SALES@minta.example", "sales"),
        ("To: Sales <sales+x@minta.example>", "sales"),
        ("To: t.1042.abcdefghijklmnop@sales.minta.example", "sales"),
        ("To: list@kunde.example\r\nDelivered-To: sales@minta.example", "sales"),
        ("To: somebody@kunde.example", "support"),
        ("To: somebody@kunde.example\r\n\r\nTo: sales@minta.example", "support"),
        ("", "support"),
    ],
)
def test_a_mail_counts_for_the_mailbox_that_it_is_addressed_to(
    type_: Type, site: Path, fields: str, mailbox: str
) -> None:
    """Its address, a plus or reply address of it; otherwise the first mailbox."""
    raw = f"From: eva@kunde.example\r\n{fields}\r\n\r\nHello\r\n".encode()
    type_("take", "-", stdin=raw)
    assert [row.mailbox for row in ledger(site)] == [mailbox]


def test_the_mailbox_can_be_said(type_: Type, site: Path) -> None:
    """Whatever the mail says."""
    assert type_("take", "--mailbox", "sales", "-", stdin=raw_mail(1, to="support@minta.example")).exit_code == 0
    assert [row.mailbox for row in ledger(site)] == ["sales"]


def test_an_unknown_mailbox_is_told_with_those_that_there_are(type_: Type, site: Path, tmp_path: Path) -> None:
    """Nothing is taken."""
    (tmp_path / "a.eml").write_bytes(raw_mail(1))
    result = type_("take", "--mailbox", "slaes", tmp_path / "a.eml")
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == "There is no mailbox slaes; known are support, sales."
    assert ledger(site) == []


def test_json_has_one_line_a_mail_with_its_number(type_: Type, tmp_path: Path) -> None:
    """In the order given."""
    for name in "ab":
        (tmp_path / f"{name}.eml").write_bytes(raw_mail(1))
    result = type_("take", "--json", tmp_path / "b.eml", tmp_path / "a.eml")
    assert [json.loads(line) for line in result.stdout.splitlines()] == [
        {"file": f"{tmp_path}/b.eml", "mail": 1, "mailbox": "support"},
        {"file": f"{tmp_path}/a.eml", "mail": 2, "mailbox": "support"},
    ]


def test_the_time_of_delivery_of_an_mbox_counts_unless_it_is_still_to_come(
    type_: Type, site: Path, tmp_path: Path
) -> None:
    """A wrong clock would put a ticket into the future."""
    marks = (b"From a@b.example Mon Mar  2 09:00:00 2026\n", b"From a@b.example Sun Mar  2 09:00:00 2099\n")
    (tmp_path / "a.mbox").write_bytes(b"".join(mark + b"From: a@b.example\n\nHello\n\n" for mark in marks))
    assert type_("take", tmp_path / "a.mbox").exit_code == 0
    old, wrong = (row.received for row in ledger(site))
    assert old == datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    assert wrong <= datetime.now(UTC)


def test_what_could_be_read_is_kept_when_something_could_not(type_: Type, site: Path, tmp_path: Path) -> None:
    """The complaint comes after the count; not exit 0."""
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.eml").write_bytes(raw_mail(1))
    (tmp_path / "old" / "b.eml").symlink_to("gone")
    result = type_("take", tmp_path / "old")
    assert isinstance(result.exception, UsageError)
    assert "1 mail kept: 1 for support." in result.output
    assert len(ledger(site)) == 1


def test_files_without_a_mail_are_told(type_: Type, tmp_path: Path) -> None:
    """An empty mbox is no mistake."""
    (tmp_path / "a.mbox").touch()
    result = type_("take", tmp_path / "a.mbox")
    assert (result.exit_code, result.output) == (0, "There is no mail in these files.\n")


def test_names_that_are_no_letters_do_no_harm(type_: Type, site: Path, tmp_path: Path) -> None:
    """File names are bytes; the database wants letters."""
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/k\xe9p.eml")).write_bytes(raw_mail(1))
    assert type_("take", tmp_path / os.fsdecode(b"k\xe9p.eml")).exit_code == 0
    assert ledger(site)[0].source.endswith("k\\udce9p.eml")


@pytest.mark.parametrize(
    ("words", "broken"),
    [
        (["take", "-", "--mailbox", "slaes"], ""),
        (["take", "-", "--mialbox", "sales"], ""),
        (["take", "-", "gone.eml"], ""),
        (["take", "-"], "[company\n"),
        (["take", "-"], "[store]\nurl = 'sqlite:///gone/helpdesk.db'"),
        (["take", "-"], "[store]\nurl = 'postgresql://127.0.0.1:1/x'"),
        (["take", "-"], "[store]\nminimum_free_mb = 999999999"),
    ],
    ids=["mailbox", "option", "file", "syntax", "folder", "server", "space"],
)
def test_the_mail_server_tries_again_whatever_is_wrong(site: Path, words: list[str], broken: str) -> None:
    """Exit 75 and a sentence: with any other number it would send the mail back to the customer."""
    if broken:
        text = (site / "helpdesk.toml").read_text().replace("[store]\nminimum_free_mb = 1\n", broken)
        (site / "helpdesk.toml").write_text(text)
    result = typed(site, *words, stdin=raw_mail(1))
    assert (result.returncode, result.stdout) == (75, b"")
    assert result.stderr
    assert b"Traceback" not in result.stderr


def test_the_mail_server_tries_again_without_a_site(tmp_path: Path) -> None:
    """A wrong folder in its configuration."""
    assert typed(tmp_path / "gone", "take", "-", stdin=raw_mail(1)).returncode == 75


def test_a_file_that_cannot_be_kept_is_an_ordinary_error(type_: Type, tmp_path: Path) -> None:
    """75 is for mail servers only."""
    result = type_("take", tmp_path / "a.eml", at=tmp_path / "gone")
    assert isinstance(result.exception, ConfigError)


def old_mails(folder: Path, count: int) -> Path:
    """A folder with another one in it."""
    (folder / "2024").mkdir(parents=True)
    for number in range(count):
        (folder / ("2024" if number else "") / f"{number}.eml").write_bytes(raw_mail(number))
    return folder


def test_what_lies_there_is_told_beforehand(type_: Type, tmp_path: Path) -> None:
    """How many, where, and who will hear of it; on standard error, so that JSON stays alone."""
    folder = old_mails(tmp_path / "old", 3)
    (tmp_path / "a.mbox").write_bytes(b"From a@b.example Mon Mar  2 09:00:00 2026\nFrom: a@b.example\n\nHello\n\n" * 2)
    result = type_("take", folder, tmp_path / "a.mbox")
    first, *places = result.stderr.splitlines()
    assert first.startswith("5 mails found; staff are told of each new ticket, senders get no acknowledgement")
    assert places == [f"  {tmp_path}/a.mbox: 2", f"  {folder}: 1", f"  {folder}/2024: 2"]


@pytest.mark.parametrize(("count", "options", "taken"), [(21, [], 0), (21, ["--yes"], 21), (20, [], 20)])
def test_many_mails_are_not_taken_by_mistake(
    type_: Type, site: Path, tmp_path: Path, count: int, options: list[str], taken: int
) -> None:
    """Off a terminal nobody can be asked: it must be said."""
    result = type_("take", *options, old_mails(tmp_path / "old", count))
    assert (result.exit_code == 0) == bool(taken)
    if not taken:
        assert str(result.exception) == "21 mails are more than 20: look at the list, and give --yes to take them."
    assert (site / "helpdesk.db").exists() == bool(taken)
    assert len(ledger(site) if taken else []) == taken


@pytest.mark.parametrize(("answer", "taken"), [("y", 21), ("", 0)])
def test_a_person_is_asked(site: Path, tmp_path: Path, answer: str, taken: int) -> None:
    """An empty line is a no."""
    shell = Shell(site)
    code, seen = dialogue(shell.command("take", str(old_mails(tmp_path / "old", 21))), answer)
    assert ("Take them? (y/n) [n]: " in seen, code) == (True, 0 if taken else 1), seen
    assert len(ledger(site) if taken else []) == taken


def test_a_reader_that_has_seen_enough_does_not_stop_the_taking(site: Path, tmp_path: Path) -> None:
    """All are kept, however little of the list was wanted."""
    with subprocess.Popen(
        Shell(site).command("take", "--json", "--yes", str(old_mails(tmp_path / "old", 300))),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as taking:
        assert taking.stdout is not None and taking.stderr is not None
        taking.stdout.close()
        complaints = taking.stderr.read()
    assert b"Traceback" not in complaints
    assert len(ledger(site)) == 300


def test_a_pipe_without_a_site_is_told_once(tmp_path: Path) -> None:
    """In a sentence, without the name of a class."""
    complaint = typed(tmp_path / "gone", "take", "-", stdin=raw_mail(1)).stderr.decode()
    assert (len(complaint.splitlines()), "ConfigError" in complaint) == (1, False)


def test_an_empty_pipe_is_to_be_tried_again(site: Path) -> None:
    """A pipe that broke upstream brings nothing: the mail server must keep the mail."""
    result = typed(site, "take", "-", stdin=b"")
    assert (result.returncode, result.stdout) == (75, b"")


def test_a_closed_output_is_no_failure(site: Path) -> None:
    """The mail is kept; any other number would send it back to its author."""
    command = f"{sys.executable} -m helpdesk --site {site} take - >&-"
    done = subprocess.run(["sh", "-c", command], input=raw_mail(1), stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
